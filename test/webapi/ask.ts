import { createWebApi, type WebApi, type WebApiOptions } from '../../src/webapi/index.ts'

export const BASE = 'http://localhost:8365/api/data/v9.2'
export const nowhere = '11111111-1111-4111-8111-111111111111'
export const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
export const annotated = { Prefer: 'odata.include-annotations="*"' }

export type Headers = Record<string, string>
export interface Answer {
  status: number
  headers: globalThis.Headers
  /** The body as it came. */
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an answer is what is tested
  body: any
}

/** A client that knows nothing of OData: what is tested is what goes over the wire. */
export function clientOf(options: WebApiOptions) {
  const api: WebApi = createWebApi(options)
  const ask = async (method: string, path: string, payload?: unknown, headers: Headers = {}): Promise<Answer> => {
    const body = payload === undefined ? null : typeof payload === 'string' ? payload : JSON.stringify(payload)
    const type: Headers = body === null ? {} : { 'Content-Type': 'application/json; charset=utf-8' }
    const url = /^https?:/.test(path) ? path : `${BASE}${path}`
    const response = await api(new Request(url, { method, body, headers: { ...type, ...headers } }))
    const bytes = Buffer.from(await response.arrayBuffer())
    const text = bytes.toString('utf8')
    const isJson = response.headers.get('content-type')?.startsWith('application/json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    }
  }
  return {
    api,
    ask,
    get: (path: string, headers?: Headers) => ask('GET', path, undefined, headers),
    post: (path: string, payload?: unknown, headers?: Headers) => ask('POST', path, payload, headers),
    patch: (path: string, payload: unknown, headers?: Headers) => ask('PATCH', path, payload, headers),
    put: (path: string, payload: unknown, headers?: Headers) => ask('PUT', path, payload, headers),
    remove: (path: string, headers?: Headers) => ask('DELETE', path, undefined, headers),
    /** Sends a batch whose lines are given as they go over the wire, joined by `lineEnd`. */
    batch: (lines: readonly string[], headers: Headers = {}, lineEnd = '\r\n') =>
      ask('POST', '/$batch', lines.join(lineEnd), {
        'Content-Type': 'multipart/mixed; boundary="batch_1"',
        ...headers,
      }),
  }
}
export type Client = ReturnType<typeof clientOf>

/** A text in which an id stands as `ID`, and a GUID that the Web API made as `GUID`. */
export function withoutGuids(text: string): string {
  return text.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'GUID')
}
