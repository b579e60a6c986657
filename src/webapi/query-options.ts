import { badRequest, notEmulated } from './refusals.ts'

/** The options that this package reads. */
export type QueryOption = '$select' | '$orderby' | '$top' | '$count' | '$skiptoken' | 'tag'
export type QueryOptions = ReadonlyMap<QueryOption, string>

const supported: readonly string[] = ['$select', '$orderby', '$top', '$count', '$skiptoken', 'tag']
const notYet = ['$filter', '$expand', '$apply', '$deltatoken', '$id', 'fetchXml', 'savedQuery', 'userQuery', 'sql']
const alsoNotYet = ['partitionId', 'annotations']
/** Options of OData that Dataverse itself does not have. */
const never = ['$skip', '$search', '$format', '$compute', '$levels']

/**
 * Reads the query of a URL. An option that is not understood, or has no meaning at this place, is refused by name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/overview#odata-query-options
 */
export function parseQueryOptions(search: URLSearchParams, here: readonly QueryOption[]): QueryOptions {
  const options = new Map<QueryOption, string>()
  for (const [name, value] of search) {
    if (never.includes(name)) throw notEmulated(`The query option '${name}', which Dataverse does not support either,`)
    if (notYet.includes(name) || alsoNotYet.includes(name)) throw notEmulated(`The query option '${name}'`)
    if (name.startsWith('@')) throw notEmulated(`The parameter alias '${name}'`)
    if (!supported.includes(name)) throw badRequest(`The query parameter ${name} is not supported`)
    if (!here.includes(name as QueryOption)) throw badRequest(`The query option '${name}' has no meaning here.`)
    if (options.has(name as QueryOption)) throw badRequest(`The query option '${name}' is given more than once.`)
    options.set(name as QueryOption, value)
  }
  return options
}
