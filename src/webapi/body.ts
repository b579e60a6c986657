import { dataverseError } from '../service/index.ts'

/** The JSON object that a request carries; refuses anything else by name. */
export async function readJsonObject(
  request: Request,
  table: string,
  maxBytes: number,
): Promise<Readonly<Record<string, unknown>>> {
  const malformed = (reason: string) => dataverseError('MalformedPayload', { table, reason })
  refuseOtherContent(request, malformed)
  const bytes = await readBytes(request, maxBytes)
  const value = parse(bytes, malformed)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('A JSON object with the columns of one row is expected.')
  }
  return value as Readonly<Record<string, unknown>>
}

type Malformed = (reason: string) => Error

function refuseOtherContent({ headers }: Request, malformed: Malformed): void {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(';')
  if (type.trim() !== 'application/json') {
    throw malformed(`The content type is '${type.trim()}', but must be 'application/json'.`)
  }
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='))
  if (charset !== undefined && !/^charset="?utf-?8"?$/.test(charset)) {
    throw malformed(`The content has the ${charset}, but must be UTF-8.`)
  }
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') throw malformed(`The content encoding '${encoding}' is not known.`)
}

async function readBytes({ headers, body }: Request, maxBytes: number): Promise<Uint8Array> {
  const tooLarge = () => dataverseError('RequestLengthTooLarge', {})
  if (Number(headers.get('content-length')) > maxBytes) throw tooLarge()
  if (!body) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop cancels the stream, so that what is too long is not read to its end.
  for await (const chunk of body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function parse(bytes: Uint8Array, malformed: Malformed): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw malformed('The content is not valid UTF-8.')
  }
  if (text.trim() === '') throw malformed('The request has no content.')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw malformed(`The content is not valid JSON: ${(error as Error).message}`)
  }
}
