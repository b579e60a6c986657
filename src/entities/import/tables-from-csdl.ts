import type { XmlElement } from '../../internal/xml.ts'
import type { TableDefinition } from '../define-table.ts'
import { ImportError, type ImportedTables } from './imported-tables.ts'
import { tableFromEntity } from './tables-from-entity-definitions.ts'
import { parseDocument } from './xml.ts'

/** How tables are read. */
export interface CsdlOptions {
  /** The logical names of the tables to read, of the thousands that a document has. Left out: all. */
  readonly only?: readonly string[]
}

/** The kinds of columns by their types. What is an integer may be a choice, which a metadata document does not tell. */
const kinds: Readonly<Record<string, string>> = {
  'Edm.String': 'String',
  'Edm.Int32': 'Integer',
  'Edm.Int64': 'BigInt',
  'Edm.Decimal': 'Decimal',
  'Edm.Double': 'Double',
  'Edm.Boolean': 'Boolean',
  'Edm.DateTimeOffset': 'DateTime',
  'Edm.Date': 'DateOnly',
  'Edm.Guid': 'UniqueIdentifier',
  'Edm.Binary': 'Image',
}

/**
 * Tables from a `$metadata` document. It names tables, columns, lookups, relationships and alternate keys, and neither
 * choices, states, required columns nor primary names: choices come as integers, tables with a state as active and
 * inactive, and the primary name is guessed from the columns' names.
 *
 * Throws an {@link ImportError} when the document is none, or contradicts itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/web-api-service-documents#csdl-metadata-document
 * @example const { tables } = await tablesFromCsdl(await readFile('metadata.xml', 'utf8'), { only: ['account'] })
 */
export async function tablesFromCsdl(xml: string, { only }: CsdlOptions = {}): Promise<ImportedTables> {
  const root = await parseDocument(xml, 'Edmx', 'A metadata document')
  const schemas = root.first('DataServices')?.all('Schema') ?? []
  const types = new Map(schemas.flatMap((schema) => schema.all('EntityType')).map((type) => [nameOf(type), type]))
  const sets = new Map(
    schemas
      .flatMap((schema) => schema.all('EntityContainer'))
      .flatMap((container) => container.all('EntitySet'))
      .map((set) => [bare(set.attribute('EntityType')), set.attribute('Name')]),
  )
  for (const name of only ?? []) {
    if (!types.has(name)) throw new ImportError('A metadata document', `it has no table '${name}'.`)
  }
  const skipped: string[] = []
  const tables: TableDefinition[] = []
  for (const [name, type] of types) {
    if (type.attribute('Abstract') === 'true' || (only && !only.includes(name))) continue
    // A type without a set is a base of others, such as that of users and teams.
    if (!sets.has(name)) continue
    tables.push(tableFromEntity(entityOf(name, lineOf(type, types), sets.get(name)), [], skipped))
  }
  return { tables, skipped }
}

/** A type and those that it is derived from, the farthest first. */
function lineOf(type: XmlElement, types: ReadonlyMap<string, XmlElement>): readonly XmlElement[] {
  const line = [type]
  for (
    let base = types.get(bare(type.attribute('BaseType')));
    base;
    base = types.get(bare(base.attribute('BaseType')))
  ) {
    if (line.includes(base)) throw new ImportError(`The type '${nameOf(type)}'`, 'it is derived from itself.')
    line.unshift(base)
  }
  return line
}

/** The type as the `EntityMetadata` that it would have. */
function entityOf(name: string, line: readonly XmlElement[], set: string | undefined): Record<string, unknown> {
  const properties = line.flatMap((type) => type.all('Property'))
  const navigations = line.flatMap((type) => type.all('NavigationProperty'))
  const names = properties.map(nameOf)
  const attributes = properties.flatMap((property) => attributeOf(property, navigations))
  const primaryKey = names.includes(`${name}id`) ? `${name}id` : keyOf(line)
  const texts = attributes.filter((one) => one.AttributeType === 'String').map((one) => String(one.LogicalName))
  const columns = attributes.map((one) => String(one.LogicalName))
  return {
    LogicalName: name,
    EntitySetName: set,
    PrimaryIdAttribute: primaryKey,
    PrimaryNameAttribute: primaryNameOf(name, texts) ?? primaryKey,
    OwnershipType:
      columns.includes('ownerid') && name !== 'systemuser' && name !== 'team'
        ? 'UserOwned'
        : columns.includes('organizationid')
          ? 'OrganizationOwned'
          : 'None',
    Attributes: [...attributes, { LogicalName: primaryKey, IsPrimaryId: true, AttributeType: 'UniqueIdentifier' }],
    Keys: line.flatMap(alternateKeysOf),
    ManyToOneRelationships: navigations.flatMap((navigation) => manyToOneOf(navigation)),
    ManyToManyRelationships: navigations.flatMap((navigation) => manyToManyOf(name, navigation)),
  }
}

function attributeOf(property: XmlElement, navigations: readonly XmlElement[]): Record<string, unknown>[] {
  const name = nameOf(property)
  const lookup = /^_(.+)_value$/.exec(name)?.[1]
  const label = property.all('Annotation').find((one) => one.attribute('Term') === 'Org.OData.Core.V1.Description')
  const common = { Description: { LocalizedLabels: [{ Label: label?.attribute('String') ?? '' }] } }
  if (lookup !== undefined) {
    const targets = navigations.filter((one) => lookupOf(one) === lookup).map((one) => bare(one.attribute('Type')))
    return [
      {
        ...common,
        LogicalName: lookup,
        AttributeType: 'Lookup',
        Targets: targets.filter((one) => one !== 'crmbaseentity' && one !== 'principal'),
      },
    ]
  }
  const kind = kinds[property.attribute('Type') ?? '']
  if (kind === undefined) return []
  const length = Number(property.attribute('MaxLength'))
  return [
    {
      ...common,
      LogicalName: name,
      AttributeType: kind === 'DateOnly' ? 'DateTime' : length > 4000 ? 'Memo' : kind,
      ...(kind === 'DateOnly' ? { DateTimeBehavior: { Value: 'DateOnly' } } : {}),
      ...(length > 0 ? { MaxLength: length } : {}),
    },
  ]
}

/** The lookup that a navigation property belongs to: its constraint says so, or else its name. */
function lookupOf(navigation: XmlElement): string | undefined {
  if (isCollection(navigation)) return undefined
  const constrained = navigation.first('ReferentialConstraint')?.attribute('Property')
  return constrained === undefined ? nameOf(navigation) : /^_(.+)_value$/.exec(constrained)?.[1]
}

function manyToOneOf(navigation: XmlElement): Record<string, unknown>[] {
  const [lookup, partner] = [lookupOf(navigation), navigation.attribute('Partner')]
  if (lookup === undefined || partner === undefined) return []
  return [
    {
      SchemaName: partner,
      ReferencingAttribute: lookup,
      ReferencedEntity: bare(navigation.attribute('Type')),
      CascadeConfiguration: {},
    },
  ]
}

/** Of an N:N relationship both sides are collections of the same name; it is declared on the first in the alphabet. */
function manyToManyOf(name: string, navigation: XmlElement): Record<string, unknown>[] {
  const target = bare(navigation.attribute('Type'))
  const own = nameOf(navigation)
  if (!isCollection(navigation) || navigation.attribute('Partner') !== own || name > target) return []
  return [{ SchemaName: own, Entity1LogicalName: name, Entity2LogicalName: target }]
}

function alternateKeysOf(type: XmlElement): Record<string, unknown>[] {
  return type
    .all('Annotation')
    .filter((one) => one.attribute('Term') === 'OData.Community.Keys.V1.AlternateKeys')
    .map((annotation) => {
      const parts = annotation.at('Collection', 'Record', 'PropertyValue', 'Collection')?.all('Record') ?? []
      const names = parts.map((part) => {
        const path = part.all('PropertyValue').find((one) => one.attribute('Property') === 'Name')
        return (path?.attribute('PropertyPath') ?? '').replace(/^_(.+)_value$/, '$1')
      })
      return { SchemaName: annotation.attribute('Qualifier') ?? names.join('_'), KeyAttributes: names }
    })
}

function keyOf(line: readonly XmlElement[]): string {
  const refs = line.flatMap((type) => type.first('Key')?.all('PropertyRef') ?? [])
  return refs.at(-1)?.attribute('Name') ?? `${nameOf(line.at(-1)!)}id`
}

/** A document does not say which column names a row: the usual names come first, then whatever text there is. */
function primaryNameOf(table: string, texts: readonly string[]): string | undefined {
  const prefix = /^([a-z0-9]+)_/.exec(table)?.[1]
  const usual = [
    'fullname',
    'name',
    'subject',
    'title',
    `${table}_name`,
    `${prefix}_name`,
    `${table}name`,
    `${prefix}_title`,
  ]
  return usual.find((name) => texts.includes(name)) ?? texts[0]
}

function isCollection(navigation: XmlElement): boolean {
  return navigation.attribute('Type')?.startsWith('Collection(') ?? false
}

function nameOf(element: XmlElement): string {
  return element.attribute('Name') ?? ''
}

/** The name of a type without its namespace, and without what makes a collection of it. */
function bare(type: string | undefined): string {
  return (type ?? '').replace(/^Collection\((.*)\)$/, '$1').replace(/^.*\./, '')
}
