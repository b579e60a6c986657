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
export function toResponse({ status, headers, body }: WebAnswer): Response {
  return new Response(body ?? null, { status, headers: headers as Record<string, string> })
}
