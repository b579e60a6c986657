import type { ColumnDefinition, RequiredLevel, TableDefinition } from '../../entities/index.ts'
import { labelOf, managed } from './label.ts'
import { metadataId } from './metadata-id.ts'
import { booleanOptionSetOf, type MetadataObject, optionSetOf } from './option-set.ts'
import { schemaNameOf } from './schema-name.ts'

/** What a column is called in the schema: its metadata class, its code, and its type's name where that is another. */
interface AttributeKind {
  readonly metadata: string
  readonly code: string
  readonly typeName: string
}

const kind = (metadata: string, code: string, typeName = `${code}Type`): AttributeKind => ({ metadata, code, typeName })
const kinds: Readonly<Record<ColumnDefinition['type'], AttributeKind>> = {
  text: kind('String', 'String'),
  autonumber: kind('String', 'String'),
  memo: kind('Memo', 'Memo'),
  integer: kind('Integer', 'Integer'),
  bigint: kind('BigInt', 'BigInt'),
  decimal: kind('Decimal', 'Decimal'),
  float: kind('Double', 'Double'),
  money: kind('Money', 'Money'),
  boolean: kind('Boolean', 'Boolean'),
  choice: kind('Picklist', 'Picklist'),
  multiChoice: kind('MultiSelectPicklist', 'Virtual', 'MultiSelectPicklistType'),
  state: kind('State', 'State'),
  status: kind('Status', 'Status'),
  dateTime: kind('DateTime', 'DateTime'),
  dateOnly: kind('DateTime', 'DateTime'),
  lookup: kind('Lookup', 'Lookup'),
  primaryKey: kind('UniqueIdentifier', 'Uniqueidentifier'),
  uniqueIdentifier: kind('UniqueIdentifier', 'Uniqueidentifier'),
  file: kind('File', 'Virtual', 'FileType'),
  image: kind('Image', 'Virtual', 'ImageType'),
}

const levels: Readonly<Record<RequiredLevel, string>> = {
  none: 'None',
  recommended: 'Recommended',
  application: 'ApplicationRequired',
  system: 'SystemRequired',
}

/** The name of the metadata class of a column, such as `PicklistAttributeMetadata`. */
function attributeClassOf({ type }: ColumnDefinition): string {
  return `${kinds[type].metadata}AttributeMetadata`
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/attributemetadata */
export function attributeMetadataOf(table: TableDefinition, name: string): MetadataObject {
  const definition = table.columns[name]!
  const { code, typeName } = kindOf(name, definition)
  const isPrimaryId = name === table.primaryKey
  return {
    '@odata.type': `#Microsoft.Dynamics.CRM.${attributeClassOf(definition)}`,
    MetadataId: metadataId('attribute', `${table.logicalName}.${name}`),
    HasChanged: null,
    LogicalName: name,
    SchemaName: schemaNameOf(name),
    EntityLogicalName: table.logicalName,
    AttributeOf: null,
    AttributeType: code,
    AttributeTypeName: { Value: typeName },
    ColumnNumber: Object.keys(table.columns).indexOf(name) + 1,
    DisplayName: labelOf(definition.label),
    Description: labelOf(definition.description),
    RequiredLevel: managed('canmodifyrequirementlevelsettings', levels[isPrimaryId ? 'system' : definition.required]),
    IsCustomAttribute: !definition.standard,
    IsManaged: false,
    IsLogical: false,
    IsPrimaryId: isPrimaryId,
    IsPrimaryName: name === table.primaryName,
    IsValidForCreate: isPrimaryId || !definition.readOnly,
    IsValidForRead: true,
    IsValidForUpdate: !isPrimaryId && !definition.readOnly,
    IsValidForGrid: true,
    IsValidForForm: true,
    IsValidODataAttribute: true,
    IsFilterable: true,
    IsSearchable: false,
    IsRetrievable: true,
    IsSecured: definition.secured ?? false,
    CanBeSecuredForCreate: !isPrimaryId,
    CanBeSecuredForRead: !isPrimaryId,
    CanBeSecuredForUpdate: !isPrimaryId,
    IsCustomizable: managed('iscustomizable', true),
    IsRenameable: managed('isrenameable', true),
    IsAuditEnabled: managed('canmodifyauditsettings', false),
    IsValidForAdvancedFind: managed('canmodifysearchsettings', true),
    SourceType: definition.rollup ? 2 : definition.calculation ? 1 : 0,
    ...detailsOf(table, name, definition),
  }
}

/** An owner, and a customer, are lookups with a name of their own. */
function kindOf(name: string, definition: ColumnDefinition): AttributeKind {
  if (definition.type !== 'lookup') return kinds[definition.type]
  if (name === 'ownerid') return kind('Lookup', 'Owner')
  const { targets } = definition
  const isCustomer = targets.length === 2 && targets.includes('account') && targets.includes('contact')
  return isCustomer ? kind('Lookup', 'Customer') : kinds.lookup
}

const formats: Readonly<Record<string, string>> = {
  text: 'Text',
  email: 'Email',
  url: 'Url',
  phone: 'Phone',
  textArea: 'TextArea',
  json: 'Json',
}

/** What only columns of this type have. */
function detailsOf(table: TableDefinition, name: string, definition: ColumnDefinition): MetadataObject {
  const optionSetName = `${table.logicalName}_${name}`
  switch (definition.type) {
    case 'text':
    case 'memo': {
      const format = formats[definition.format]!
      return {
        MaxLength: definition.maxLength,
        Format: format,
        FormatName: { Value: format },
        ImeMode: 'Auto',
        IsLocalizable: false,
        AutoNumberFormat: definition.type === 'text' ? '' : null,
      }
    }
    case 'autonumber':
      return {
        MaxLength: definition.maxLength,
        Format: 'Text',
        FormatName: { Value: 'Text' },
        ImeMode: 'Auto',
        IsLocalizable: false,
        AutoNumberFormat: definition.format,
      }
    case 'integer':
      return { MinValue: definition.min, MaxValue: definition.max, Format: 'None' }
    case 'bigint':
      return { MinValue: definition.min, MaxValue: definition.max }
    case 'decimal':
    case 'float':
      return { MinValue: definition.min, MaxValue: definition.max, Precision: definition.precision, ImeMode: 'Auto' }
    case 'money':
      return {
        MinValue: definition.min,
        MaxValue: definition.max,
        Precision: definition.precision,
        PrecisionSource: 2,
        ImeMode: 'Auto',
        IsBaseCurrency: name.endsWith('_base'),
        CalculationOf: name.endsWith('_base') ? name.slice(0, -'_base'.length) : null,
      }
    case 'boolean':
      return { DefaultValue: definition.default, OptionSet: booleanOptionSetOf(optionSetName, definition) }
    case 'choice':
    case 'multiChoice':
    case 'state':
    case 'status':
      return {
        DefaultFormValue: definition.default ?? -1,
        OptionSet: optionSetOf(optionSetName, definition, table.states),
        GlobalOptionSet: null,
      }
    case 'dateTime':
    case 'dateOnly': {
      const behaviors = { userLocal: 'UserLocal', timeZoneIndependent: 'TimeZoneIndependent', dateOnly: 'DateOnly' }
      return {
        Format: definition.type === 'dateOnly' ? 'DateOnly' : 'DateAndTime',
        DateTimeBehavior: { Value: behaviors[definition.behavior] },
        CanChangeDateTimeBehavior: managed('canchangedatetimebehavior', false),
        ImeMode: 'Inactive',
      }
    }
    case 'lookup':
      return { Targets: [...definition.targets], Format: 'None' }
    case 'file':
      return { MaxSizeInKB: definition.maxSizeInKb }
    case 'image':
      return {
        MaxSizeInKB: definition.maxSizeInKb,
        MaxHeight: 144,
        MaxWidth: 144,
        IsPrimaryImage: name === 'entityimage',
        CanStoreFullImage: false,
      }
    default:
      return {}
  }
}
