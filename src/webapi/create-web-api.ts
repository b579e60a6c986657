import type { TableDefinition } from '../entities/index.ts'
import { dataverseError, type OrganizationService } from '../service/index.ts'
import { createRow, listRows } from './collection.ts'
import type { Exchange } from './exchange.ts'
import { createModel, type Model } from './model.ts'
import { type Preferences, parsePreferences } from './preferences.ts'
import { parseQueryOptions } from './query-options.ts'
import { deleteRow, readRow, writeRow } from './record.ts'
import { MethodNotAllowed, notEmulated } from './refusals.ts'
import { requestOptionsOf, type ServiceAs, serviceFor } from './request-options.ts'
import { parseResource, type Resource } from './resource.ts'
import { failure, json } from './responses.ts'

/** How a Web API is made. */
export interface WebApiOptions {
  /** What is asked. */
  readonly service: OrganizationService
  /** The tables to serve, each as the entity set `collectionName`. */
  readonly tables: readonly TableDefinition[]
  /** Where the API lives, without a slash at the end. Default `'/api/data/v9.2'`. */
  readonly basePath?: string
  /** The service of another user, for `MSCRMCallerID`. Left out: the header is refused. */
  readonly serviceAs?: ServiceAs
  /** The longest body that is read. Default 32 MB. */
  readonly maxBodyBytes?: number
}

/**
 * The Dataverse Web API (OData v4) in front of any {@link OrganizationService}: a function from `Request` to
 * `Response`, to be put behind any server. It never rejects: what fails is answered with the platform's code, status
 * and message, and what is not supported yet with 501 and its name.
 *
 * Served are the service document, `WhoAmI`, reading, creating, updating, upserting and deleting rows by id and by
 * alternate key, `$select`, `$orderby`, `$top`, `$count` and paging.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/overview
 * @example
 * const api = createWebApi({ service: dataverse, tables: dataverse.tables, serviceAs: dataverse.as })
 * const response = await api(new Request('http://localhost/api/data/v9.2/accounts?$select=name'))
 */
export function createWebApi({
  service,
  tables,
  basePath = '/api/data/v9.2',
  serviceAs,
  maxBodyBytes = 32 * 1024 * 1024,
}: WebApiOptions): (request: Request) => Promise<Response> {
  const model = createModel(tables)

  return async function handle(request) {
    let preferences: Preferences | undefined
    try {
      const url = new URL(request.url)
      preferences = parsePreferences(request.headers.get('prefer'))
      refuseOtherMetadata(request)
      const resource = parseResource(pathBehind(basePath, url), model)
      const { options: allowed, answer } = operationOn(resource, request.method)
      const options = parseQueryOptions(url.searchParams, allowed)
      const exchange: Exchange = {
        request,
        url,
        baseUrl: `${url.origin}${basePath}`,
        basePath,
        model,
        options,
        preferences,
        requestOptions: requestOptionsOf(request, options),
        maxBodyBytes,
        service: await serviceFor(request, service, serviceAs),
      }
      return await answer(exchange)
    } catch (error) {
      return failure(error, preferences)
    }
  }
}

interface OperationOnResource {
  readonly options: Parameters<typeof parseQueryOptions>[1]
  answer(exchange: Exchange): Response | Promise<Response>
}

/** What a method does to a resource, and the query options that it takes. */
function operationOn(resource: Resource, method: string): OperationOnResource {
  const operations = operationsOf(resource)
  if (!Object.hasOwn(operations, method)) throw new MethodNotAllowed(method, Object.keys(operations))
  return operations[method]!
}

function operationsOf(resource: Resource): Readonly<Record<string, OperationOnResource>> {
  switch (resource.kind) {
    case 'service':
      return { GET: { options: [], answer: ({ baseUrl, model }) => serviceDocument(baseUrl, model) } }
    case 'function':
      return { GET: { options: ['tag'], answer: whoAmI } }
    case 'collection': {
      const { type } = resource
      return {
        GET: {
          options: ['$select', '$orderby', '$top', '$count', '$skiptoken', 'tag'],
          answer: (exchange) => listRows(exchange, type),
        },
        POST: { options: ['$select', 'tag'], answer: (exchange) => createRow(exchange, type) },
      }
    }
    case 'record': {
      const { type, key } = resource
      return {
        GET: { options: ['$select', 'tag'], answer: (exchange) => readRow(exchange, type, key) },
        PATCH: { options: ['$select', 'tag'], answer: (exchange) => writeRow(exchange, type, key) },
        DELETE: { options: ['tag'], answer: (exchange) => deleteRow(exchange, type, key) },
      }
    }
  }
}

function serviceDocument(baseUrl: string, { sets }: Model): Response {
  const value = [...sets.keys()].map((name) => ({ name, kind: 'EntitySet', url: name }))
  return json(200, { '@odata.context': `${baseUrl}/$metadata`, value })
}

/** @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/whoami */
async function whoAmI({ service, requestOptions, baseUrl }: Exchange): Promise<Response> {
  const answer = await service.execute('WhoAmI', {}, requestOptions)
  return json(200, { '@odata.context': `${baseUrl}/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`, ...answer })
}

function pathBehind(basePath: string, { pathname }: URL): string {
  if (pathname === basePath) return ''
  if (!pathname.startsWith(`${basePath}/`)) throw dataverseError('CrmHttpError', { segment: pathname })
  return pathname.slice(basePath.length)
}

function refuseOtherMetadata({ headers }: Request): void {
  const asked = /odata\.metadata=(full|none)/i.exec(headers.get('accept') ?? '')?.[0]
  if (asked) throw notEmulated(`'${asked}' in the header 'Accept'`)
}
