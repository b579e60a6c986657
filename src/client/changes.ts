import { dataverseError, type Row, reference } from '../service/index.ts'
import { type ApiAnswer, type ApiRequest, textOf } from './http/api.ts'
import { prefer } from './http/prefer.ts'
import { decodeAll, decodeColumns, ROW_ANNOTATIONS, type WireRow } from './rows/decode-row.ts'
import type { TableCatalog } from './tables/table-catalog.ts'
import { propertyOf, type TableInfo } from './tables/table-info.ts'

interface ChangesRequest {
  readonly EntityName: string
  readonly Columns?: readonly string[]
  readonly DataVersion?: string
}

interface ChangesAnswer {
  readonly value: readonly WireRow[]
  readonly '@odata.nextLink'?: string
  readonly '@odata.deltaLink'?: string
}

/**
 * The message RetrieveEntityChanges: the rows of a table, or what happened to them since a `DataVersion`. Over the Web API
 * that is a list with a delta link, whose token is the `DataToken`; its pages are put together.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
 */
export async function retrieveEntityChanges(
  tables: TableCatalog,
  send: (request: ApiRequest) => Promise<ApiAnswer>,
  { EntityName, Columns, DataVersion }: ChangesRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const table = await tables.get(EntityName)
  const columns = Columns && [...new Set([...Columns, table.primaryKey])]
  const select = columns
    ? [`$select=${columns.map((name) => encodeURIComponent(propertyOf(table, name))).join(',')}`]
    : []
  const since = DataVersion === undefined ? [] : [`$deltatoken=${encodeURIComponent(DataVersion)}`]
  const headers = prefer(ROW_ANNOTATIONS, ...(DataVersion === undefined ? ['odata.track-changes'] : []))
  const Changes: object[] = []
  let path: string | undefined = `${table.entitySet}?${[...select, ...since].join('&')}`
  let link: string | undefined
  while (path !== undefined) {
    const answer = JSON.parse(textOf(await send({ method: 'GET', path, headers }))) as ChangesAnswer
    for (const row of answer.value) Changes.push(changeOf(table, columns, row))
    link = answer['@odata.deltaLink']
    path = answer['@odata.nextLink']
  }
  return { EntityChanges: { Changes, DataToken: tokenOf(link), MoreRecords: false } }
}

function changeOf(table: TableInfo, columns: readonly string[] | undefined, row: WireRow): object {
  if (String(row['@odata.context']).endsWith('/$deletedEntity')) {
    const Id = String(row.id).toLowerCase()
    return { Type: 'RemoveOrDeleted', Id, RemovedItem: reference(table.logicalName, Id) }
  }
  const values: Row = columns ? decodeColumns(table, columns, row) : decodeAll(table, row)
  return { Type: 'NewOrUpdated', Id: values[table.primaryKey], NewOrUpdatedEntity: values }
}

function tokenOf(deltaLink: string | undefined): string {
  const token = /[?&](?:\$|%24)deltatoken=([^&]*)/.exec(deltaLink ?? '')?.[1]
  if (token !== undefined) return decodeURIComponent(token)
  throw dataverseError('UnExpected', { reason: 'The environment answered changes without a delta link.' })
}
