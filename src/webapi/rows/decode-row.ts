import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { isDay, parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import {
  type ColumnValue,
  type DataverseError,
  dataverseError,
  type EntityReference,
  type Row,
} from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import type { Collection, EntityType, Navigation } from '../model.ts'
import { addressOf, idOf } from './locate.ts'

/** What decoding needs beside the payload: alternate keys in bindings are looked up. */
export type DecodeContext = Pick<Exchange, 'model' | 'operations' | 'service' | 'basePath' | 'contentIds'>

/** A row of a payload, with the rows that are to be created or linked along with it. */
export interface DecodedRow {
  readonly type: EntityType
  readonly row: Row
  /** Rows that this one's lookups will refer to. */
  readonly parents: readonly { readonly column: string; readonly row: DecodedRow }[]
  /** New rows that will be linked with this one. */
  readonly children: readonly { readonly collection: Collection; readonly rows: readonly DecodedRow[] }[]
  /** Rows that are there already and will be linked with this one. */
  readonly links: readonly { readonly collection: Collection; readonly related: readonly EntityReference[] }[]
}

type Payload = Readonly<Record<string, unknown>>

const BIND = '@odata.bind'
/** Deeper nesting than any client sends, and shallow enough for the stack. */
const MAX_NESTING = 50

/**
 * The row that a JSON object describes.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api
 */
export async function decodeRow(type: EntityType, payload: Payload, context: DecodeContext): Promise<Row> {
  const { row, parents, children, links } = await decodeRows(type, payload, context)
  const [nested] = [
    ...parents.map(({ column }) => column),
    ...children.map(({ collection }) => collection.name),
    ...links.map(({ collection }) => `${collection.name}${BIND}`),
  ]
  if (nested === undefined) return row
  const reason = `Rows can be created or linked within another, as under '${nested}', only when that is created by POST.`
  throw dataverseError('MalformedPayload', { set: type.table.collectionName, reason })
}

/**
 * The row that a JSON object describes, and the rows within it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-entity-web-api#create-related-table-rows-in-one-operation
 */
export async function decodeRows(
  type: EntityType,
  payload: Payload,
  context: DecodeContext,
  depth = 0,
): Promise<DecodedRow> {
  if (depth > MAX_NESTING) {
    throw dataverseError('MalformedPayload', {
      set: type.table.collectionName,
      reason: 'The payload is nested too deeply.',
    })
  }
  const row: Row = {}
  const parents: { column: string; row: DecodedRow }[] = []
  const children: { collection: Collection; rows: DecodedRow[] }[] = []
  const links: { collection: Collection; related: EntityReference[] }[] = []
  const taken = new Set<string>()
  const take = (column: string) => {
    if (taken.has(column)) throw setTwice(type, column)
    taken.add(column)
  }
  for (const [name, value] of Object.entries(payload)) {
    if (name.endsWith(BIND)) {
      const bound = bindingOf(type, name)
      if (bound.kind === 'toOne') {
        take(bound.column)
        row[bound.column] = value === null ? null : await bind(type, name, value, bound.targets, context)
      } else {
        take(name)
        links.push({ collection: bound, related: await bindAll(type, name, value, bound, context) })
      }
    } else if (name.includes('@')) {
      refuseStray(type, payload, name, value)
    } else if (type.navigations.has(name)) {
      const navigation = type.navigations.get(name)!
      take(navigation.column)
      if (value === null) row[navigation.column] = null
      else parents.push({ column: navigation.column, row: await decodeParent(type, navigation, value, context, depth) })
    } else if (type.collections.has(name)) {
      take(name)
      const collection = type.collections.get(name)!
      children.push({ collection, rows: await decodeChildren(type, collection, value, context, depth) })
    } else {
      const [column, decoded] = decodeProperty(type, name, value)
      take(column)
      row[column] = decoded
    }
  }
  return { type, row, parents, children, links }
}

function isObject(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

async function decodeParent(
  { table }: EntityType,
  { name, targets }: Navigation,
  value: unknown,
  context: DecodeContext,
  depth: number,
): Promise<DecodedRow> {
  if (!isObject(value)) throw wrongType(table, name, `an object, null, or '${name}${BIND}' with a URL`, value)
  const named = String(value['@odata.type'] ?? '').replace(/^#?Microsoft\.Dynamics\.CRM\./, '')
  const target = targets.length === 1 ? targets[0]! : named
  if (!targets.includes(target)) throw wrongType(table, name, `an object with the '@odata.type' of its table`, value)
  return decodeRows(context.model.table(target), value, context, depth + 1)
}

async function decodeChildren(
  { table }: EntityType,
  { name, target }: Collection,
  value: unknown,
  context: DecodeContext,
  depth: number,
): Promise<DecodedRow[]> {
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(table, name, 'an array of objects', value)
  const type = context.model.table(target)
  const rows: DecodedRow[] = []
  for (const child of value) rows.push(await decodeRows(type, child, context, depth + 1))
  return rows
}

function bindingOf({ table, navigations, collections }: EntityType, name: string): Navigation | Collection {
  const property = name.slice(0, -BIND.length)
  const found = navigations.get(property) ?? collections.get(property)
  if (found) return found
  throw dataverseError('UndeclaredAnnotatedProperty', { set: table.collectionName, property })
}

async function bind(
  { table }: EntityType,
  name: string,
  value: unknown,
  targets: readonly string[],
  context: DecodeContext,
): Promise<EntityReference> {
  if (typeof value !== 'string') throw wrongType(table, name, "a URL such as 'accounts(<id>)', or null", value)
  const address = addressOf(value, context)
  const { logicalName } = address.type.table
  if (!targets.includes(logicalName)) throw wrongType(table, name, `a row of ${targets.join(' or ')}`, value)
  return { logicalName, id: await idOf(address, context) }
}

async function bindAll(
  type: EntityType,
  name: string,
  value: unknown,
  { target }: Collection,
  context: DecodeContext,
): Promise<EntityReference[]> {
  if (!Array.isArray(value)) throw wrongType(type.table, name, 'an array of URLs', value)
  const related: EntityReference[] = []
  for (const url of value) related.push(await bind(type, name, url, [target], context))
  return related
}

/** Annotations of known properties are let pass: clients send back what they were given. */
function refuseStray(
  { table, columns, navigations, collections }: EntityType,
  payload: Payload,
  name: string,
  value: unknown,
): void {
  const property = name.slice(0, name.indexOf('@'))
  if (name === '@odata.type' && value !== `#Microsoft.Dynamics.CRM.${table.logicalName}`) {
    const expected = `Microsoft.Dynamics.CRM.${table.logicalName}`
    if (value !== expected) throw wrongType(table, name, `'${expected}'`, value)
  }
  if (property === '' || columns.has(property) || navigations.has(property) || collections.has(property)) return
  if (Object.hasOwn(payload, property)) return
  throw dataverseError('UndeclaredAnnotatedProperty', { set: table.collectionName, property })
}

function decodeProperty({ table, columns }: EntityType, name: string, value: unknown): readonly [string, ColumnValue] {
  const column = columns.get(name)
  if (column === undefined)
    throw dataverseError('UndeclaredProperty', { set: table.collectionName, table: table.logicalName, column: name })
  if (column !== name) {
    const reason = 'CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.'
    throw dataverseError('MalformedPayload', { set: table.collectionName, reason: `${reason} ('${name}')` })
  }
  return [column, value === null ? null : decodeValue(table, column, value)]
}

function setTwice({ table }: EntityType, column: string): DataverseError {
  const reason = `The payload sets '${column}' more than once.`
  return dataverseError('MalformedPayload', { set: table.collectionName, reason })
}

/** The value of a column as the service takes it; refuses one of another type. */
export function decodeValue(table: TableDefinition, column: string, value: unknown): ColumnValue {
  const definition = table.columns[column]!
  const decoded = readValue(definition, value)
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
export function readValue({ type }: ColumnDefinition, value: unknown): ColumnValue | undefined {
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
  return dataverseError('WrongValueType', { set: table.collectionName, column, expected, actual: show(value) })
}

/** Short, and without looking into what may be nested deeply. */
function show(value: unknown): string {
  if (Array.isArray(value)) return '[…]'
  if (typeof value === 'object' && value !== null) return '{…}'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
