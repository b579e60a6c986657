import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import { isDay, parseMoment } from '../internal/date-text.ts'
import { isGuid } from '../internal/ids.ts'
import {
  type ColumnValue,
  type DataverseError,
  dataverseError,
  type EntityReference,
  type OrganizationService,
  type Row,
  reference,
} from '../service/index.ts'
import type { EntityType, Model, Navigation } from './model.ts'
import { badRequest, notEmulated } from './refusals.ts'
import { parseRecord } from './resource.ts'

/** What decoding needs beside the payload: alternate keys in bindings are looked up. */
export interface DecodeContext {
  readonly model: Model
  readonly service: OrganizationService
  readonly basePath: string
}

const BIND = '@odata.bind'

/**
 * The row that a JSON object describes.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
 */
export async function decodeRow(
  type: EntityType,
  payload: Readonly<Record<string, unknown>>,
  context: DecodeContext,
): Promise<Row> {
  const row: Row = {}
  for (const [name, value] of Object.entries(payload)) {
    if (name.endsWith(BIND)) {
      const { column, targets } = navigationBound(type, name)
      refuseTwice(type, row, column)
      row[column] = value === null ? null : await bind(type, name, value, targets, context)
    } else if (name.includes('@')) {
      refuseStray(type, payload, name, value)
    } else {
      const [column, decoded] = decodeProperty(type, name, value)
      refuseTwice(type, row, column)
      row[column] = decoded
    }
  }
  return row
}

function navigationBound({ table, navigations, collections }: EntityType, name: string): Navigation {
  const property = name.slice(0, -BIND.length)
  const navigation = navigations.get(property)
  if (navigation) return navigation
  if (collections.has(property)) throw notEmulated(`Linking rows through '${name}'`)
  throw dataverseError('UndeclaredAnnotatedProperty', { table: table.logicalName, property })
}

async function bind(
  { table }: EntityType,
  name: string,
  value: unknown,
  targets: readonly string[],
  { model, service, basePath }: DecodeContext,
): Promise<EntityReference> {
  if (typeof value !== 'string') throw wrongType(table, name, "a URL such as 'accounts(<id>)', or null", value)
  if (value.startsWith('$')) throw notEmulated(`The content id '${value}' in '${name}'`)
  const record = parseRecord(pathOf(value, basePath), model)
  const target = record.type.table.logicalName
  if (!targets.includes(target)) throw wrongType(table, name, `a row of ${targets.join(' or ')}`, value)
  if (typeof record.key === 'string') return reference(target, record.key)
  const { primaryKey } = record.type.table
  const row: Row = await service.retrieve<string, string>(target, record.key, [primaryKey])
  return reference(target, row[primaryKey] as string)
}

/** The path behind the base path, of a URL that may be relative to the base, to the host, or complete. */
function pathOf(url: string, basePath: string): string {
  const path = url.replace(/^https?:\/\/[^/]+/i, '')
  if (path.startsWith(`${basePath}/`)) return path.slice(basePath.length)
  const api = /^\/api\/data\/v\d+\.\d+(?=\/)/.exec(path)
  if (api) return path.slice(api[0].length)
  if (path !== url) throw badRequest(`'${url}' is not a URL of this environment.`)
  return path
}

/** Annotations of known properties are let pass: clients send back what they were given. */
function refuseStray(
  { table, columns, navigations }: EntityType,
  payload: Readonly<Record<string, unknown>>,
  name: string,
  value: unknown,
): void {
  const property = name.slice(0, name.indexOf('@'))
  if (name === '@odata.type' && value !== `#Microsoft.Dynamics.CRM.${table.logicalName}`) {
    const expected = `Microsoft.Dynamics.CRM.${table.logicalName}`
    if (value !== expected) throw wrongType(table, name, `'${expected}'`, value)
  }
  if (property === '' || columns.has(property) || navigations.has(property) || Object.hasOwn(payload, property)) return
  throw dataverseError('UndeclaredAnnotatedProperty', { table: table.logicalName, property })
}

function decodeProperty(type: EntityType, name: string, value: unknown): readonly [string, ColumnValue] {
  const { table, columns, navigations, collections } = type
  const navigation = navigations.get(name)
  if (navigation) {
    if (value === null) return [navigation.column, null]
    if (typeof value === 'object') throw notEmulated(`Creating a row within another, under '${name}',`)
    throw wrongType(table, name, `null, or '${name}${BIND}' with a URL`, value)
  }
  if (collections.has(name)) throw notEmulated(`Creating rows within another, under '${name}',`)
  const column = columns.get(name)
  if (column === undefined) throw dataverseError('UndeclaredProperty', { table: table.logicalName, column: name })
  if (column !== name) {
    const reason = 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
    throw dataverseError('MalformedPayload', { table: table.logicalName, reason: `${reason} ('${name}')` })
  }
  return [column, value === null ? null : decodeValue(table, column, value)]
}

function refuseTwice({ table }: EntityType, row: Row, column: string): void {
  if (!Object.hasOwn(row, column)) return
  const reason = `The payload sets '${column}' more than once.`
  throw dataverseError('MalformedPayload', { table: table.logicalName, reason })
}

function decodeValue(table: TableDefinition, column: string, value: unknown): ColumnValue {
  const definition = table.columns[column]!
  const decoded = read(definition, value)
  if (decoded !== undefined) return decoded
  throw wrongType(table, column, expectations[definition.type] ?? 'a string', value)
}

const expectations: Partial<Record<ColumnDefinition['type'], string>> = {
  integer: 'an integer',
  bigint: 'an integer',
  choice: 'an integer',
  state: 'an integer',
  status: 'an integer',
  decimal: 'a number',
  float: 'a number',
  money: 'a number',
  boolean: 'true or false',
  multiChoice: "integers in a string such as '1,2'",
  dateTime: 'an ISO 8601 moment with its offset',
  dateOnly: "a day as 'YYYY-MM-DD'",
  primaryKey: 'a GUID',
  uniqueIdentifier: 'a GUID',
}

/** The value as the service takes it; `undefined` when it has another type than the column's. */
function read({ type }: ColumnDefinition, value: unknown): ColumnValue | undefined {
  switch (type) {
    case 'integer':
    case 'bigint':
    case 'choice':
    case 'state':
    case 'status':
      return Number.isInteger(value) ? (value as number) : undefined
    case 'decimal':
    case 'float':
    case 'money':
      return Number.isFinite(value) ? (value as number) : undefined
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined
    case 'primaryKey':
    case 'uniqueIdentifier':
      return isGuid(value) ? value.toLowerCase() : undefined
    default:
      return typeof value === 'string' ? readText(type, value) : undefined
  }
}

function readText(type: ColumnDefinition['type'], text: string): ColumnValue | undefined {
  switch (type) {
    case 'multiChoice':
      if (text.trim() === '') return null
      return /^\s*-?\d+(\s*,\s*-?\d+)*\s*$/.test(text) ? text.split(',').map(Number) : undefined
    case 'dateTime':
      return parseMoment(text)
    case 'dateOnly':
      return isDay(text) ? text : undefined
    default:
      return text
  }
}

function wrongType(table: TableDefinition, column: string, expected: string, value: unknown): DataverseError {
  return dataverseError('WrongValueType', { table: table.logicalName, column, expected, actual: show(value) })
}

/** Short, and without looking into what may be nested deeply. */
function show(value: unknown): string {
  if (Array.isArray(value)) return '[…]'
  if (typeof value === 'object' && value !== null) return '{…}'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
