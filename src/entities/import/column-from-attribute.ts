import { type ColumnDefinition, column, type Options, type TextFormat } from '../column.ts'
import type { GlobalOptionSet } from '../metadata-store.ts'
import { ImportError } from './imported-tables.ts'

type Json = Readonly<Record<string, unknown>>

const levels = {
  None: 'none',
  Recommended: 'recommended',
  ApplicationRequired: 'application',
  SystemRequired: 'system',
} as const
const formats: Readonly<Record<string, TextFormat>> = {
  Text: 'text',
  Email: 'email',
  Url: 'url',
  Phone: 'phone',
  TextArea: 'textArea',
  Json: 'json',
}

/** A column, and what it is called. */
export interface ImportedColumn {
  readonly name: string
  readonly definition: ColumnDefinition
}

/**
 * The column that an `AttributeMetadata` describes; `undefined` for kinds that there are not here, such as managed
 * properties.
 *
 * @param optionSets the choices to which the attribute may refer by name
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/attributemetadata
 */
export function columnFromAttribute(
  attribute: Json,
  optionSets: readonly GlobalOptionSet[] = [],
): ImportedColumn | undefined {
  const name = nameOf(attribute)
  const definition = definitionOf(name, attribute, optionSets)
  return definition && { name, definition }
}

export function nameOf({ LogicalName, SchemaName }: Json): string {
  const name = LogicalName ?? SchemaName
  if (typeof name === 'string' && name !== '') return name.toLowerCase()
  throw new ImportError('A column', "it has neither a 'LogicalName' nor a 'SchemaName'.")
}

function definitionOf(
  name: string,
  attribute: Json,
  optionSets: readonly GlobalOptionSet[],
): ColumnDefinition | undefined {
  const common = commonOf(name, attribute)
  const numbers = {
    ...optional('min', numberIn(attribute, 'MinValue')),
    ...optional('max', numberIn(attribute, 'MaxValue')),
  }
  const precision = optional('precision', numberIn(attribute, 'Precision'))
  switch (kindOf(attribute)) {
    case 'String': {
      const { AutoNumberFormat } = attribute
      if (typeof AutoNumberFormat === 'string' && AutoNumberFormat !== '') {
        return column.autonumber({ ...common, format: AutoNumberFormat })
      }
      return column.text({ ...common, ...textOf(attribute, 4000) })
    }
    case 'EntityName':
      return column.text({ ...common, maxLength: 64 })
    case 'Memo':
      return column.memo({ ...common, ...textOf(attribute, 1_048_576) })
    case 'Integer':
      return column.integer({ ...common, ...numbers, ...optional('default', numberIn(attribute, 'DefaultValue')) })
    case 'BigInt':
      return column.bigint(common)
    case 'Decimal':
      return column.decimal({ ...common, ...numbers, ...precision })
    case 'Double':
      return column.float({ ...common, ...numbers, ...precision })
    case 'Money':
      return column.money({ ...common, ...numbers, ...precision })
    case 'Boolean':
      return booleanColumn(common, attribute)
    case 'Picklist':
      return column.choice({
        ...common,
        options: optionsOf(name, attribute, optionSets),
        ...optional('default', defaultOf(attribute)),
      })
    case 'MultiSelectPicklist':
      return column.multiChoice({ ...common, options: optionsOf(name, attribute, optionSets) })
    case 'DateTime':
      return dateColumn(common, attribute)
    case 'Lookup':
    case 'Customer':
    case 'Owner': {
      const targets = Array.isArray(attribute.Targets) ? attribute.Targets.map(String) : []
      return column.lookup({
        ...common,
        to: kindOf(attribute) === 'Customer' && targets.length === 0 ? ['account', 'contact'] : targets,
      })
    }
    case 'UniqueIdentifier':
      return column.uniqueIdentifier(common)
    case 'File':
      return column.file({ ...common, ...optional('maxSizeInKb', numberIn(attribute, 'MaxSizeInKB')) })
    case 'Image':
      return column.image({ ...common, ...optional('maxSizeInKb', numberIn(attribute, 'MaxSizeInKB')) })
    default:
      return undefined
  }
}

/** The kind of a column, by its class or, where that is not said, by its type. */
export function kindOf({ '@odata.type': type, AttributeTypeName: typeName, AttributeType: code }: Json): string {
  const named =
    typeof type === 'string' ? /^#?Microsoft\.Dynamics\.CRM\.(\w+)AttributeMetadata$/.exec(type)?.[1] : undefined
  if (named) return named
  const value = typeof typeName === 'object' && typeName !== null && 'Value' in typeName ? typeName.Value : undefined
  const kind = typeof value === 'string' ? value.replace(/Type$/, '') : String(code ?? '')
  return kind === 'Uniqueidentifier' ? 'UniqueIdentifier' : kind
}

function commonOf(name: string, attribute: Json) {
  const { RequiredLevel: level, Description, IsValidForCreate, IsValidForUpdate, IsCustomAttribute } = attribute
  const value = typeof level === 'object' && level !== null && 'Value' in level ? String(level.Value) : 'None'
  const required = Object.hasOwn(levels, value) ? levels[value as keyof typeof levels] : 'none'
  return {
    label: labelText(attribute.DisplayName) ?? name,
    ...optional('description', labelText(Description)),
    required,
    readOnly: IsValidForCreate === false && IsValidForUpdate === false,
    standard: IsCustomAttribute === false,
  }
}

/** The text of a label, in the user's language or the first that there is. */
export function labelText(label: unknown): string | undefined {
  if (typeof label !== 'object' || label === null) return undefined
  const { UserLocalizedLabel: own, LocalizedLabels: all } = label as Json
  for (const candidate of [own, ...(Array.isArray(all) ? all : [])]) {
    const text =
      typeof candidate === 'object' && candidate !== null && 'Label' in candidate ? candidate.Label : undefined
    if (typeof text === 'string' && text !== '') return text
  }
  return undefined
}

function textOf({ MaxLength, FormatName, Format }: Json, limit: number) {
  const named =
    typeof FormatName === 'object' && FormatName !== null && 'Value' in FormatName ? FormatName.Value : Format
  const format = typeof named === 'string' && Object.hasOwn(formats, named) ? formats[named] : undefined
  const length = typeof MaxLength === 'number' && MaxLength >= 1 ? Math.min(MaxLength, limit) : undefined
  return { ...optional('maxLength', length), ...optional('format', format) }
}

function booleanColumn(common: ReturnType<typeof commonOf>, { OptionSet, DefaultValue }: Json): ColumnDefinition {
  const { TrueOption, FalseOption } = asObject(OptionSet)
  return column.boolean({
    ...common,
    default: DefaultValue === true,
    ...optional('trueLabel', labelText(asObject(TrueOption).Label)),
    ...optional('falseLabel', labelText(asObject(FalseOption).Label)),
  })
}

function dateColumn(common: ReturnType<typeof commonOf>, { DateTimeBehavior, Format }: Json): ColumnDefinition {
  const behavior = asObject(DateTimeBehavior).Value
  if (behavior === 'DateOnly' || (behavior === undefined && Format === 'DateOnly')) return column.dateOnly(common)
  return column.dateTime({
    ...common,
    behavior: behavior === 'TimeZoneIndependent' ? 'timeZoneIndependent' : 'userLocal',
  })
}

function optionsOf(name: string, attribute: Json, optionSets: readonly GlobalOptionSet[]): Options {
  const own = asObject(attribute.OptionSet)
  const global = asObject(attribute.GlobalOptionSet)
  const shared = [own.Name, global.Name, nameInBinding(attribute)].find((one) => typeof one === 'string')
  if (Array.isArray(own.Options)) return optionsIn(own.Options)
  if (Array.isArray(global.Options)) return optionsIn(global.Options)
  const found = optionSets.find((set) => set.name === shared)
  if (found) return found.options
  if (shared === undefined) return {}
  throw new ImportError(`The column '${name}'`, `there is no choice called '${String(shared)}'.`)
}

/** `GlobalOptionSet@odata.bind` refers to a choice by its name. */
function nameInBinding({ 'GlobalOptionSet@odata.bind': url }: Json): string | undefined {
  return typeof url === 'string' ? /GlobalOptionSetDefinitions\(Name='([^']+)'\)/.exec(url)?.[1] : undefined
}

/** Options by their labels. Options without one, and those whose label another has, are called by their value too. */
export function optionsIn(options: readonly unknown[]): Options {
  const byLabel: Record<string, number> = {}
  for (const option of options) {
    const { Value, Label } = asObject(option)
    if (typeof Value !== 'number') continue
    const label = labelText(Label) ?? String(Value)
    byLabel[Object.hasOwn(byLabel, label) ? `${label} (${Value})` : label] = Value
  }
  return byLabel
}

function defaultOf({ DefaultFormValue }: Json): number | undefined {
  return typeof DefaultFormValue === 'number' && DefaultFormValue >= 0 ? DefaultFormValue : undefined
}

function numberIn(attribute: Json, name: string): number | undefined {
  const value = attribute[name]
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [P in K]?: V })
}
