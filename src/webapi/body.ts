import { isUtf8 } from 'node:buffer'
import { dataverseError } from '../service/index.ts'
import type { WebRequest } from './web-request.ts'

type Malformed = (reason: string) => Error

/** The JSON object that a request carries; refuses anything else by name. `subject` is what the error names. */
export async function readJsonObject(
  request: WebRequest,
  subject: string,
  maxBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  const malformed = (reason: string) => dataverseError('MalformedPayload', { set: subject, reason })
  refuseOtherContent(request, malformed)
  const value = parse(await request.bytes(maxBytes), malformed)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('A JSON object is expected.')
  return value as Readonly<Record<string, unknown>>
}

/** The text that bytes in UTF-8 are, without a byte order mark; refuses other bytes. */
export function decodeText(bytes: Uint8Array, malformed: Malformed): string {
  if (!isUtf8(bytes)) throw malformed('The content is not valid UTF-8.')
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** All of a body; rejects as soon as it proves longer than `limit` bytes. */
export async function readStream(
  body: AsyncIterable<Uint8Array> | null,
  contentLength: string | null | undefined,
  limit: number,
): Promise<Uint8Array> {
  const tooLarge = () => dataverseError('RequestLengthTooLarge', {})
  if (Number(contentLength) > limit) throw tooLarge()
  if (!body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop cancels the stream, so that what is too long is not read to its end.
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
}

function refuseOtherContent(request: WebRequest, malformed: Malformed): void {
  const header = request.header('content-type') ?? ''
  if (header !== 'application/json') {
    const [type = '', ...parameters] = header.toLowerCase().split(';')
    if (type.trim() !== 'application/json') {
      throw malformed(`The content type is '${type.trim()}', but must be 'application/json'.`)
    }
    const charset = parameters
      .map((parameter) => parameter.trim())
      .find((parameter) => parameter.startsWith('charset='))
    if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
      throw malformed(`The content has the ${charset}, but must be UTF-8.`)
    }
  }
  const encoding = request.header('content-encoding')
  if (encoding !== undefined && encoding !== 'identity') {
    throw malformed(`The content encoding '${encoding}' is not known.`)
  }
}

function parse(bytes: Uint8Array, malformed: Malformed): unknown {
  const text = decodeText(bytes, malformed)
  if (text.trim() === '') throw malformed('The request has no content.')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(`The content is not valid JSON: ${(error as Error).message}`)
  }
}
