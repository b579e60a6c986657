import type { IncomingMessage, ServerResponse } from 'node:http'
import { readStream } from './body.ts'
import type { WebAnswer, WebRequest } from './web-request.ts'

/** What answers a request: `createWebApi(…).answer`. */
type Answer = (request: WebRequest) => Promise<WebAnswer>

/**
 * Puts a Web API behind Node's own HTTP server, without a `Request` and a `Response` in between: several times as many
 * requests per second as through them.
 *
 * @example
 * const api = createWebApi({ service: dataverse, tables: dataverse.tables })
 * createServer(toNodeListener(api.answer)).listen(8365)
 */
export function toNodeListener(answer: Answer): (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void> {
  return async (incoming, outgoing) => {
    const { status, headers, body } = await answer(fromIncoming(incoming))
    // The client has gone: nobody is left to answer.
    if (outgoing.destroyed) return
    const length = body === undefined ? 0 : typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength
    // Without a length Node would send even a short answer in chunks. 204 and 304 have none.
    const lengths = status === 204 || status === 304 ? {} : { 'Content-Length': length }
    outgoing.writeHead(status, { ...headers, ...lengths })
    outgoing.end(incoming.method === 'HEAD' ? undefined : body)
  }
}

/** The request behind one of Node's HTTP server. */
export function fromIncoming(incoming: IncomingMessage): WebRequest {
  const { method = 'GET', headers, url = '/' } = incoming
  const encrypted = 'encrypted' in incoming.socket && incoming.socket.encrypted === true
  return {
    method,
    url: url.startsWith('/') ? `${encrypted ? 'https' : 'http'}://${headers.host ?? 'localhost'}${url}` : url,
    header(name) {
      const value = headers[name]
      return Array.isArray(value) ? value.join(',') : value
    },
    bytes: (limit) => readStream(incoming, headers['content-length'], limit),
  }
}
