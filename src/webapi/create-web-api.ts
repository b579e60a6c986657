import type { MetadataStore, TableDefinition } from '../entities/index.ts'
import { randomBlocksOfIds } from '../internal/ids.ts'
import type { CustomApi } from '../plugins/index.ts'
import { dataverseError, type OrganizationService } from '../service/index.ts'
import { operationsOf } from '../service/platform-operations.ts'
import type { Exchange, PartContext } from './exchange.ts'
import { fromRequest, toResponse } from './fetch-adapter.ts'
import type { UploadSessions } from './files/upload.ts'
import { globalOptionSetMetadata } from './metadata/global-option-set.ts'
import { metadataLevelOf, withMetadata } from './metadata-level.ts'
import { createModel, modelOf } from './model.ts'
import { type Preferences, parsePreferences } from './preferences.ts'
import { MethodNotAllowed, notEmulated } from './refusals.ts'
import { refuseSolution, requestOptionsOf, type ServiceAs, serviceFor } from './request-options.ts'
import { failure, withoutBody } from './responses.ts'
import { answersOf } from './routes.ts'
import type { UserSettings } from './rows/formatted-values.ts'
import { formatsOf } from './rows/user-formats.ts'
import { type ServiceHeaderOptions, serviceHeadersFor } from './service-headers.ts'
import { parseAddress } from './url/address.ts'
import { parseParameters, readQueryOptions } from './url/query-options.ts'
import { parseResource, type Resource } from './url/resource.ts'
import type { WebAnswer, WebRequest } from './web-request.ts'

/** How a Web API is made. */
export interface WebApiOptions extends ServiceHeaderOptions {
  /** What is asked. */
  readonly service: OrganizationService
  /** The tables to serve, each as the entity set `collectionName`. */
  readonly tables: readonly TableDefinition[]
  /** The custom APIs to serve: functions by GET, actions by POST. */
  readonly customApis?: readonly CustomApi[]
  /** Where the API lives, without a slash at the end. Default `'/api/data/v9.2'`, which answers v9.0 and v9.1, too. */
  readonly basePath?: string
  /** The service of another user, for `MSCRMCallerID`. Left out: the header is refused. */
  readonly serviceAs?: ServiceAs
  /** Where the tables come from, instead of `tables`, and where they can be changed. Left out: changes are refused. */
  readonly metadata?: MetadataStore
  /** How formatted values are written. Default: `en-US`, in the time zone of the caller's `usersettings`, else in UTC. */
  readonly userSettings?: UserSettings
  /** The longest body that is read. Default 32 MB. */
  readonly maxBodyBytes?: number
  /** Told of every request, parts of batches included, that is answered with an error. */
  readonly onError?: ((error: unknown, request: WebRequest) => void) | undefined
  /** Makes the ids of requests and of batches' boundaries. Default: random GUIDs, 256 of which follow one another. */
  readonly ids?: () => string
}

/** A Web API: a function from `Request` to `Response`, and the same for servers that have neither. */
export interface WebApi {
  (request: Request): Promise<Response>
  /** What {@link toNodeListener} takes. */
  answer(request: WebRequest): Promise<WebAnswer>
}

/**
 * The Dataverse Web API (OData v4) in front of any {@link OrganizationService}: a function from `Request` to
 * `Response`, to be put behind any server. It never rejects: what fails is answered with the platform's code, status
 * and message, and what is not supported yet with 501 and its name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview
 * @example
 * const api = createWebApi({ service: dataverse, tables: dataverse.tables, serviceAs: dataverse.as })
 * const response = await api(new Request('http://localhost/api/data/v9.2/accounts?$select=name'))
 */
export function createWebApi({
  service,
  tables,
  customApis = [],
  basePath = '/api/data/v9.2',
  serviceAs,
  metadata,
  userSettings,
  maxBodyBytes = 32 * 1024 * 1024,
  onError,
  ids: newId = randomBlocksOfIds(),
  ...about
}: WebApiOptions): WebApi {
  let model = metadata ? modelOf(metadata) : createModel(tables)
  let optionSets = (metadata?.optionSets ?? []).map(globalOptionSetMetadata)
  const operations = operationsOf(customApis)
  const uploads: UploadSessions = new Map()
  const withServiceHeaders = serviceHeadersFor(about, newId)

  /** The whole order of handling a request, which may be a part of a batch. */
  async function answer(request: WebRequest, part?: PartContext): Promise<WebAnswer> {
    if (request.method === 'HEAD') return withoutBody(await answer(asGet(request), part))
    const finish = part === undefined ? withServiceHeaders : asIs
    let preferences: Preferences | undefined
    try {
      const current = metadata ? modelOf(metadata) : model
      if (metadata && current !== model) {
        model = current
        optionSets = metadata.optionSets.map(globalOptionSetMetadata)
      }
      refuseLongUrl(request)
      const address = parseAddress(request.url, basePath)
      preferences = parsePreferences(request.header('prefer'))
      const level = metadataLevelOf(request)
      const parameters = parseParameters(address.query)
      const resource: Resource =
        address.monitored === undefined
          ? parseResource(address.path, { model, operations, aliases: parameters })
          : { kind: 'backgroundOperation', id: address.monitored }
      if (preferences.respondAsync && resource.kind !== 'operation') {
        throw notEmulated("The preference 'respond-async', for anything but a custom API,")
      }
      const answers = answersOf(resource)
      const route = Object.hasOwn(answers, request.method) ? answers[request.method] : undefined
      if (!route) throw new MethodNotAllowed(request.method, Object.keys(answers))
      const options = readQueryOptions(address.query, parameters, route.options)
      if (resource.kind !== 'metadata' && resource.kind !== 'batch') refuseSolution(request)
      const found = part?.service ?? serviceFor(request, service, serviceAs)
      const asked = found instanceof Promise ? await found : found
      const exchange: Exchange = {
        request,
        address,
        baseUrl: address.origin + address.basePath,
        basePath: address.basePath,
        model,
        operations,
        optionSets,
        metadata,
        options,
        preferences,
        requestOptions: requestOptionsOf(request, options),
        maxBodyBytes,
        formats: () => formatsOf(asked, model, userSettings),
        uploads,
        service: asked,
        serviceFor: (other) => serviceFor(other, service, serviceAs),
        answerPart: answer,
        contentIds: part?.contentIds ?? none,
        newId,
      }
      const answered = await route.answer(exchange)
      return finish(level === 'minimal' ? answered : withMetadata(level, answered, exchange))
    } catch (error) {
      onError?.(error, request)
      return finish(failure(error, newId(), preferences))
    }
  }

  const handle = async (request: Request) => toResponse(await answer(fromRequest(request)))
  return Object.assign(handle, { answer: (request: WebRequest) => answer(request) })
}

/** The headers of the service stand on the batch, not on its parts. */
function asIs(answer: WebAnswer): WebAnswer {
  return answer
}

/** @see https://www.rfc-editor.org/rfc/rfc9110#name-head */
function asGet(request: WebRequest): WebRequest {
  const { url, isPart = false } = request
  return {
    method: 'GET',
    url,
    isPart,
    header: (name) => request.header(name),
    bytes: (limit) => request.bytes(limit),
  }
}

const none: ReadonlyMap<string, string> = new Map()

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/compose-http-requests-handle-errors#web-api-url-and-versions */
function refuseLongUrl({ url, isPart }: WebRequest): void {
  const limit = isPart ? 65_536 : 32_768
  if (url.length <= limit) return
  throw dataverseError(
    'ODataUriError',
    { reason: `The URL has ${url.length} characters, and at most ${limit} are allowed.` },
    { status: 414 },
  )
}
