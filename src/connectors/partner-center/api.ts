import { randomIds } from '../../internal/ids.ts'
import type { HttpMethod, HttpOptions, HttpResponse } from '../http.ts'
import { isPlainObject } from '../json.ts'
import type { PageRequest } from '../pages.ts'
import { ProviderError } from '../provider-error.ts'
import { meaningOf } from './failures.ts'
import type { PartnerCenterContext } from './settings.ts'
import { type TokensOptions, tokenFor } from './tokens.ts'

export interface PartnerCenterApiOptions extends TokensOptions {
  /** What calls, for Microsoft's telemetry. */
  readonly application: string
}

export interface PartnerCenterRequest {
  readonly body?: unknown
  readonly query?: HttpOptions['query']
  readonly headers?: Readonly<Record<string, string>>
  /** Makes a request that writes one that takes effect once. */
  readonly requestId?: string
  /** Only if the resource is still this one. */
  readonly etag?: string | undefined
  readonly tries?: number
}

/**
 * Partner Center over HTTP: its headers, its tokens, its error codes.
 *
 * @see https://learn.microsoft.com/partner-center/developer/headers
 */
export interface PartnerCenterApi {
  request<T>(method: HttpMethod, url: string, request?: PartnerCenterRequest): Promise<HttpResponse<T>>
  get<T>(url: string, request?: PartnerCenterRequest): Promise<T>
  post<T>(url: string, request: PartnerCenterRequest): Promise<T>
  page<T>(request: PageRequest): Promise<T>
}

export function partnerCenterApi(context: PartnerCenterContext, options: PartnerCenterApiOptions): PartnerCenterApi {
  async function request<T>(method: HttpMethod, url: string, asked: PartnerCenterRequest = {}) {
    const token = await tokenFor(context, options)
    try {
      return await send<T>(method, url, asked, token)
    } catch (error) {
      if (!ProviderError.isInstance(error) || error.details.status !== 401) throw error
      // It may have been revoked before its time; a new one that is refused as well is a finding.
      return await send<T>(method, url, asked, await tokenFor(context, options, token))
    }
  }

  async function send<T>(method: HttpMethod, url: string, asked: PartnerCenterRequest, token: string) {
    const { body, query, headers, etag, tries, requestId } = asked
    const customer = /^\/v1\/customers\/([^/?]+)/.exec(url)?.[1]
    const response = await context.http.request<T>(method, url, {
      body,
      ...(customer !== undefined && { customer }),
      ...(query && { query }),
      ...(tries !== undefined && { tries }),
      repeatable: method === 'GET' || method === 'HEAD' || requestId !== undefined,
      failures: meaningOf,
      headers: {
        authorization: `Bearer ${token}`,
        'ms-requestid': requestId ?? randomIds(),
        'ms-correlationid': randomIds(),
        'ms-contract-version': 'v1',
        'ms-partnercenter-application': options.application,
        'x-locale': 'en-US',
        ...(etag !== undefined && { 'if-match': quoted(etag) }),
        ...headers,
      },
    })
    return { ...response, body: camelCased(response.body) as T }
  }

  const get = async <T>(url: string, asked?: PartnerCenterRequest) => (await request<T>('GET', url, asked)).body
  return {
    request,
    get,
    post: async <T>(url: string, asked: PartnerCenterRequest) => (await request<T>('POST', url, asked)).body,
    page: ({ url, query, headers }) => get(url, { ...(query && { query }), ...(headers && { headers }) }),
  }
}

const quoted = (etag: string) => (/^(W\/)?"/.test(etag) ? etag : `"${etag}"`)

/** Some answers begin their names with capitals. */
function camelCased(body: unknown): unknown {
  if (!isPlainObject(body)) return body
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name.charAt(0).toLowerCase() + name.slice(1), value]),
  )
}
