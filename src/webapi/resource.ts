import type { ColumnDefinition, TableDefinition } from '../entities/index.ts'
import { isDay, parseMoment } from '../internal/date-text.ts'
import { isGuid } from '../internal/ids.ts'
import { type ColumnValue, dataverseError, type RowKey, reference } from '../service/index.ts'
import type { EntityType, Model } from './model.ts'
import { badRequest, notEmulated } from './refusals.ts'

/** What a path names. */
export type Resource =
  | { readonly kind: 'service' }
  | { readonly kind: 'function'; readonly name: 'WhoAmI' }
  | { readonly kind: 'collection'; readonly type: EntityType }
  | { readonly kind: 'record'; readonly type: EntityType; readonly key: RowKey }

/** Names at the root that Dataverse knows and this package does not serve yet. */
const notYet = new Set([
  '$batch',
  '$metadata',
  'EntityDefinitions',
  'RelationshipDefinitions',
  'GlobalOptionSetDefinitions',
  'ManagedPropertyDefinitions',
  'RetrieveMetadataChanges',
  'RetrieveVersion',
  'RetrieveCurrentOrganization',
  'RetrieveTotalRecordCount',
  'RetrievePrincipalAccess',
  'GrantAccess',
  'ModifyAccess',
  'RevokeAccess',
  'Merge',
  'CreateMultiple',
  'UpdateMultiple',
  'UpsertMultiple',
  'DeleteMultiple',
  'BulkDelete',
  'InitializeFrom',
  'WinOpportunity',
  'LoseOpportunity',
  'CloseIncident',
  'CalculateRollupField',
])

/**
 * Reads the path behind the base path. A doubled slash counts as one.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#web-api-url-and-versions
 */
export function parseResource(path: string, model: Model): Resource {
  const [first, ...rest] = segmentsOf(decode(path))
  if (first === undefined) return { kind: 'service' }
  const { name, inside } = parseSegment(first)
  if (rest.length > 0 && (model.sets.has(name) || notYet.has(name))) {
    throw notEmulated(`What follows '${first}' in the URL, '/${rest.join('/')}',`)
  }
  if (notYet.has(name)) throw notEmulated(`'${name}'`)
  if (rest.length > 0) throw dataverseError('CrmHttpError', { segment: name })
  if (name === 'WhoAmI' && !inside) return { kind: 'function', name }
  const type = model.set(name)
  if (inside === undefined) return { kind: 'collection', type }
  return { kind: 'record', type, key: parseKey(type.table, inside) }
}

/** Reads `set(key)` where a payload refers to a row. */
export function parseRecord(path: string, model: Model): { readonly type: EntityType; readonly key: RowKey } {
  const resource = parseResource(path, model)
  if (resource.kind !== 'record') throw badRequest(`'${path}' does not name a row: write 'set(id)'.`)
  return resource
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw badRequest(`The URL has a malformed percent-encoding: '${path}'.`)
  }
}

/** Slashes within quotes do not separate. */
function segmentsOf(path: string): readonly string[] {
  return path.match(/(?:'[^']*(?:'|$)|[^/'])+/g) ?? []
}

/** `name` or `name(inside)`. */
function parseSegment(segment: string): { readonly name: string; readonly inside: string | undefined } {
  const open = segment.indexOf('(')
  if (open === -1) return { name: segment, inside: undefined }
  if (!segment.endsWith(')')) throw badRequest(`The parenthesis in '${segment}' is not closed.`)
  return { name: segment.slice(0, open), inside: segment.slice(open + 1, -1) }
}

/**
 * Reads a key: an id, the primary key by name, or an alternate key.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-alternate-key-reference-record#using-the-web-api
 */
function parseKey(table: TableDefinition, text: string): RowKey {
  if (isGuid(text.trim())) return text.trim().toLowerCase()
  if (text.includes('@')) throwIfAlias(text)
  const parts = parseKeyParts(text)
  if (!parts) throw badRequest(`The key '(${text})' is neither a GUID nor 'column=value' pairs.`)
  const names = parts.map(([name]) => name)
  const values = parts.map(([name, value]) => [columnOfKeyPart(table, name), value] as const)
  if (names.length === 1 && names[0] === table.primaryKey) {
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

function throwIfAlias(text: string): void {
  if (/^@|=@/.test(text)) throw notEmulated(`The parameter alias in the key '(${text})'`)
}

function parseKeyParts(text: string): readonly (readonly [string, string])[] | undefined {
  const part = /\s*(\w+)=('(?:[^']|'')*'|[^,']+)(,|$)/y
  const parts: [string, string][] = []
  while (part.lastIndex < text.length) {
    const [, name, value, end] = part.exec(text) ?? []
    if (name === undefined || value === undefined) return undefined
    parts.push([name, value.trim()])
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
