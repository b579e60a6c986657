import type { XmlElement } from '../../internal/xml.ts'
import type { Options } from '../column.ts'
import type { GlobalOptionSet } from '../metadata-store.ts'
import { ImportError, type ImportedTables } from './imported-tables.ts'
import { tableFromEntity } from './tables-from-entity-definitions.ts'
import { parseDocument } from './xml.ts'

const kinds: Readonly<Record<string, string>> = {
  nvarchar: 'String',
  ntext: 'Memo',
  int: 'Integer',
  bigint: 'BigInt',
  decimal: 'Decimal',
  float: 'Double',
  money: 'Money',
  bit: 'Boolean',
  picklist: 'Picklist',
  multiselectpicklist: 'MultiSelectPicklist',
  datetime: 'DateTime',
  lookup: 'Lookup',
  owner: 'Owner',
  customer: 'Customer',
  uniqueidentifier: 'UniqueIdentifier',
  primarykey: 'UniqueIdentifier',
  state: 'State',
  status: 'Status',
  file: 'File',
  image: 'Image',
}
const levels: Readonly<Record<string, string>> = {
  required: 'ApplicationRequired',
  applicationrequired: 'ApplicationRequired',
  systemrequired: 'SystemRequired',
  recommended: 'Recommended',
}
const behaviors: Readonly<Record<string, string>> = { '1': 'UserLocal', '2': 'DateOnly', '3': 'TimeZoneIndependent' }

/**
 * The tables of a solution, from its `customizations.xml`. A table that the solution only extends has the columns that it
 * brings, beside those of the platform.
 *
 * Throws an {@link ImportError} that names the table and the column when the file is none, or contradicts itself.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/when-edit-customizations-file
 * @example const { tables } = await tablesFromCustomizations(await readFile('customizations.xml', 'utf8'))
 */
export async function tablesFromCustomizations(xml: string): Promise<ImportedTables> {
  const root = await parseDocument(xml, 'ImportExportXml', 'A customizations file')
  const optionSets = (root.first('optionsets')?.all('optionset') ?? []).map(globalOptionSetOf)
  const relationships = root.first('EntityRelationships')?.all('EntityRelationship') ?? []
  const skipped: string[] = []
  const entities = root.first('Entities')?.all('Entity') ?? []
  const tables = entities
    .filter((entity) => entity.at('EntityInfo', 'entity') !== undefined)
    .map((entity) => tableFromEntity(entityOf(entity, relationships), optionSets, skipped))
  return { tables, skipped }
}

/** The element as the `EntityMetadata` that it would have. */
function entityOf(entity: XmlElement, relationships: readonly XmlElement[]): Record<string, unknown> {
  const info = entity.at('EntityInfo', 'entity')!
  const name = (info.attribute('Name') ?? entity.text('Name') ?? '').toLowerCase()
  if (name === '') throw new ImportError('A table', 'it has no name.')
  const attributes = (info.first('attributes')?.all('attribute') ?? []).map((one) => attributeOf(name, one))
  const primaryKey = attributes.find((one) => one.type === 'primarykey')?.json.LogicalName
  const display = labelIn(info, 'LocalizedNames', 'LocalizedName') ?? entity.first('Name')?.attribute('LocalizedName')
  return {
    LogicalName: name,
    DisplayName: labelOf(display),
    Description: labelOf(labelIn(info, 'Descriptions', 'Description')),
    EntitySetName: info.text('EntitySetName'),
    ...(primaryKey === undefined ? {} : { PrimaryIdAttribute: primaryKey }),
    PrimaryNameAttribute: attributes.find((one) => one.isPrimaryName)?.json.LogicalName ?? firstText(attributes),
    OwnershipType: ownershipOf(info),
    ChangeTrackingEnabled: info.text('ChangeTrackingEnabled') === '1',
    Attributes: attributes.map(({ json }) => json),
    Keys: (info.first('EntityKeys')?.all('EntityKey') ?? []).map(keyOf),
    ManyToOneRelationships: relationships.flatMap((one) => manyToOneOf(name, one)),
    ManyToManyRelationships: relationships.flatMap((one) => manyToManyOf(name, one)),
  }
}

interface Attribute {
  readonly type: string
  readonly isPrimaryName: boolean
  readonly json: Record<string, unknown>
}

function attributeOf(table: string, attribute: XmlElement): Attribute {
  const name = (
    attribute.text('LogicalName') ??
    attribute.text('Name') ??
    attribute.attribute('PhysicalName') ??
    ''
  ).toLowerCase()
  const type = attribute.text('Type') ?? ''
  const number = (child: string) => (attribute.text(child) === undefined ? undefined : Number(attribute.text(child)))
  const mask = attribute.text('DisplayMask') ?? ''
  const settable = (child: string) => attribute.text(child) !== '0'
  return {
    type,
    isPrimaryName: mask.split('|').includes('PrimaryName'),
    json: {
      LogicalName: name,
      AttributeType: kinds[type] ?? type,
      IsPrimaryId: type === 'primarykey',
      DisplayName: labelOf(labelIn(attribute, 'displaynames', 'displayname')),
      Description: labelOf(labelIn(attribute, 'Descriptions', 'Description')),
      RequiredLevel: { Value: levels[attribute.text('RequiredLevel') ?? ''] ?? 'None' },
      IsValidForCreate: settable('ValidForCreateApi'),
      IsValidForUpdate: settable('ValidForUpdateApi'),
      IsCustomAttribute: attribute.text('IsCustomField') === '1',
      MaxLength: number('MaxLength') ?? number('Length'),
      Format: formatOf(attribute.text('Format')),
      AutoNumberFormat: attribute.text('AutoNumberFormat'),
      MinValue: number('MinValue'),
      MaxValue: number('MaxValue'),
      Precision: number('Accuracy'),
      MaxSizeInKB: number('MaxSizeInKB'),
      DefaultFormValue: number('AppDefaultValue'),
      DefaultValue: type === 'bit' ? attribute.text('AppDefaultValue') === '1' : number('AppDefaultValue'),
      DateTimeBehavior: {
        Value:
          behaviors[attribute.text('Behavior') ?? ''] ??
          (attribute.text('Format') === 'date' ? 'DateOnly' : 'UserLocal'),
      },
      Targets: (attribute.first('LookupTypes')?.all('LookupType') ?? []).map((one) => one.content.toLowerCase()),
      ...optionSetOf(`${table}.${name}`, type, attribute),
    },
  }
}

/** A choice of the column's own, one that is shared, or the two labels of a yes or no. */
function optionSetOf(place: string, type: string, attribute: XmlElement): Record<string, unknown> {
  const own = attribute.first('optionset')
  const shared = attribute.text('OptionSetName')
  if (!own) return shared === undefined ? {} : { OptionSet: { Name: shared } }
  const options = (
    own.at('options')?.all('option') ??
    own.at('states')?.all('state') ??
    own.at('statuses')?.all('status') ??
    []
  ).map((option) => ({
    Value: Number(option.attribute('value')),
    Label: labelOf(labelIn(option, 'labels', 'label')),
    State: Number(option.attribute('state')),
  }))
  if (options.some(({ Value }) => Number.isNaN(Value)))
    throw new ImportError(`The column '${place}'`, 'an option has no value.')
  if (type !== 'bit') return { OptionSet: { Options: options } }
  return {
    OptionSet: {
      TrueOption: options.find(({ Value }) => Value === 1),
      FalseOption: options.find(({ Value }) => Value === 0),
    },
  }
}

function globalOptionSetOf(set: XmlElement): GlobalOptionSet {
  const options: Record<string, number> = {}
  for (const option of set.first('options')?.all('option') ?? []) {
    options[labelIn(option, 'labels', 'label') ?? String(option.attribute('value'))] = Number(option.attribute('value'))
  }
  const name = set.attribute('Name') ?? ''
  return { name, displayName: labelIn(set, 'displaynames', 'displayname') ?? name, options: options as Options }
}

function keyOf(key: XmlElement): Record<string, unknown> {
  const columns = key.first('EntityKeyAttributes')?.all('AttributeName') ?? []
  return {
    SchemaName: key.attribute('Name') ?? key.text('LogicalName'),
    KeyAttributes: columns.map((one) => one.content.toLowerCase()),
  }
}

function manyToOneOf(table: string, relationship: XmlElement): Record<string, unknown>[] {
  if (relationship.text('EntityRelationshipType') !== 'OneToMany') return []
  if (relationship.text('ReferencingEntityName')?.toLowerCase() !== table) return []
  const cascade = (name: string) => relationship.text(`Cascade${name}`)
  return [
    {
      SchemaName: relationship.attribute('Name'),
      ReferencingAttribute: relationship.text('ReferencingAttributeName')?.toLowerCase(),
      ReferencedEntity: relationship.text('ReferencedEntityName')?.toLowerCase(),
      CascadeConfiguration: Object.fromEntries(
        ['Assign', 'Delete', 'Merge', 'Reparent', 'Share', 'Unshare'].map((name) => [name, cascade(name)]),
      ),
    },
  ]
}

function manyToManyOf(table: string, relationship: XmlElement): Record<string, unknown>[] {
  if (relationship.text('EntityRelationshipType') !== 'ManyToMany') return []
  if (relationship.text('FirstEntityName')?.toLowerCase() !== table) return []
  return [
    {
      SchemaName: relationship.attribute('Name'),
      Entity1LogicalName: table,
      Entity2LogicalName: relationship.text('SecondEntityName')?.toLowerCase(),
      IntersectEntityName: relationship.text('IntersectEntityName')?.toLowerCase(),
    },
  ]
}

function ownershipOf(info: XmlElement): string {
  const mask = info.text('OwnershipTypeMask') ?? 'UserOwned'
  return mask === 'UserOwned' ? 'UserOwned' : mask === 'OrgOwned' ? 'OrganizationOwned' : 'None'
}

function firstText(attributes: readonly Attribute[]): unknown {
  return attributes.find(({ type }) => type === 'nvarchar')?.json.LogicalName
}

function formatOf(format: string | undefined): string | undefined {
  const known: Readonly<Record<string, string>> = {
    text: 'Text',
    email: 'Email',
    url: 'Url',
    phone: 'Phone',
    textarea: 'TextArea',
    json: 'Json',
    date: 'DateOnly',
  }
  return format === undefined ? undefined : known[format.toLowerCase()]
}

function labelIn(element: XmlElement, list: string, item: string): string | undefined {
  return element.first(list)?.first(item)?.attribute('description')
}

function labelOf(text: string | undefined): object | undefined {
  return text === undefined ? undefined : { LocalizedLabels: [{ Label: text }] }
}
