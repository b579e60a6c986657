import {
  dataverseError,
  type EntityReference,
  logicalNameOf,
  type OrganizationService,
  type QueryExpression,
  type QueryResult,
  type RequestOptions,
  type Row,
  type RowKey,
  type TableRef,
  type VersionedOptions,
  type WriteRequest,
} from '../service/index.ts'
import type { Operation } from '../service/operation.ts'
import { retrieveEntityChanges } from './changes.ts'
import { type ApiAnswer, type ApiRequest, type Exchange, textOf, withQuery } from './http/api.ts'
import { prefer } from './http/prefer.ts'
import { operationRequest, operationResult } from './operations/call-operation.ts'
import { planQuery } from './query/query-plan.ts'
import { decodeAll, decodeColumns, ROW_ANNOTATIONS, type WireRow } from './rows/decode-row.ts'
import { encodeRow, pathOf } from './rows/encode-row.ts'
import { keyPath } from './rows/key-path.ts'
import type { TableCatalog } from './tables/table-catalog.ts'
import { propertyOf, type TableInfo } from './tables/table-info.ts'

/** What the nine methods of the contract are built on. */
export interface ServiceParts {
  readonly exchange: Exchange
  readonly tables: TableCatalog
  readonly operations: ReadonlyMap<string, Operation>
}

/** The contract over the Web API: each method is one request, or several in one transaction. */
export function createService({ exchange, tables, operations }: ServiceParts): OrganizationService {
  const send = (request: ApiRequest, options: RequestOptions | undefined) =>
    exchange.send(withOptions(request, options))
  const infoOf = (table: TableRef) => tables.get(table)

  const link = async (
    method: 'associate' | 'disassociate',
    table: TableRef,
    id: string,
    relationship: string,
    related: readonly EntityReference[],
    options: RequestOptions | undefined,
  ) => {
    const from = await infoOf(table)
    const requests = await Promise.all(
      related.map(async (other) =>
        withOptions(await linkRequest(tables, method, from, id, relationship, other), options),
      ),
    )
    const [first, ...others] = requests
    if (first && others.length === 0) await exchange.send(first)
    else if (first) await exchange.sendTogether(requests)
  }

  const execute = async (message: string, given: Readonly<Record<string, unknown>> = {}, options?: RequestOptions) => {
    if (message === 'ExecuteTransaction') {
      const writes = (given.Requests ?? []) as readonly WriteRequest[]
      const requests = await Promise.all(writes.map((write) => writeRequest(tables, write)))
      if (requests.length === 0) return { Responses: [] }
      const answers = await exchange.sendTogether(requests.map((request) => withOptions(request, options)))
      return { Responses: answers.map((answer, at) => (writes[at]?.message === 'Create' ? { id: idOf(answer) } : {})) }
    }
    if (message === 'RetrieveEntityChanges') {
      return retrieveEntityChanges(tables, (request) => send(request, options), given as never)
    }
    const operation = operations.get(message)
    if (!operation) throw unknownMessage(message)
    const request = await operationRequest(tables, operation, given)
    const headers = { ...prefer(ROW_ANNOTATIONS), ...request.headers }
    return operationResult(tables, operation, given, await send({ ...request, headers }, options))
  }

  return {
    async create(table: TableRef, row: Row, options?: RequestOptions) {
      return idOf(await send(await createRequest(tables, await infoOf(table), row), options))
    },

    async retrieve(table: TableRef, key: RowKey, columns?: readonly string[], options?: RequestOptions) {
      const info = await infoOf(table)
      const answer = await send(retrieveRequest(info, key, columns), options)
      const row = JSON.parse(textOf(answer)) as WireRow
      return columns ? decodeColumns(info, columns, row) : decodeAll(info, row)
    },

    async update(table: TableRef, key: RowKey, changes: Row, options?: VersionedOptions) {
      await send(await updateRequest(tables, await infoOf(table), key, changes, options?.rowVersion), options)
    },

    async upsert(table: TableRef, key: RowKey, row: Row, options?: RequestOptions) {
      const info = await infoOf(table)
      const { status, ...answer } = await send(await upsertRequest(tables, info, key, row), options)
      const { [info.primaryKey]: id } = JSON.parse(textOf({ status, ...answer })) as WireRow
      return { id: String(id).toLowerCase(), created: status === 201 }
    },

    async delete(table: TableRef, key: RowKey, options?: VersionedOptions) {
      await send(deleteRequest(await infoOf(table), key, options?.rowVersion), options)
    },

    async retrieveMultiple(query: QueryExpression, options?: RequestOptions): Promise<QueryResult> {
      const { request, read } = await planQuery(tables, query)
      return read(await send(request, options))
    },

    associate: (table, id, relationship, related, options) =>
      link('associate', table, id, relationship, related, options),

    disassociate: (table, id, relationship, related, options) =>
      link('disassociate', table, id, relationship, related, options),

    execute,
    // The contract's types follow from the tables given; here a table is a name, and a row holds anything.
  } as OrganizationService
}

/**
 * The optional parameters of the contract, where the Web API takes them.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
 */
function withOptions(request: ApiRequest, options: RequestOptions = {}): ApiRequest {
  const { tag, bypassBusinessLogic = [], suppressDuplicateDetection: suppress } = options
  return {
    ...request,
    path: withQuery(request.path, tag === undefined ? '' : `tag=${encodeURIComponent(tag)}`),
    headers: {
      ...request.headers,
      ...(bypassBusinessLogic.length === 0
        ? {}
        : { 'MSCRM.BypassBusinessLogicExecution': bypassBusinessLogic.join(',') }),
      ...(suppress === undefined ? {} : { 'MSCRM.SuppressDuplicateDetection': String(suppress) }),
    },
  }
}

const JSON_CONTENT = { 'Content-Type': 'application/json' }

async function createRequest(tables: TableCatalog, table: TableInfo, row: Row): Promise<ApiRequest> {
  const body = JSON.stringify(await encodeRow(tables, table, row))
  return { method: 'POST', path: table.entitySet, headers: { ...prefer(), ...JSON_CONTENT }, body }
}

function retrieveRequest(table: TableInfo, key: RowKey, columns: readonly string[] | undefined): ApiRequest {
  const properties = columns?.length === 0 ? [table.primaryKey] : columns?.map((column) => propertyOf(table, column))
  const select = properties ? `$select=${[...new Set(properties)].map(encodeURIComponent).join(',')}` : ''
  return { method: 'GET', path: withQuery(keyPath(table, key), select), headers: prefer(ROW_ANNOTATIONS) }
}

/** With `If-Match`, because a PATCH without it creates the row that it does not find. */
async function updateRequest(
  tables: TableCatalog,
  table: TableInfo,
  key: RowKey,
  changes: Row,
  rowVersion: number | undefined,
): Promise<ApiRequest> {
  const headers = { ...prefer(), ...JSON_CONTENT, 'If-Match': rowVersion === undefined ? '*' : etag(rowVersion) }
  const body = JSON.stringify(await encodeRow(tables, table, changes))
  return { method: 'PATCH', path: keyPath(table, key), headers, body }
}

/** Answered with the key, because nothing else tells whether the row was there. */
async function upsertRequest(tables: TableCatalog, table: TableInfo, key: RowKey, row: Row): Promise<ApiRequest> {
  return {
    method: 'PATCH',
    path: `${keyPath(table, key)}?$select=${table.primaryKey}`,
    headers: { ...prefer(undefined, 'return=representation'), ...JSON_CONTENT },
    body: JSON.stringify(await encodeRow(tables, table, row)),
  }
}

function deleteRequest(table: TableInfo, key: RowKey, rowVersion: number | undefined): ApiRequest {
  const headers = { ...prefer(), ...(rowVersion === undefined ? {} : { 'If-Match': etag(rowVersion) }) }
  return { method: 'DELETE', path: keyPath(table, key), headers }
}

function etag(rowVersion: number): string {
  return `W/"${rowVersion}"`
}

async function writeRequest(tables: TableCatalog, write: WriteRequest): Promise<ApiRequest> {
  const table = 'table' in write ? await tables.get(write.table) : undefined
  switch (write.message) {
    case 'Create':
      return createRequest(tables, table!, write.row)
    case 'Update':
      return updateRequest(tables, table!, write.key, write.changes, write.rowVersion)
    case 'Delete':
      return deleteRequest(table!, write.key, write.rowVersion)
    default:
      throw dataverseError('InvalidArgument', {
        reason: `ExecuteTransaction runs Create, Update and Delete, not '${(write as { message: string }).message}'.`,
      })
  }
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/associate-disassociate-entities-using-web-api */
async function linkRequest(
  tables: TableCatalog,
  method: 'associate' | 'disassociate',
  table: TableInfo,
  id: string,
  relationship: string,
  other: EntityReference,
): Promise<ApiRequest> {
  const found = table.relationship(relationship)
  if (!found) {
    throw dataverseError('InvalidArgument', {
      reason: `'${table.logicalName}' has no relationship with the schema name '${relationship}'.`,
    })
  }
  const target = await pathOf(tables, other)
  const path = `${keyPath(table, id)}/${found.navigation}`
  if (method === 'associate') {
    return {
      method: found.kind === 'lookup' ? 'PUT' : 'POST',
      path: `${path}/$ref`,
      headers: { ...prefer(), ...JSON_CONTENT },
      body: JSON.stringify({ '@odata.id': target }),
    }
  }
  const which = found.kind === 'lookup' ? '' : `(${other.id.toLowerCase()})`
  return { method: 'DELETE', path: `${path}${which}/$ref`, headers: prefer() }
}

/** The address of what was created, or of what was changed under its id. */
function idOf({ headers }: ApiAnswer): string {
  const id = /\(([0-9a-f-]{36})\)$/i.exec(headers['odata-entityid'] ?? headers.location ?? '')?.[1]
  if (id !== undefined) return id.toLowerCase()
  throw dataverseError('UnExpected', { reason: 'The environment did not say the id of the row that it created.' })
}

function unknownMessage(message: string) {
  const reason =
    message === 'RunInTransaction'
      ? 'Code cannot be sent over a wire: use ExecuteTransaction.'
      : `The client does not know how '${message}' is called. Declare a custom API in 'customApis'.`
  return dataverseError('CrmHttpError', { segment: message }, { message: `'${logicalNameOf(message)}': ${reason}` })
}
