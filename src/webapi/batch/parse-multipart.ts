import { dataverseError } from '../../service/index.ts'

/** One part of a multipart text: its headers, by lower-case name, and its content. */
export interface Part {
  readonly headers: ReadonlyMap<string, string>
  readonly content: string
}

/** The boundary that a content type names; `undefined` when it is not multipart/mixed. */
export function boundaryOf(contentType: string | undefined): string | undefined {
  const [, quoted, bare] =
    /^\s*multipart\/mixed\s*;(?:[^;]*;)*?\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType ?? '') ??
    []
  return quoted ?? bare
}

/**
 * Takes a multipart text apart. Lines end with CR and LF, as they must, or with LF alone, as some clients send them.
 * What stands before the first boundary does not count.
 */
export function parseMultipart(text: string, boundary: string): readonly Part[] {
  const delimiter = `--${boundary}`
  const parts: Part[] = []
  let from: number | undefined
  for (let at = text.indexOf(delimiter); at !== -1; at = text.indexOf(delimiter, at + delimiter.length)) {
    if (at > 0 && text[at - 1] !== '\n') continue
    const after = at + delimiter.length
    const last = text.startsWith('--', after)
    // A longer boundary that begins alike is another one.
    if (!last && !/^[ \t]*(\r?\n|$)/.test(text.slice(after, after + 80))) continue
    if (from !== undefined) parts.push(parsePart(withoutLineEnd(text.slice(from, at))))
    if (last) return parts
    from = text.indexOf('\n', after) + 1 || text.length
  }
  throw malformed(`The batch does not end with the boundary '${delimiter}--'.`)
}

/** Headers up to an empty line, and what follows it. */
export function parsePart(text: string): Part {
  const headers = new Map<string, string>()
  let at = 0
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end === -1 ? text.length : end).trim()
    at = end === -1 ? text.length : end + 1
    if (line === '') {
      if (headers.size === 0) continue
      break
    }
    const colon = line.indexOf(':')
    if (colon < 1) throw malformed(`The line '${line.slice(0, 80)}' in the batch is not a header.`)
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const known = headers.get(name)
    headers.set(name, known === undefined ? value : `${known},${value}`)
  }
  return { headers, content: text.slice(at) }
}

export function malformed(reason: string): Error {
  return dataverseError('MalformedPayload', { set: '$batch', reason })
}

/** The line end before a boundary belongs to the boundary. */
function withoutLineEnd(text: string): string {
  return text.endsWith('\r\n') ? text.slice(0, -2) : text.endsWith('\n') ? text.slice(0, -1) : text
}
