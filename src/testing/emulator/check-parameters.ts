import { parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import type { Parameter, ParameterType } from '../../plugins/index.ts'
import { dataverseError, type EntityReference, isEntityReference, type Row } from '../../service/index.ts'
import { refuseWrongTypes } from './encode.ts'
import { copyValues } from './messages/copy-values.ts'
import type { Schema } from './schema.ts'

/** A parameter of one of the platform's own messages: some hold more than a custom API's can. */
export type DeclaredParameter = Omit<Parameter, 'type'> & {
  /** `Object`: of a type of its own, which its message checks. */
  readonly type: ParameterType | 'Bytes' | 'EntityReferenceCollection' | 'Object' | 'ObjectCollection'
}

/** What a message takes, parameter by parameter. */
export type DeclaredParameters = Readonly<Record<string, DeclaredParameter>>

/**
 * The values that a caller gives for declared parameters, checked and copied: ids and references in lower case, moments
 * as `Date`. Unknown, missing and wrongly typed ones are refused by name.
 */
export function checkParameters(
  message: string,
  declared: DeclaredParameters,
  given: Readonly<Record<string, unknown>>,
  schema: Schema,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  const refuse = (reason: string): never => {
    throw dataverseError('InvalidArgument', { reason })
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    refuse(`The parameters of '${message}' are an object, one property each.`)
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(declared, name) && value !== undefined) {
      const known = Object.keys(declared).join(', ') || 'none'
      refuse(`The parameter '${name}' is not a valid parameter of the operation '${message}'. It takes: ${known}.`)
    }
  }
  for (const [name, parameter] of Object.entries(declared)) {
    const value = Object.hasOwn(given, name) ? given[name] : undefined
    if (value === undefined || value === null) {
      if (!parameter.optional) refuse(`The parameter '${name}' of the operation '${message}' is missing.`)
      continue
    }
    values[name] = checkValue(`The parameter '${name}' of the operation '${message}'`, parameter, value, schema, refuse)
  }
  return values
}

/** The value as it is handed on: checked against its declaration, and sharing nothing with what was given. */
export function checkValue(
  what: string,
  { type, table }: Omit<DeclaredParameter, 'optional'>,
  value: unknown,
  schema: Schema,
  refuse: (reason: string) => never,
): unknown {
  const checked = checks[type](value)
  if (checked === undefined) refuse(`${what} has the type ${type}: ${expectations[type]} is expected.`)
  const rows = type === 'Entity' ? [checked as Row] : type === 'EntityCollection' ? (checked as Row[]) : []
  if (table) for (const row of rows) refuseWrongTypes(schema.table(table.logicalName), row)
  const references =
    type === 'EntityReference' ? [checked] : type === 'EntityReferenceCollection' ? (checked as unknown[]) : []
  for (const { logicalName } of references as EntityReference[]) {
    if (table && logicalName !== table.logicalName) {
      refuse(`${what} refers to a row of '${table.logicalName}', not of '${logicalName}'.`)
    }
    schema.table(logicalName)
  }
  return checked
}

const number = (value: unknown) => (Number.isFinite(value) ? value : undefined)
const integer = (value: unknown) => (Number.isSafeInteger(value) ? value : undefined)
const reference = (value: unknown) =>
  isEntityReference(value) && isGuid(value.id)
    ? Object.freeze({ logicalName: value.logicalName, id: value.id.toLowerCase() })
    : undefined
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
function bytes(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  return typeof value === 'string' && BASE64.test(value) ? new Uint8Array(Buffer.from(value, 'base64')) : undefined
}
const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** Gives the value to hand on; `undefined` when it is not of the type. */
const checks: Readonly<Record<DeclaredParameter['type'], (value: unknown) => unknown>> = {
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  Bytes: bytes,
  DateTime(value) {
    const moment = typeof value === 'string' ? parseMoment(value) : value
    return moment instanceof Date && !Number.isNaN(moment.getTime()) ? new Date(moment) : undefined
  },
  Decimal: number,
  Entity: (value) => (isRow(value) ? copyValues(value) : undefined),
  EntityCollection: (value) => (Array.isArray(value) && value.every(isRow) ? value.map(copyValues) : undefined),
  EntityReference: reference,
  EntityReferenceCollection(value) {
    const references = Array.isArray(value) ? value.map(reference) : [undefined]
    return references.includes(undefined) ? undefined : references
  },
  Float: number,
  Integer: integer,
  Money: number,
  Object: (value) => (isRow(value) ? value : undefined),
  ObjectCollection: (value) => (Array.isArray(value) && value.every(isRow) ? value : undefined),
  Picklist: integer,
  String: (value) => (typeof value === 'string' ? value : undefined),
  StringArray: (value) =>
    Array.isArray(value) && value.every((text) => typeof text === 'string') ? [...value] : undefined,
  Guid: (value) => (isGuid(value) ? value.toLowerCase() : undefined),
}

const expectations: Readonly<Record<DeclaredParameter['type'], string>> = {
  Boolean: 'true or false',
  Bytes: 'bytes, or their base64',
  DateTime: 'a Date or an ISO 8601 date and time with an offset',
  Decimal: 'a number',
  Entity: 'an object of columns',
  EntityCollection: 'an array of objects of columns',
  EntityReference: 'a reference { logicalName, id }',
  EntityReferenceCollection: 'an array of references { logicalName, id }',
  Float: 'a number',
  Integer: 'a whole number',
  Money: 'a number',
  Object: 'an object',
  ObjectCollection: 'an array of objects',
  Picklist: 'a whole number',
  String: 'a string',
  StringArray: 'an array of strings',
  Guid: 'a GUID',
}
