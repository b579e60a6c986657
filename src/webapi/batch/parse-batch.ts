import { badRequest } from '../refusals.ts'
import { boundaryOf, malformed, type Part, parseMultipart, parsePart } from './parse-multipart.ts'

/** One request of a batch, as it is written there. */
export interface BatchedRequest {
  readonly method: string
  /** Complete, relative, or beginning with a content id. */
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly content: string
  readonly contentId: string | undefined
}

/** What a batch consists of: requests, and change sets of several. */
export type BatchItem =
  | { readonly kind: 'request'; readonly request: BatchedRequest }
  | { readonly kind: 'changeSet'; readonly requests: readonly BatchedRequest[] }

const MAX_REQUESTS = 1000

/**
 * Reads a batch.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
 */
export function parseBatch(text: string, contentType: string | undefined): readonly BatchItem[] {
  const boundary = boundaryOf(contentType)
  if (boundary === undefined) throw malformed("The content type must be 'multipart/mixed' with a boundary.")
  const items = parseMultipart(text, boundary).map(parseItem)
  const count = items.reduce((sum, item) => sum + (item.kind === 'request' ? 1 : item.requests.length), 0)
  if (count > MAX_REQUESTS) {
    throw badRequest(`The batch has ${count} requests, and at most ${MAX_REQUESTS} are allowed.`)
  }
  return items
}

function parseItem(part: Part): BatchItem {
  const boundary = boundaryOf(part.headers.get('content-type'))
  if (boundary === undefined) return { kind: 'request', request: parseRequest(part) }
  return { kind: 'changeSet', requests: parseMultipart(part.content, boundary).map(parseRequest) }
}

/** `METHOD url HTTP/1.1`, headers, an empty line, the content. A space in the URL that should be encoded is let pass. */
function parseRequest({ headers: outer, content: text }: Part): BatchedRequest {
  const type = outer.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/http') throw malformed(`A part of the batch is '${type ?? ''}', not 'application/http'.`)
  const start = /^\s*/.exec(text)![0].length
  const end = text.indexOf('\n', start)
  const line = text.slice(start, end === -1 ? text.length : end).trim()
  const [, method, url] = /^([A-Za-z]+) +(\S.*?)(?: +HTTP\/\d\.\d)?$/.exec(line) ?? []
  if (method === undefined || url === undefined) {
    throw malformed(`The line '${line.slice(0, 80)}' in the batch is not a request: write 'GET url HTTP/1.1'.`)
  }
  // An empty line right after the request line ends the headers before any came.
  const rest = end === -1 ? '' : text.slice(end + 1)
  const bare = /^\r?\n/.exec(rest)
  const { headers, content } = bare ? { headers: new Map(), content: rest.slice(bare[0].length) } : parsePart(rest)
  return {
    method: method.toUpperCase(),
    url,
    headers,
    content,
    contentId: outer.get('content-id') ?? headers.get('content-id'),
  }
}
