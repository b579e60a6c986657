import { randomUUID } from 'node:crypto'
import type { AxiosAdapter } from 'axios'
import type { TableDefinition } from '../entities/index.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { createTransport } from '../internal/http-transport.ts'
import {
  logicalNameOf,
  type OrganizationService,
  type QueryExpression,
  type RequestOptions,
  type Row,
  type RowKey,
  type TableRef,
} from '../service/index.ts'
import type { CustomApiDeclaration, Operation } from '../service/operation.ts'
import { operationsOf } from '../service/platform-operations.ts'
import type { Auth } from './auth/auth.ts'
import { createTokenSource } from './auth/token-source.ts'
import { collectBatch } from './batch/collect-batch.ts'
import { type BatchOptions, sendBatch } from './batch/send-batch.ts'
import { deleteFile, downloadFile, type FileContent, type FileOptions, type FilePlace, uploadFile } from './files.ts'
import type { ApiRequest, Exchange } from './http/api.ts'
import type { CallSettings } from './http/call-settings.ts'
import { createSecrets } from './http/redact.ts'
import { createRequester, type Requester, type RequestLogEntry } from './http/requester.ts'
import { defaultRetry, type RetryOptions } from './http/retry.ts'
import { allRows } from './query/rows.ts'
import { mapKey, mapService } from './schema-map/map-service.ts'
import { createTranslator, type SchemaMap } from './schema-map/schema-map.ts'
import { createService } from './service.ts'
import { createTableCatalog, type TableCatalog } from './tables/table-catalog.ts'

export interface DataverseClientOptions {
  /**
   * The environment, such as `https://contoso.crm4.dynamics.com`, or the Web API's base address, such as
   * `http://127.0.0.1:8365/api/data/v9.2`.
   */
  readonly url: string
  /** How the client proves who it is; left out: requests go without a token, which only the emulator takes. */
  readonly auth?: Auth
  /**
   * Tables whose definitions are taken at their word: entity sets, columns, and navigation properties called after their
   * column, as in the emulator. Left out: the environment is asked about each table once, which is right everywhere.
   */
  readonly tables?: readonly TableDefinition[]
  /** Custom APIs to be called by `execute`. */
  readonly customApis?: readonly CustomApiDeclaration[]
  /** Names and choice values that the environment has in place of ours. */
  readonly schemaMap?: SchemaMap
  readonly retry?: RetryOptions
  /** Milliseconds for one whole answer. Default: 130,000, a little more than the platform takes before it gives up. */
  readonly timeoutMs?: number
  /** Hears of every attempt. Never of queries, contents, headers or tokens. */
  readonly log?: (entry: RequestLogEntry) => void
  /** An axios adapter that takes the place of the network. */
  readonly adapter?: AxiosAdapter
  readonly clock?: Clock
  /** Numbers from 0 to 1, for the spread of retries. Default: `Math.random`. */
  readonly random?: () => number
}

/** A Dataverse environment over its Web API: the contract, and what only makes sense over a wire. */
export interface DataverseClient extends OrganizationService {
  /** The same environment as another user, by `systemuserid`. */
  as(userId: string): DataverseClient
  /** The same client, with settings for all its calls; they come on top of those that it has. */
  with(settings: CallSettings): DataverseClient
  /**
   * Runs `work` with a service whose requests go out together: once every call that was made waits, as one `$batch`. Calls
   * that need the answers of others go out in the next one. Not a transaction: for that, `execute('ExecuteTransaction')`.
   *
   * A call that fails rejects. Those after it are not run, and reject with `BatchStopped` (424), unless `continueOnError`.
   *
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
   * @example const [a, b] = await client.batch((service) => Promise.all([service.create(…), service.retrieve(…)]))
   */
  batch<T>(work: (service: OrganizationService) => T | Promise<T>, options?: BatchOptions): Promise<T>
  /**
   * All rows of a query, page by page.
   *
   * @example for await (const { name } of client.rows(select(Account, ['name']))) …
   */
  rows<R extends object = Row>(query: QueryExpression<R>, options?: RequestOptions): AsyncGenerator<R, void, undefined>
  /** Puts a file into a file or image column. */
  upload(table: TableRef, key: RowKey, column: string, file: FileContent, options?: FileOptions): Promise<void>
  /** Reads the file in a column; `undefined` where there is none. */
  download(table: TableRef, key: RowKey, column: string, options?: FileOptions): Promise<FileContent | undefined>
  /** Empties a file or image column. */
  deleteFile(table: TableRef, key: RowKey, column: string): Promise<void>
}

/** What the clients made of one another share. */
interface Shared {
  readonly requester: Requester
  readonly tables: TableCatalog
  readonly operations: ReadonlyMap<string, Operation>
  readonly schemaMap: SchemaMap | undefined
}

/**
 * Makes a client of a Dataverse environment. Nothing is sent, and neither axios nor MSAL loaded, before the first call.
 *
 * Requests that were throttled (429) are made again after the time that the environment asks for; those that got no answer,
 * or 408, 502, 503 or 504, only where making them twice comes to the same: GET, PUT and DELETE.
 *
 * @example
 * const dataverse = createDataverseClient({
 *   url: 'https://contoso.crm4.dynamics.com',
 *   auth: { tenantId, clientId, clientSecret },
 * })
 * const id = await dataverse.create(Account, { name: 'Fabrikam' })
 */
export function createDataverseClient(options: DataverseClientOptions): DataverseClient {
  const { auth, clock = systemClock } = options
  const baseUrl = baseUrlOf(options.url, auth !== undefined)
  const secrets = createSecrets()
  const requester = createRequester({
    baseUrl,
    transport: createTransport({ adapter: options.adapter, maxBytes: MAX_ANSWER }),
    tokens: auth && createTokenSource(auth, `${new URL(baseUrl).origin}/.default`, clock),
    secrets,
    retry: { ...defaultRetry, ...options.retry },
    timeoutMs: options.timeoutMs ?? 130_000,
    clock,
    random: options.random ?? Math.random,
    log: options.log ?? (() => {}),
  })
  return clientOf(
    {
      requester,
      tables: createTableCatalog(options.tables, (request) => requester.send(request, {})),
      operations: operationsOf(options.customApis ?? []),
      schemaMap: options.schemaMap,
    },
    {},
  )
}

function clientOf(shared: Shared, settings: CallSettings): DataverseClient {
  const { requester, tables, operations, schemaMap } = shared
  const inTheirWords = (exchange: Exchange) => createService({ exchange, tables, operations })
  const serviceOn = (exchange: Exchange) =>
    schemaMap ? mapService(inTheirWords(exchange), schemaMap) : inTheirWords(exchange)
  const send = (request: ApiRequest) => requester.send(request, settings)
  const service = serviceOn({
    send: (request) => (request.path.length > MAX_ADDRESS ? sendInBatch(shared, settings, request) : send(request)),
    sendTogether: async (requests) => {
      const [outcome] = await sendBatch(requester, settings, [requests], {}, randomUUID())
      if (outcome!.status === 'rejected') throw outcome!.reason
      return outcome!.value
    },
  })
  const place = (table: TableRef, key: RowKey, column: string): FilePlace =>
    schemaMap ? placeInTheirWords(schemaMap, { table, key, column }) : { table, key, column }

  return {
    ...service,
    as: (userId) => clientOf(shared, { ...settings, userId }),
    with: (more) => clientOf(shared, { ...settings, ...more }),
    batch: (work, options = {}) =>
      collectBatch(work, serviceOn, (items) => sendBatch(requester, settings, items, options, randomUUID())),
    rows: (query, options) => allRows(service, query, options),
    upload: (table, key, column, file, options = {}) =>
      uploadFile(tables, send, place(table, key, column), file, options),
    download: (table, key, column, options = {}) => downloadFile(tables, send, place(table, key, column), options),
    deleteFile: (table, key, column) => deleteFile(tables, send, place(table, key, column)),
  }
}

function placeInTheirWords(schemaMap: SchemaMap, { table, key, column }: FilePlace): FilePlace {
  const translator = createTranslator(schemaMap)
  const ours = logicalNameOf(table)
  return {
    table: translator.toTheirs.table(ours),
    key: mapKey(translator, ours, key),
    column: translator.toTheirs.column(ours, column),
  }
}

/** Dataverse takes addresses of 32 kB, what stands before it often no more than 8. Within a batch they may have 64. */
const MAX_ADDRESS = 7_500

async function sendInBatch({ requester }: Shared, settings: CallSettings, request: ApiRequest) {
  const [outcome] = await sendBatch(requester, settings, [request], {}, randomUUID())
  if (outcome!.status === 'rejected') throw outcome!.reason
  return outcome!.value[0]!
}

/** A page of 5,000 rows with long texts, or a block of a file, in bytes. */
const MAX_ANSWER = 256 * 1024 * 1024

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

function baseUrlOf(url: string, isAuthorised: boolean): string {
  const refuse = (why: string): never => {
    throw new TypeError(`createDataverseClient: the url '${url}' ${why}.`)
  }
  if (!URL.canParse(url)) refuse("is not an address: give one such as 'https://contoso.crm4.dynamics.com'")
  const { protocol, hostname, origin, pathname, username } = new URL(url)
  if (username !== '') refuse('carries credentials: give them as `auth`')
  if (protocol !== 'https:' && protocol !== 'http:') refuse('is neither https nor http')
  if (protocol === 'http:' && isAuthorised && !LOOPBACK.test(hostname)) {
    refuse('would send tokens that anybody on the way can read: use https')
  }
  const path = pathname.replace(/\/+$/, '')
  return origin + (/\/api\/data\/v\d+\.\d+$/.test(path) ? path : `${path}/api/data/v9.2`)
}
