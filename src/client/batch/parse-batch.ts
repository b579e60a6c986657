import { type ApiAnswer, textOf } from '../http/api.ts'

/** The answer to one request of a batch, with the content id that the request had in its change set. */
export interface PartAnswer extends ApiAnswer {
  readonly contentId: string | undefined
}

/** The answer to a part: of a request one, of a change set those of its requests, or the one that failed. */
export type ItemAnswer = PartAnswer | readonly PartAnswer[]

/** Whether an answer is that of a batch, and not a refusal of it. */
export function isBatchAnswer({ headers }: ApiAnswer): boolean {
  return boundaryOf(headers['content-type']) !== undefined
}

/**
 * Reads the answer to a batch.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api#batch-requests
 */
export function parseBatch(answer: ApiAnswer): readonly ItemAnswer[] {
  return partsOf(textOf(answer), boundaryOf(answer.headers['content-type'])!).map((part) => {
    const { headers, rest } = readHeaders(part)
    const inner = boundaryOf(headers['content-type'])
    if (inner === undefined) return parseAnswer(headers, rest)
    return partsOf(rest, inner).map((piece) => {
      const { headers: own, rest: message } = readHeaders(piece)
      return parseAnswer(own, message)
    })
  })
}

function boundaryOf(contentType: string | undefined): string | undefined {
  if (!/^multipart\/mixed/i.test(contentType ?? '')) return undefined
  return /boundary="?([^";]+)"?/i.exec(contentType!)?.[1]
}

/** What stands between the boundaries; what precedes the first and follows the last is nobody's. */
function partsOf(text: string, boundary: string): string[] {
  const parts: string[] = []
  let current: string[] | undefined
  for (const line of text.split(/\r?\n/)) {
    if (line === `--${boundary}` || line === `--${boundary}--`) {
      if (current) parts.push(current.join('\n'))
      if (line.endsWith('--') && line !== `--${boundary}`) return parts
      current = []
    } else current?.push(line)
  }
  return parts
}

function parseAnswer(partHeaders: Readonly<Record<string, string>>, message: string): PartAnswer {
  const end = message.indexOf('\n')
  const status = Number(/^HTTP\/\d(?:\.\d)?\s+(\d{3})/.exec(message)?.[1])
  const { headers, rest } = readHeaders(end === -1 ? '' : message.slice(end + 1))
  return {
    status,
    headers,
    bytes: new TextEncoder().encode(rest.replace(/\n+$/, '')),
    contentId: partHeaders['content-id'] ?? headers['content-id'],
  }
}

function readHeaders(text: string): { readonly headers: Record<string, string>; readonly rest: string } {
  const headers: Record<string, string> = {}
  let from = 0
  while (from < text.length) {
    const end = text.indexOf('\n', from)
    const line = end === -1 ? text.slice(from) : text.slice(from, end)
    from = end === -1 ? text.length : end + 1
    if (line === '') break
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return { headers, rest: text.slice(from) }
}
