import { dataverseError, type Row } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { quoted } from '../json-text.ts'
import type { EntityType } from '../model.ts'
import { badRequest } from '../refusals.ts'
import { content, json } from '../responses.ts'
import type { QueryOption } from '../url/query-options.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingFor } from './annotating.ts'
import { encodeRow } from './encode-row.ts'
import { readPlanOf } from './read-plan.ts'

/** What the message RetrieveEntityChanges answers. */
interface EntityChanges {
  readonly Changes: readonly {
    readonly Type: 'NewOrUpdated' | 'RemoveOrDeleted'
    readonly Id: string
    readonly NewOrUpdatedEntity?: Row
  }[]
  readonly DataToken: string
}

const unsupported: readonly QueryOption[] = ['$filter', '$orderby', '$expand', '$top']

/**
 * The rows of a table with a link that leads to what changes from now on; or, by such a link, what has changed.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export async function trackedChanges(exchange: Exchange, type: EntityType): Promise<WebAnswer> {
  const { baseUrl, options, preferences } = exchange
  const beside = unsupported.find((name) => options.has(name))
  if (beside) throw badRequest(`The "${beside}" query parameter isn't supported when Change Tracking is enabled.`)
  const { collectionName } = type.table
  const plan = readPlanOf(exchange.model, type, options)
  const token = options.get('$deltatoken')
  const { Changes, DataToken } = await changesOf(exchange, type, plan.read, token)
  const rows = Changes.flatMap(({ NewOrUpdatedEntity: row }) => (row ? [row] : []))
  const annotating = await annotatingFor(exchange, plan.shape, rows)
  const context = `${baseUrl}/$metadata#${collectionName}`
  const members = Changes.map(({ Id, NewOrUpdatedEntity: row }) => {
    if (row) return `{${encodeRow(plan.shape, row, annotating)}}`
    return `{"@odata.context":"${context}/$deletedEntity","id":"${Id}","reason":"deleted"}`
  })
  const delta = token === undefined ? '' : '/$delta'
  const text = [
    `"@odata.context":"${context}${plan.context}${delta}"`,
    `"@odata.deltaLink":${quoted(deltaLink(exchange, DataToken))}`,
    `"value":[${members.join(',')}]`,
  ]
  return json(200, `{${text.join(',')}}`, preferences.applied({ tracked: preferences.trackChanges }))
}

/** How many rows have changed since a token, as a plain number. */
export async function countChanges(exchange: Exchange, type: EntityType): Promise<WebAnswer> {
  const { Changes } = await changesOf(exchange, type, [type.table.primaryKey], exchange.options.get('$deltatoken'))
  return content(200, 'text/plain', `\ufeff${Changes.length}`)
}

async function changesOf(
  { service, requestOptions }: Exchange,
  { table }: EntityType,
  Columns: readonly string[],
  token: string | undefined,
): Promise<EntityChanges> {
  if (!table.changeTracking) throw dataverseError('ChangeTrackingNotEnabledForEntity', { table: table.logicalName })
  const answer = await service.execute(
    'RetrieveEntityChanges',
    { EntityName: table.logicalName, Columns, ...(token === undefined ? {} : { DataVersion: token }) },
    requestOptions,
  )
  return answer.EntityChanges as EntityChanges
}

/** The URL of the request, with the token in the place of an earlier one. */
function deltaLink({ baseUrl, address }: Exchange, token: string): string {
  const options = address.query.split('&').filter((option) => option !== '' && !/^(\$|%24)deltatoken=/i.test(option))
  return `${baseUrl}${address.path}?${[...options, `$deltatoken=${encodeToken(token)}`].join('&')}`
}

/** As the platform writes it: `919042%2108%2f22%2f2017%2008%3a10%3a44`. */
function encodeToken(token: string): string {
  return encodeURIComponent(token)
    .replaceAll('!', '%21')
    .replace(/%[0-9A-F]{2}/g, (escaped) => escaped.toLowerCase())
}
