import { badRequest, notEmulated } from '../refusals.ts'
import type { Aliases } from './literal.ts'

/** The options that this package reads. */
const queryOptions = [
  '$select',
  '$filter',
  '$orderby',
  '$expand',
  '$apply',
  '$top',
  '$count',
  '$skiptoken',
  '$deltatoken',
  '$id',
  'fetchXml',
  'savedQuery',
  'userQuery',
  'annotations',
  'size',
  'x-ms-file-name',
  'sessiontoken',
  'tag',
] as const
export type QueryOption = (typeof queryOptions)[number]

/** The query of a URL, read. */
export interface QueryOptions {
  /** As it stands in the URL. */
  readonly text: string
  get(name: QueryOption): string | undefined
  has(name: QueryOption): boolean
  readonly aliases: Aliases
}

const supported: ReadonlySet<string> = new Set(queryOptions)
const notYet: readonly string[] = ['sql', 'partitionId', 'partitionid']
/** Options of OData that Dataverse itself does not have. */
const never: readonly string[] = ['$skip', '$search', '$format', '$compute', '$levels']

/** The parameters of a query, not yet judged. */
export type Parameters = ReadonlyMap<string, string>
const none: Parameters = new Map()
const noOptions: QueryOptions = { text: '', get: () => undefined, has: () => false, aliases: none }

/** Takes the query of a URL apart. A plus is a space, and a stray ampersand or question mark is let pass. */
export function parseParameters(query: string): Parameters {
  if (query === '') return none
  const parameters = new Map<string, string>()
  for (const part of query.split('&')) {
    if (part === '' || part === '?') continue
    const equals = part.indexOf('=')
    const name = decode(equals === -1 ? part : part.slice(0, equals))
    if (parameters.has(name)) throw badRequest(`The query option '${name}' is given more than once.`)
    parameters.set(name, equals === -1 ? '' : decode(part.slice(equals + 1)))
  }
  return parameters
}

/**
 * Judges the parameters of a query: an option that is not understood, or has no meaning at this place, is refused by
 * name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview#odata-query-options
 */
export function readQueryOptions(text: string, parameters: Parameters, here: readonly QueryOption[]): QueryOptions {
  if (parameters.size === 0) return noOptions
  let aliases = none as Map<string, string>
  for (const [name, value] of parameters) {
    if (name.startsWith('@')) {
      if (aliases === none) aliases = new Map()
      aliases.set(name, value)
      continue
    }
    if (never.includes(name)) throw notEmulated(`The query option '${name}', which Dataverse does not support either,`)
    if (notYet.includes(name)) throw notEmulated(`The query option '${name}'`)
    if (!supported.has(name)) throw badRequest(`The query parameter ${name} is not supported`)
    if (!here.includes(name as QueryOption)) throw badRequest(`The query option '${name}' has no meaning here.`)
  }
  return {
    text,
    get: (name) => parameters.get(name),
    has: (name) => parameters.has(name),
    aliases,
  }
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw badRequest(`The URL has a malformed percent-encoding: '${text}'.`)
  }
}
