import { isGuid } from '../../internal/ids.ts'
import { dataverseError, type EntityReference, isEntityReference, type Row, type RowKey } from '../../service/index.ts'
import type { Operation, OperationValue } from '../../service/operation.ts'
import { type ApiAnswer, type ApiRequest, textOf } from '../http/api.ts'
import { decodePresent, type WireRow } from '../rows/decode-row.ts'
import { encodeMoment, encodeRow, pathOf } from '../rows/encode-row.ts'
import { keyPath } from '../rows/key-path.ts'
import type { TableCatalog } from '../tables/table-catalog.ts'

type Values = Readonly<Record<string, unknown>>

const NAMESPACE = 'Microsoft.Dynamics.CRM.'

/**
 * The request that calls a function (GET, parameters in the address) or an action (POST, parameters in the content).
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-functions
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/use-web-api-actions
 */
export async function operationRequest(
  tables: TableCatalog,
  operation: Operation,
  given: Values,
): Promise<ApiRequest & { readonly repeatable?: boolean }> {
  const { name, bound, kind } = operation
  const unsent = [bound?.as, ...Object.values(operation.parameters).map(({ tableFrom }) => tableFrom)]
  const isSent = ([parameter]: readonly [string, unknown]) =>
    Object.hasOwn(operation.parameters, parameter) || !unsent.includes(parameter)
  const parameters = Object.fromEntries(Object.entries(given).filter(isSent))
  const path = bound ? `${await boundPath(tables, operation, given[bound.as])}/${NAMESPACE}${name}` : name
  if (kind === 'function') {
    return { method: 'GET', path: path + (await printArguments(tables, operation, given, parameters)) }
  }
  const body: Record<string, unknown> = {}
  for (const [parameter, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    body[parameter] = await encodeParameter(tables, operation, given, parameter, value)
  }
  return { method: 'POST', path, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
}

async function boundPath(tables: TableCatalog, { name, bound }: Operation, on: unknown): Promise<string> {
  const { to, as, tables: [table, ...others] = [] } = bound!
  if (to === 'collection' && typeof on === 'string') return (await tables.get(on)).entitySet
  if (to === 'record' && isEntityReference(on)) return pathOf(tables, on)
  if (to === 'record' && isGuid(on) && table !== undefined && others.length === 0) {
    return pathOf(tables, { logicalName: table, id: on })
  }
  const expected = to === 'collection' ? "a table's logical name" : 'a reference { logicalName, id }'
  throw dataverseError('InvalidArgument', { reason: `'${name}' is called on '${as}': give ${expected} there.` })
}

/** Every value by alias: the parentheses stay readable, and no value has to be escaped twice. */
async function printArguments(
  tables: TableCatalog,
  operation: Operation,
  given: Values,
  sent: Values,
): Promise<string> {
  const parameters = Object.entries(sent).filter(([, value]) => value !== undefined && value !== null)
  if (parameters.length === 0) return '()'
  const values: string[] = []
  for (const [at, [name, value]] of parameters.entries()) {
    const declared = operation.parameters[name]
    const isRow = declared?.type === 'Entity'
    const plain = isRow ? await encodeParameter(tables, operation, given, name, value) : value
    const text = await literal(tables, declared, plain)
    values.push(`@p${at + 1}=${encodeURIComponent(text)}`)
  }
  return `(${parameters.map(([name], at) => `${name}=@p${at + 1}`).join(',')})?${values.join('&')}`
}

async function literal(tables: TableCatalog, declared: OperationValue | undefined, value: unknown): Promise<string> {
  if (value instanceof Date) return encodeMoment(value)
  if (isEntityReference(value)) return JSON.stringify({ '@odata.id': await pathOf(tables, value) })
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value !== 'string') return String(value)
  if (declared?.type === 'Enum') return `${NAMESPACE}${declared.edmType}'${value}'`
  if (declared?.type === 'Guid') return value
  return `'${value.replaceAll("'", "''")}'`
}

async function encodeParameter(
  tables: TableCatalog,
  operation: Operation,
  given: Values,
  name: string,
  value: unknown,
): Promise<unknown> {
  const declared = operation.parameters[name]
  if (declared?.type === 'Entity') {
    return encodeEntity(tables, tableOf(operation, name, declared, given), value as Row)
  }
  if (declared?.type === 'EntityCollection') {
    const table = tableOf(operation, name, declared, given)
    const rows: unknown[] = []
    for (const row of value as readonly Row[]) rows.push(await encodeMember(tables, operation.name, table, row))
    return rows
  }
  return encodePlain(tables, value)
}

function tableOf(operation: Operation, parameter: string, declared: OperationValue, given: Values): string {
  const name = tableNamed(declared, given)
  if (name !== undefined) return name
  throw dataverseError('InvalidArgument', {
    reason: `The parameter '${parameter}' of '${operation.name}' holds a row, and nothing says of which table: declare its table.`,
  })
}

/** The table of rows that do not say it themselves. */
function tableNamed({ tables, tableFrom }: OperationValue, given: Values): string | undefined {
  const of = tableFrom === undefined ? (tables?.length === 1 ? tables[0] : undefined) : given[tableFrom]
  const name = isEntityReference(of) ? of.logicalName : of
  return typeof name === 'string' ? name : undefined
}

async function encodeEntity(tables: TableCatalog, logicalName: string, row: Row): Promise<Values> {
  const table = await tables.get(logicalName)
  return { '@odata.type': `${NAMESPACE}${logicalName}`, ...(await encodeRow(tables, table, row)) }
}

/**
 * A row among several. One that is to be changed is named by its id, or by the first alternate key whose columns it brings.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
 */
async function encodeMember(tables: TableCatalog, message: string, logicalName: string, row: Row): Promise<Values> {
  const table = await tables.get(logicalName)
  const isThere = (column: string) => row[column] !== undefined && row[column] !== null
  const columns = table.keys.find((key) => key.every(isThere))
  if (message === 'CreateMultiple' || isThere(table.primaryKey) || !columns)
    return encodeEntity(tables, logicalName, row)
  const inKey = ([column]: readonly [string, unknown]) => columns.includes(column)
  const key = Object.fromEntries(Object.entries(row).filter(inKey)) as Exclude<RowKey, string>
  const others = Object.fromEntries(Object.entries(row).filter((entry) => !inKey(entry)))
  return { '@odata.id': keyPath(table, key), ...(await encodeEntity(tables, logicalName, others)) }
}

/** A value by what it is; rows are named by their key. */
async function encodePlain(tables: TableCatalog, value: unknown): Promise<unknown> {
  if (value instanceof Date) return encodeMoment(value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isEntityReference(value)) {
    const { primaryKey } = await tables.get(value.logicalName)
    return { '@odata.type': `${NAMESPACE}${value.logicalName}`, [primaryKey]: value.id.toLowerCase() }
  }
  if (Array.isArray(value)) return Promise.all(value.map((part) => encodePlain(tables, part)))
  if (typeof value !== 'object' || value === null) return value
  const parts = Object.entries(value).map(async ([name, part]) => [name, await encodePlain(tables, part)] as const)
  return Object.fromEntries(await Promise.all(parts))
}

/** What an operation answered, its values as code has them. */
export async function operationResult(
  tables: TableCatalog,
  operation: Operation,
  given: Values,
  answer: ApiAnswer,
): Promise<Values> {
  if (answer.bytes.length === 0) return {}
  const body = JSON.parse(textOf(answer)) as Values
  const declared = Object.entries(operation.result ?? {})
  const [[only, value] = [], ...others] = declared
  if (only !== undefined && value?.type === 'Entity' && others.length === 0 && !(only in body)) {
    return { [only]: await decodeEntity(tables, value, given, body) }
  }
  if (only !== undefined && value?.type === 'RowId') {
    const { primaryKey } = await tables.get(value.tables![0]!)
    return { [only]: body[primaryKey] }
  }
  const result: Record<string, unknown> = {}
  for (const [wired, part] of Object.entries(body)) {
    if (wired.startsWith('@')) continue
    const [name, value] = declared.find(([, { onWire }]) => onWire === wired) ?? [wired, operation.result?.[wired]]
    result[name] = await decodeResult(tables, value, given, part)
  }
  return result
}

async function decodeResult(
  tables: TableCatalog,
  declared: OperationValue | undefined,
  given: Values,
  value: unknown,
): Promise<unknown> {
  if (value === null) return null
  switch (declared?.type) {
    case 'DateTime':
      return new Date(String(value))
    case 'Bytes':
      return new Uint8Array(Buffer.from(String(value), 'base64'))
    case 'Entity':
      return decodeEntity(tables, declared, given, value as WireRow)
    case 'EntityCollection':
      return Promise.all((value as readonly WireRow[]).map((row) => decodeEntity(tables, declared, given, row)))
    case 'EntityReference':
      return decodeReference(tables, declared, value as WireRow)
    case 'Dictionary': {
      const { Keys, Values } = value as { readonly Keys: readonly string[]; readonly Values: readonly unknown[] }
      return Object.fromEntries(Keys.map((key, at) => [key, Values[at]]))
    }
    case 'Complex': {
      const parts = Object.entries(value as Values).map(
        async ([name, part]) => [name, await decodeResult(tables, declared.parts?.[name], given, part)] as const,
      )
      return Object.fromEntries(await Promise.all(parts))
    }
    default:
      return value
  }
}

async function decodeEntity(tables: TableCatalog, declared: OperationValue, given: Values, row: WireRow): Promise<Row> {
  const name = typeNameOf(row) ?? tableNamed(declared, given)
  return decodePresent(name === undefined ? undefined : await tables.get(name), row)
}

async function decodeReference(tables: TableCatalog, declared: OperationValue, row: WireRow): Promise<EntityReference> {
  const logicalName = typeNameOf(row) ?? tableNamed(declared, {}) ?? ''
  const { primaryKey } = await tables.get(logicalName)
  return { logicalName, id: String(row[primaryKey]).toLowerCase() }
}

function typeNameOf(row: WireRow): string | undefined {
  const type = row['@odata.type']
  return typeof type === 'string' ? type.replace(/^#?Microsoft\.Dynamics\.CRM\./, '') : undefined
}
