import { readStream } from './body.ts'
import type { WebAnswer, WebRequest } from './web-request.ts'

/** The request behind a `Request` of the Fetch standard. */
export function fromRequest(request: Request): WebRequest {
  return {
    method: request.method,
    url: request.url,
    header: (name) => request.headers.get(name) ?? undefined,
    bytes: (limit) =>
      readStream(request.body as AsyncIterable<Uint8Array> | null, request.headers.get('content-length'), limit),
  }
}

/** The answer as a `Response` of the Fetch standard. */
export function toResponse({ status, headers, serviceHeaders = [], body }: WebAnswer): Response {
  const response = new Response(body ?? null, { status, headers: headers as Record<string, string> })
  for (let at = 0; at < serviceHeaders.length; at += 2)
    response.headers.set(serviceHeaders[at]!, serviceHeaders[at + 1]!)
  return response
}
