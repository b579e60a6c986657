import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { isDay, parseMoment } from '../../internal/date-text.ts'
import { isGuid } from '../../internal/ids.ts'
import { type ColumnValue, type RowKey, reference } from '../../service/index.ts'
import { badRequest, notEmulated } from '../refusals.ts'
import type { Aliases } from './literal.ts'

/**
 * Reads a key: an id, the primary key by name, or an alternate key.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record#using-the-web-api
 */
export function parseKey(table: TableDefinition, text: string, aliases: Aliases): RowKey {
  if (isGuid(text.trim())) return text.trim().toLowerCase()
  const alias = text.startsWith('@') ? aliases.get(text.trim()) : undefined
  if (alias !== undefined && !alias.startsWith('@')) return parseKey(table, alias, aliases)
  const parts = parseKeyParts(text, aliases)
  if (!parts) throw badRequest(`The key '(${text})' is neither a GUID nor 'column=value' pairs.`)
  const names = parts.map(([name]) => name)
  const values = parts.map(([name, value]) => [columnOfKeyPart(table, name), value] as const)
  if (names.length === 1 && names[0] === declaredKey(table)) {
    const [, id] = values[0]!
    if (!isGuid(id)) throw badRequest(`The key '(${text})' is not a GUID.`)
    return id.toLowerCase()
  }
  const columns = new Set(values.map(([column]) => column))
  const declared = Object.values(table.keys).some(
    (key) => key.length === values.length && key.every((column) => columns.has(column)),
  )
  if (!declared) {
    throw badRequest(
      `The key in the request URI is not valid for resource 'Microsoft.Dynamics.CRM.${table.logicalName}'. Ensure that ` +
        'the names and number of key properties match the declared or alternate key properties for the resource.',
    )
  }
  return Object.fromEntries(values.map(([column, value]) => [column, parseKeyValue(table, column, value)]))
}

/** Users and teams inherit their declared key from `principal`. */
function declaredKey({ logicalName, primaryKey }: TableDefinition): string {
  return logicalName === 'systemuser' || logicalName === 'team' ? 'ownerid' : primaryKey
}

function parseKeyParts(text: string, aliases: Aliases): readonly (readonly [string, string])[] | undefined {
  const part = /\s*(\w+)=('(?:[^']|'')*'|[^,']+)(,|$)/y
  const parts: [string, string][] = []
  while (part.lastIndex < text.length) {
    const [, name, value, end] = part.exec(text) ?? []
    if (name === undefined || value === undefined) return undefined
    const literal = value.trim()
    parts.push([name, literal.startsWith('@') ? (aliases.get(literal) ?? 'null') : literal])
    if (end === '') break
  }
  return text.endsWith(',') || parts.length === 0 ? undefined : parts
}

function columnOfKeyPart(table: TableDefinition, name: string): string {
  const lookup = /^_(\w+)_value$/.exec(name)?.[1]
  return lookup !== undefined && Object.hasOwn(table.columns, lookup) ? lookup : name
}

function parseKeyValue(table: TableDefinition, column: string, text: string): ColumnValue {
  const value = keyValueOf(table.columns[column]!, text)
  if (value === undefined) throw badRequest(`The key value ${text} does not fit '${column}' of '${table.logicalName}'.`)
  return value
}

function keyValueOf(definition: ColumnDefinition, text: string): ColumnValue | undefined {
  const quoted = text.startsWith("'")
  switch (definition.type) {
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
    case 'money':
    case 'choice':
    case 'state':
    case 'status':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined
    case 'dateTime':
      return parseMoment(text)
    case 'dateOnly':
      return isDay(text) ? text : undefined
    case 'primaryKey':
    case 'uniqueIdentifier':
      return isGuid(text) ? text.toLowerCase() : undefined
    case 'lookup': {
      const [target, ...others] = definition.targets
      if (target === undefined || others.length > 0) throw notEmulated('A key with a lookup to several tables')
      return isGuid(text) ? reference(target, text.toLowerCase()) : undefined
    }
    default:
      return quoted ? text.slice(1, -1).replaceAll("''", "'") : undefined
  }
}
