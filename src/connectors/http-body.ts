import { parseXml, type XmlElement } from '../internal/xml.ts'

/** How an answer is read: `auto` takes JSON and XML, whatever the provider calls it. */
export type ReadAs = 'json' | 'xml' | 'auto' | 'text' | 'bytes'

/** An answer's content: what it says, that it says nothing, or that it is not what was asked for. */
export type Decoded =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'empty'; readonly value: undefined }
  | { readonly kind: 'unreadable' }

const empty: Decoded = { kind: 'empty', value: undefined }
const unreadable: Decoded = { kind: 'unreadable' }

/** Never throws: an HTML page or half an object is `unreadable`. A byte order mark is not content. */
export async function decodeBody(bytes: Uint8Array, as: ReadAs): Promise<Decoded> {
  if (as === 'bytes') return bytes.length === 0 ? empty : { kind: 'value', value: bytes }
  const text = decodeText(bytes)
  if (text.trim() === '') return empty
  if (as === 'text') return { kind: 'value', value: text }
  const isXml = as === 'xml' || (as === 'auto' && text.trimStart().startsWith('<'))
  try {
    return { kind: 'value', value: isXml ? await readXml(text) : JSON.parse(text) }
  } catch {
    return unreadable
  }
}

/** A page in XHTML is well-formed, and still no answer. */
async function readXml(text: string): Promise<XmlElement> {
  const root = await parseXml(text)
  if (root.name.toLowerCase() === 'html') throw new TypeError('an HTML page')
  return root
}

export function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}

/** A body as it is sent, and what it is. */
export interface EncodedBody {
  readonly contentType: string
  readonly content: string | Uint8Array
}

/** A form and bytes go as they are, anything else as JSON. */
export function encodeBody(body: unknown): EncodedBody | undefined {
  if (body === undefined) return undefined
  if (body instanceof URLSearchParams) {
    return { contentType: 'application/x-www-form-urlencoded', content: body.toString() }
  }
  if (body instanceof Uint8Array) return { contentType: 'application/octet-stream', content: body }
  return { contentType: 'application/json', content: JSON.stringify(body) }
}

/** What a request says that it takes. */
export function acceptFor(as: ReadAs): string {
  switch (as) {
    case 'json':
      return 'application/json, text/plain;q=0.5'
    case 'xml':
      return 'application/xml, text/xml;q=0.9'
    case 'auto':
      return 'application/json, application/xml;q=0.9, text/xml;q=0.8'
    case 'text':
      return 'text/plain, */*;q=0.5'
    case 'bytes':
      return '*/*'
  }
}
