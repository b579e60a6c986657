/** A request to the controls, as any server can make one: that of the Web API is one, too. */
export interface ControlRequest {
  readonly method: string
  /** Complete, with scheme and host. */
  readonly url: string
  /** The body; rejects when it is longer than `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>
}

/** What a request to the controls is answered with. */
export interface ControlAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
}

/** A request to the controls that cannot be served. */
export class ControlError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
  }
}

export function answer(status: number, body?: unknown, headers: Readonly<Record<string, string>> = {}): ControlAnswer {
  if (body === undefined) return { status, headers, body }
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) }
}

const MAX_BYTES = 64 * 1024

/** The JSON object in a request. */
export async function readObject(
  request: ControlRequest,
  maxBytes: number = MAX_BYTES,
): Promise<Readonly<Record<string, unknown>>> {
  const value = parse(await request.bytes(maxBytes))
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new ControlError(400, 'The content is a JSON object.')
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new ControlError(400, 'The content is not valid JSON.')
  }
}

/** The request behind a `Request` of the Fetch standard. */
export function fromRequest({ method, url, body }: Request): ControlRequest {
  return {
    method,
    url,
    async bytes(limit) {
      const chunks: Uint8Array[] = []
      let length = 0
      for await (const chunk of (body ?? []) as unknown as AsyncIterable<Uint8Array>) {
        length += chunk.byteLength
        if (length > limit) throw new ControlError(413, `The content is longer than ${limit} bytes.`)
        chunks.push(chunk)
      }
      return Buffer.concat(chunks)
    },
  }
}

export function toResponse({ status, headers, body }: ControlAnswer): Response {
  return new Response(body ?? null, { status, headers: { ...headers } })
}
