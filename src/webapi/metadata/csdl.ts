import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { edmTypeOf } from '../../query/index.ts'
import type { Operation, OperationValue } from '../../service/operation.ts'
import { type Collection, type EntityType, type Model, type Navigation, propertyOf } from '../model.ts'
import { isPrincipal } from '../principal.ts'

const valueTypes: Readonly<Partial<Record<OperationValue['type'], string>>> = {
  Boolean: 'Edm.Boolean',
  Bytes: 'Edm.Binary',
  DateTime: 'Edm.DateTimeOffset',
  Decimal: 'Edm.Decimal',
  Money: 'Edm.Decimal',
  Float: 'Edm.Double',
  Integer: 'Edm.Int32',
  Picklist: 'Edm.Int32',
  String: 'Edm.String',
  StringArray: 'Collection(Edm.String)',
  Guid: 'Edm.Guid',
}

/**
 * The service's metadata document.
 *
 * @param annotated also the annotations that say what an entity set can do
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents#csdl-metadata-document
 */
export function printCsdl(model: Model, operations: ReadonlyMap<string, Operation>, annotated: boolean): string {
  const types = [...model.sets.values()]
  const calls = [...operations.values()]
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    ...(annotated
      ? [
          '<edmx:Reference Uri="http://vocabularies.odata.org/OData.Community.Keys.V1.xml"><edmx:Include Namespace="OData.Community.Keys.V1" Alias="Keys" /></edmx:Reference>',
          '<edmx:Reference Uri="http://docs.oasis-open.org/odata/odata/v4.0/os/vocabularies/Org.OData.Capabilities.V1.xml"><edmx:Include Namespace="Org.OData.Capabilities.V1" Alias="Capabilities" /></edmx:Reference>',
        ]
      : []),
    '<edmx:DataServices>',
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '<EntityType Name="crmbaseentity" Abstract="true" />',
    '<EntityType Name="principal" BaseType="mscrm.crmbaseentity" Abstract="true">',
    '<Key><PropertyRef Name="ownerid" /></Key><Property Name="ownerid" Type="Edm.Guid" Nullable="false" />',
    '</EntityType>',
    ...types.map((type) => entityType(type, model)),
    ...complexTypes(calls),
    ...calls.map((operation) => callable(operation, model)),
    '<EntityContainer Name="System">',
    ...types.map((type) => entitySet(type, model, annotated)),
    ...calls.flatMap(imported),
    '</EntityContainer>',
    '</Schema>',
    '</edmx:DataServices>',
    '</edmx:Edmx>',
  ].join('\n')
}

function entityType({ table, navigations, collections }: EntityType, model: Model): string {
  const inheritsKey = isPrincipal(table)
  const lines = [
    `<EntityType Name="${table.logicalName}" BaseType="mscrm.${inheritsKey ? 'principal' : 'crmbaseentity'}">`,
    inheritsKey ? '' : `<Key><PropertyRef Name="${table.primaryKey}" /></Key>`,
    ...Object.entries(table.columns).map(([name, definition]) => property(table, name, definition)),
    ...[...navigations.values()].map((navigation) => toOne(navigation, model)),
    ...[...collections.values()].map((collection) => toMany(table, collection, model)),
    ...Object.entries(table.keys).map(([name, columns]) => alternateKey(table, name, columns)),
    '</EntityType>',
  ]
  return lines.filter((line) => line !== '').join('\n')
}

function property(table: TableDefinition, name: string, definition: ColumnDefinition): string {
  const type = edmTypeOf(definition)
  const nullable = name === table.primaryKey ? ' Nullable="false"' : ''
  const isText = type === 'Edm.String' && 'maxLength' in definition
  const length = isText
    ? ` MaxLength="${definition.maxLength}" Unicode="true"`
    : type === 'Edm.String'
      ? ' Unicode="true"'
      : ''
  const scale = definition.type === 'money' || definition.type === 'decimal' ? ' Scale="Variable"' : ''
  return `<Property Name="${propertyOf(table, name)}" Type="${type}"${nullable}${length}${scale} />`
}

/** A lookup to several tables has one property for each; an owner one for both of its tables. */
function toOne({ name, column, targets, relationship }: Navigation, model: Model): string {
  const [target, ...others] = targets
  const constraint = (key: string) =>
    `<ReferentialConstraint Property="_${column}_value" ReferencedProperty="${key}" />`
  if (target === undefined) return ''
  const table = model.find(target)?.table
  if (others.length > 0) {
    return `<NavigationProperty Name="${name}" Type="mscrm.principal" Nullable="true">${constraint('ownerid')}</NavigationProperty>`
  }
  if (!table) return `<NavigationProperty Name="${name}" Type="mscrm.crmbaseentity" Nullable="true" />`
  return `<NavigationProperty Name="${name}" Type="mscrm.${target}" Nullable="true" Partner="${relationship}">${constraint(table.primaryKey)}</NavigationProperty>`
}

function toMany(table: TableDefinition, collection: Collection, model: Model): string {
  const { name, target } = collection
  const other = model.find(target)
  if (!other) return ''
  const lookups = [...other.navigations.values()]
  const partner =
    collection.kind === 'manyToMany'
      ? name
      : lookups.find(({ column, targets }) => column === collection.column && targets.includes(table.logicalName))?.name
  const attribute = partner === undefined ? '' : ` Partner="${partner}"`
  return `<NavigationProperty Name="${name}" Type="Collection(mscrm.${target})"${attribute} />`
}

function alternateKey(table: TableDefinition, name: string, columns: readonly string[]): string {
  const parts = columns.map(
    (column) =>
      `<Record><PropertyValue Property="Alias" String="${column}" /><PropertyValue Property="Name" PropertyPath="${propertyOf(table, column)}" /></Record>`,
  )
  return `<Annotation Term="OData.Community.Keys.V1.AlternateKeys" Qualifier="${name}"><Collection><Record Type="OData.Community.Keys.V1.AlternateKey"><PropertyValue Property="Key"><Collection>${parts.join('')}</Collection></PropertyValue></Record></Collection></Annotation>`
}

function entitySet({ table, navigations, collections }: EntityType, model: Model, annotated: boolean): string {
  const bind = (path: string, target: string) => {
    const set = model.find(target)?.table.collectionName
    return set === undefined ? '' : `<NavigationPropertyBinding Path="${path}" Target="${set}" />`
  }
  const bindings = [
    ...[...navigations.values()].map(({ name, targets }) => (targets.length === 1 ? bind(name, targets[0]!) : '')),
    ...[...collections.values()].map(({ name, target }) => bind(name, target)),
  ]
  const tracking = annotated
    ? `<Annotation Term="Org.OData.Capabilities.V1.ChangeTracking"><Record><PropertyValue Property="Supported" Bool="${table.changeTracking}" /></Record></Annotation>`
    : ''
  return `<EntitySet Name="${table.collectionName}" EntityType="Microsoft.Dynamics.CRM.${table.logicalName}">${bindings.join('')}${tracking}</EntitySet>`
}

/** The types of answers, and those that parameters are made of. */
function complexTypes(operations: readonly Operation[]): string[] {
  const lines = new Map<string, string>()
  const add = (name: string, values: Readonly<Record<string, OperationValue>>) => {
    const properties = Object.entries(values).map(
      ([part, value]) => `<Property Name="${part}" Type="${typeOf(value)}" />`,
    )
    if (!lines.has(name)) lines.set(name, `<ComplexType Name="${name}">${properties.join('')}</ComplexType>`)
  }
  const visit = (value: OperationValue) => {
    if (value.type === 'Dictionary') {
      add(value.edmType!, {
        Count: { type: 'Integer' },
        IsReadOnly: { type: 'Boolean' },
        Keys: { type: 'StringArray' },
      })
    }
    if (value.type === 'Enum') lines.set(value.edmType!, `<EnumType Name="${value.edmType}" />`)
    if (value.type === 'Complex') add(value.edmType!, value.parts ?? {})
    for (const part of Object.values(value.parts ?? {})) visit(part)
  }
  for (const { name, parameters, result } of operations) {
    for (const value of Object.values({ ...parameters, ...result })) visit(value)
    if (result) add(`${name}Response`, result)
  }
  return [...lines.values()]
}

function typeOf(value: OperationValue): string {
  const known = valueTypes[value.type]
  if (known !== undefined) return known
  const entity = `mscrm.${value.tables?.length === 1 ? value.tables[0] : 'crmbaseentity'}`
  switch (value.type) {
    case 'Entity':
    case 'EntityReference':
    case 'RowId':
      return entity
    case 'EntityCollection':
    case 'EntityReferenceCollection':
      return `Collection(${entity})`
    case 'Any':
    case 'QueryCollection':
      return value.edmType ?? 'Edm.String'
    default:
      return `mscrm.${value.edmType ?? 'crmbaseentity'}`
  }
}

/** A bound operation takes what it is called on as its first parameter; one for any table is there once for each. */
function callable({ name, kind, bound, parameters, result }: Operation, model: Model): string {
  const element = kind === 'function' ? 'Function' : 'Action'
  const given = Object.entries(parameters).map(
    ([parameter, value]) =>
      `<Parameter Name="${parameter}" Type="${typeOf(value)}"${value.optional ? ' Nullable="true"' : ' Nullable="false"'} />`,
  )
  const answer = result === undefined ? '' : `<ReturnType Type="mscrm.${name}Response" Nullable="false" />`
  if (!bound) return `<${element} Name="${name}">${given.join('')}${answer}</${element}>`
  const tables = bound.tables ?? [...model.sets.values()].map(({ table }) => table.logicalName)
  return tables
    .map((table) => {
      const type = bound.to === 'collection' ? `Collection(mscrm.${table})` : `mscrm.${table}`
      const first = `<Parameter Name="entity" Type="${type}" Nullable="false" />`
      return `<${element} Name="${name}" IsBound="true">${first}${given.join('')}${answer}</${element}>`
    })
    .join('\n')
}

function imported({ name, kind, bound }: Operation): string[] {
  if (bound) return []
  return kind === 'function'
    ? [`<FunctionImport Name="${name}" Function="mscrm.${name}" />`]
    : [`<ActionImport Name="${name}" Action="mscrm.${name}" />`]
}
