import { type EntityReference, isEntityReference, type Row } from '../../service/index.ts'
import type { Operation, OperationValue } from '../../service/operation.ts'
import type { Exchange } from '../exchange.ts'
import { member, objectOf, quoted } from '../json-text.ts'
import { type EntityType, navigationName } from '../model.ts'
import { encodeRow } from '../rows/encode-row.ts'
import { momentText } from '../rows/encode-value.ts'
import { completeShape } from '../rows/row-shape.ts'
import { NAMESPACE } from '../url/resource.ts'

type Values = Readonly<Record<string, unknown>>

/** The JSON of an operation's answer. An answer that is one row is that row; anything else is an object of results. */
export function encodeResult(
  exchange: Exchange,
  { name, result = {} }: Operation,
  answer: Values,
  parameters: Values,
): string {
  const context = (fragment: string) => member('@odata.context', quoted(`${exchange.baseUrl}/$metadata#${fragment}`))
  const entries = Object.entries(result)
  const [only, value] = entries[0] ?? []
  if (only !== undefined && value?.type === 'RowId') {
    const { table } = exchange.model.table(value.tables![0]!)
    return objectOf(context(`${table.collectionName}/$entity`), member(table.primaryKey, quoted(String(answer[only]))))
  }
  if (only !== undefined && value?.type === 'Entity' && entries.length === 1) {
    const row = (answer[only] ?? {}) as Row
    const type = typeOfRow(exchange, value, row, parameters)
    if (!type) return objectOf(context(`${NAMESPACE}crmbaseentity`), plainMembers(row))
    const named = value.template ? member('@odata.type', quoted(`#${NAMESPACE}${type.table.logicalName}`)) : ''
    const members = value.template ? templateMembers(exchange, type, row) : rowMembers(type, row)
    return objectOf(context(`${type.table.collectionName}/$entity`), named, members)
  }
  const members = entries.map(([property, declared]) =>
    member(declared.onWire ?? property, encodeValue(exchange, declared, answer[property], parameters)),
  )
  return objectOf(context(`${NAMESPACE}${name}Response`), ...members)
}

function encodeValue(exchange: Exchange, declared: OperationValue, value: unknown, parameters: Values): string {
  if (value === undefined || value === null) return 'null'
  if (value instanceof Date) return `"${momentText(value)}"`
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  switch (declared.type) {
    case 'Entity':
      return encodeEntity(exchange, declared, value as Row, parameters)
    case 'EntityCollection':
      return `[${(value as readonly Row[]).map((row) => encodeEntity(exchange, declared, row, parameters)).join(',')}]`
    case 'EntityReference':
      return encodeReference(exchange, value as EntityReference)
    case 'Dictionary':
      return encodeDictionary(value as Values)
    case 'Complex':
      return objectOf(
        ...Object.entries(value).map(([part, inner]) => {
          return member(part, encodeValue(exchange, declared.parts?.[part] ?? { type: 'Any' }, inner, parameters))
        }),
      )
    default:
      return JSON.stringify(value)
  }
}

/** Names and values stand in two lists, as .NET writes a dictionary. */
function encodeDictionary(value: Values): string {
  const Keys = Object.keys(value)
  return JSON.stringify({ Count: Keys.length, IsReadOnly: false, Keys, Values: Object.values(value) })
}

function encodeEntity(exchange: Exchange, declared: OperationValue, row: Row, parameters: Values): string {
  const type = typeOfRow(exchange, declared, row, parameters)
  if (!type) return objectOf(plainMembers(row))
  return objectOf(member('@odata.type', quoted(`#${NAMESPACE}${type.table.logicalName}`)), rowMembers(type, row))
}

function encodeReference({ model }: Exchange, value: EntityReference): string {
  const type = model.find(value.logicalName)
  return objectOf(
    member('@odata.type', quoted(`#${NAMESPACE}${value.logicalName}`)),
    member(type?.table.primaryKey ?? `${value.logicalName}id`, quoted(value.id)),
  )
}

/** The columns that the row has, and no others. */
function rowMembers(type: EntityType, row: Row): string {
  const shape = completeShape(type)
  const columns = shape.columns.filter(({ column }) => Object.hasOwn(row, column))
  return encodeRow({ ...shape, columns }, row, undefined, false)
}

/** The row as a client sends it: lookups as bindings, and nothing that is null. */
function templateMembers({ model }: Exchange, type: EntityType, row: Row): string {
  const plain: Row = {}
  const bindings: string[] = []
  for (const [column, value] of Object.entries(row)) {
    if (value === null || value === undefined) continue
    const set = isEntityReference(value) ? model.find(value.logicalName)?.table.collectionName : undefined
    if (isEntityReference(value) && set !== undefined) {
      const name = navigationName(type.table, column, value.logicalName)
      bindings.push(member(`${name}@odata.bind`, quoted(`${set}(${value.id})`)))
    } else plain[column] = value
  }
  return [rowMembers(type, plain), ...bindings].filter((text) => text !== '').join(',')
}

function plainMembers(row: Row): string {
  const members = Object.entries(row).map(([name, value]) => {
    if (isEntityReference(value)) return member(`_${name}_value`, quoted(value.id))
    return member(name, value instanceof Date ? `"${momentText(value)}"` : JSON.stringify(value ?? null))
  })
  return members.join(',')
}

/** Of which table a row is: the one declared, the one that a parameter names, or the one whose key it has. */
function typeOfRow(
  { model }: Exchange,
  { tables, tableFrom }: OperationValue,
  row: Row,
  parameters: Values,
): EntityType | undefined {
  if (tables?.length === 1) return model.find(tables[0]!)
  const named = tableFrom === undefined ? undefined : parameters[tableFrom]
  if (typeof named === 'string') return model.find(named)
  if (isEntityReference(named)) return model.find(named.logicalName)
  return [...model.sets.values()].find(({ table: { primaryKey } }) => Object.hasOwn(row, primaryKey))
}
