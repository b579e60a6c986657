import { type EntityReference, isEntityReference, type Row } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { member, objectOf, quoted } from '../json-text.ts'
import type { EntityType } from '../model.ts'
import { encodeRow } from '../rows/encode-row.ts'
import { momentText } from '../rows/encode-value.ts'
import { completeShape } from '../rows/row-shape.ts'
import { NAMESPACE } from '../url/resource.ts'
import type { Operation, OperationValue } from './operation.ts'

type Values = Readonly<Record<string, unknown>>

/** The JSON of an operation's answer. An answer that is one row is that row; anything else is an object of results. */
export function encodeResult(exchange: Exchange, { name, result = {} }: Operation, answer: Values): string {
  const context = (fragment: string) => member('@odata.context', quoted(`${exchange.baseUrl}/$metadata#${fragment}`))
  const [[only, value], ...others] = Object.entries(result) as [[string, OperationValue], ...unknown[]]
  if (value?.type === 'Entity' && others.length === 0) {
    const row = (answer[only] ?? {}) as Row
    const type = typeOfRow(exchange, value, row, answer.Table)
    if (!type) return objectOf(context(`${NAMESPACE}crmbaseentity`), plainMembers(row))
    return objectOf(context(`${type.table.collectionName}/$entity`), rowMembers(type, row))
  }
  const members = Object.entries(result).map(([property, declared]) =>
    member(property, encodeValue(exchange, declared, answer[property])),
  )
  return objectOf(context(`${NAMESPACE}${name}Response`), ...members)
}

function encodeValue(exchange: Exchange, declared: OperationValue, value: unknown): string {
  if (value === undefined || value === null) return 'null'
  if (value instanceof Date) return `"${momentText(value)}"`
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  switch (declared.type) {
    case 'Entity':
      return encodeEntity(exchange, declared, value as Row)
    case 'EntityCollection':
      return `[${(value as readonly Row[]).map((row) => encodeEntity(exchange, declared, row)).join(',')}]`
    case 'EntityReference':
      return encodeReference(exchange, value as EntityReference)
    default:
      return JSON.stringify(value)
  }
}

function encodeEntity(exchange: Exchange, declared: OperationValue, row: Row): string {
  const type = typeOfRow(exchange, declared, row, undefined)
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

/** The columns that the row has, and no others: a template of a row has no key, and few values. */
function rowMembers(type: EntityType, row: Row): string {
  const shape = completeShape(type)
  const columns = shape.columns.filter(({ column }) => Object.hasOwn(row, column))
  return encodeRow({ ...shape, columns }, row, undefined, false)
}

function plainMembers(row: Row): string {
  const members = Object.entries(row).map(([name, value]) => {
    if (isEntityReference(value)) return member(`_${name}_value`, quoted(value.id))
    return member(name, value instanceof Date ? `"${momentText(value)}"` : JSON.stringify(value ?? null))
  })
  return members.join(',')
}

/** Of which table a row is: the one declared, the one that the answer names, or the one whose key it has. */
function typeOfRow({ model }: Exchange, { tables }: OperationValue, row: Row, table: unknown): EntityType | undefined {
  if (tables?.length === 1) return model.find(tables[0]!)
  if (typeof table === 'string') return model.find(table)
  const owner = [...model.sets.values()].find(({ table: { primaryKey } }) => Object.hasOwn(row, primaryKey))
  return owner
}
