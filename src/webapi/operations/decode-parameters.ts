import { parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import { dataverseError, type EntityReference, type Row, reference } from '../../service/index.ts'
import type { Operation, OperationValue } from '../../service/operation.ts'
import type { Exchange } from '../exchange.ts'
import type { EntityType } from '../model.ts'
import { badRequest } from '../refusals.ts'
import { decodeRow } from '../rows/decode-row.ts'
import { addressOf, idOf, keyOf } from '../rows/locate.ts'
import { decodeQueryExpression } from './decode-query-expression.ts'

type Values = Readonly<Record<string, unknown>>

/** The parameters of an operation as the service takes them; refuses unknown, missing and wrong ones by name. */
export async function decodeParameters(
  exchange: Exchange,
  { name, kind, parameters }: Operation,
  given: Values,
  set: EntityType | undefined,
): Promise<Record<string, unknown>> {
  const decoded: Record<string, unknown> = {}
  for (const parameter of Object.keys(given)) {
    if (parameter.startsWith('@') || Object.hasOwn(parameters, parameter)) continue
    // A function with other parameters is another function.
    if (kind === 'function') throw dataverseError('CrmHttpError', { segment: name })
    throw badRequest(
      `The parameter '${parameter}' in the request payload is not a valid parameter for the operation '${name}'.`,
    )
  }
  for (const [parameter, value] of Object.entries(parameters)) {
    const one = Object.hasOwn(given, parameter) ? given[parameter] : undefined
    if (one === undefined || one === null) {
      if (value.optional) continue
      throw badRequest(`The parameter '${parameter}' of the operation '${name}' is missing.`)
    }
    decoded[parameter] =
      value.type === 'EntityCollection'
        ? await decodeCollection(exchange, parameter, value, one, set)
        : await decodeValue(exchange, parameter, value, one)
    if (value.type === 'Entity' && value.tableFrom !== undefined && !Object.hasOwn(parameters, value.tableFrom)) {
      decoded[value.tableFrom] = tableNameIn(one as Values)
    }
  }
  return decoded
}

async function decodeValue(exchange: Exchange, name: string, value: OperationValue, given: unknown): Promise<unknown> {
  switch (value.type) {
    case 'EntityReference':
      return decodeReference(exchange, name, value, given)
    case 'EntityReferenceCollection': {
      if (!Array.isArray(given)) throw wrong(name, 'an array of rows')
      const references: EntityReference[] = []
      for (const one of given) references.push(await decodeReference(exchange, name, value, one))
      return references
    }
    case 'Entity':
      return decodeEntity(exchange, name, value, given, undefined)
    case 'QueryCollection': {
      if (!Array.isArray(given)) throw wrong(name, 'an array of queries')
      return given.map((one) => decodeQueryExpression(one, exchange.model))
    }
    case 'Complex': {
      const parts: Record<string, unknown> = { ...asObject(name, given) }
      for (const [part, type] of Object.entries(value.parts ?? {})) {
        if (parts[part] === undefined || parts[part] === null) {
          if (!type.optional) throw badRequest(`The part '${part}' of the parameter '${name}' is missing.`)
        } else parts[part] = await decodeValue(exchange, `${name}.${part}`, type, parts[part])
      }
      return parts
    }
    default:
      return decodeSimple(name, value, given)
  }
}

/** Values without rows in them. Numbers may come as texts, as parameter aliases of Microsoft's samples have them. */
function decodeSimple(name: string, { type }: OperationValue, given: unknown): unknown {
  switch (type) {
    case 'Boolean':
      if (typeof given !== 'boolean') throw wrong(name, 'true or false')
      return given
    case 'Integer':
    case 'Picklist':
    case 'Decimal':
    case 'Float':
    case 'Money': {
      const number = typeof given === 'string' && given.trim() !== '' ? Number(given) : given
      const whole = type === 'Integer' || type === 'Picklist'
      if (whole ? !Number.isInteger(number) : !Number.isFinite(number))
        throw wrong(name, whole ? 'an integer' : 'a number')
      return number
    }
    case 'DateTime': {
      const moment = typeof given === 'string' ? (parseMoment(given) ?? parseMoment(`${given}T00:00:00Z`)) : undefined
      if (!moment) throw wrong(name, 'an ISO 8601 moment with its offset')
      return moment
    }
    case 'Guid':
      if (!isGuid(given)) throw wrong(name, 'a GUID')
      return given.toLowerCase()
    case 'StringArray':
      if (!Array.isArray(given) || !given.every((part) => typeof part === 'string'))
        throw wrong(name, 'an array of texts')
      return given
    case 'Any':
    case 'ComplexCollection':
      return given
    default:
      if (typeof given !== 'string') throw wrong(name, 'a text')
      return given
  }
}

/** Which row is meant: `{"@odata.id": url}`, or its primary key beside its `@odata.type`. */
async function decodeReference(
  exchange: Exchange,
  name: string,
  { tables }: OperationValue,
  given: unknown,
): Promise<EntityReference> {
  const values = asObject(name, given)
  const url = values['@odata.id']
  if (typeof url === 'string') {
    const address = addressOf(url, exchange)
    const { logicalName } = address.type.table
    if (tables && !tables.includes(logicalName)) throw wrong(name, `a row of ${tables.join(' or ')}`)
    return reference(logicalName, await idOf(address, exchange))
  }
  const type = typeOf(exchange, name, tables, values)
  const id = type && idIn(type, values)
  if (!type || !isGuid(id)) throw badRequest('EdmEntityObject passed should have the key property value set.')
  return reference(type.table.logicalName, id.toLowerCase())
}

async function decodeEntity(
  exchange: Exchange,
  name: string,
  { tables }: OperationValue,
  given: unknown,
  set: EntityType | undefined,
): Promise<Row> {
  const { '@odata.id': url, ...values } = asObject(name, given)
  const type = set ?? typeOf(exchange, name, tables, values)
  if (!type)
    throw badRequest(`The row in the parameter '${name}' does not say of which table it is: add '@odata.type'.`)
  const row = await decodeRow(type, values, exchange)
  if (typeof url !== 'string') return row
  // The values of an alternate key become columns of the row, which is found by them.
  const key = await keyOf(addressOf(url, exchange), exchange)
  return typeof key === 'string' ? { ...row, [type.table.primaryKey]: key } : { ...key, ...row }
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations */
async function decodeCollection(
  exchange: Exchange,
  name: string,
  value: OperationValue,
  given: unknown,
  set: EntityType | undefined,
): Promise<Row[]> {
  if (!Array.isArray(given)) throw wrong(name, 'an array of rows')
  const rows: Row[] = []
  for (const one of given) {
    if (typeof asObject(name, one)['@odata.type'] !== 'string') {
      throw badRequest(`Each row in the parameter '${name}' must say of which table it is: add '@odata.type'.`)
    }
    rows.push(await decodeEntity(exchange, name, value, one, set))
  }
  return rows
}

function typeOf(
  { model }: Exchange,
  name: string,
  tables: readonly string[] | undefined,
  values: Values,
): EntityType | undefined {
  const table = tableNameIn(values)
  if (table !== undefined) {
    if (tables && !tables.includes(table)) throw wrong(name, `a row of ${tables.join(' or ')}`)
    return model.table(table)
  }
  const candidates = (tables ?? []).map((table) => model.table(table))
  return candidates.length === 1 ? candidates[0] : candidates.find((type) => idIn(type, values) !== undefined)
}

function tableNameIn({ '@odata.type': named }: Values): string | undefined {
  return typeof named === 'string' ? named.replace(/^#?Microsoft\.Dynamics\.CRM\./, '') : undefined
}

/** The primary key; users and teams may be named by `ownerid`, which they inherit. */
function idIn({ table: { logicalName, primaryKey } }: EntityType, values: Values): unknown {
  return values[primaryKey] ?? (logicalName === 'systemuser' || logicalName === 'team' ? values.ownerid : undefined)
}

function asObject(name: string, value: unknown): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong(name, 'an object')
  return value as Values
}

function wrong(parameter: string, expected: string): Error {
  return dataverseError('ODataUriError', {
    reason: `The parameter '${parameter}' does not fit: ${expected} is expected.`,
  })
}
