import { STATUS_CODES } from 'node:http'
import type { WebAnswer } from '../web-request.ts'

type Piece = string | Uint8Array

/** The answer to one request of a batch. */
export interface BatchedAnswer {
  readonly answer: WebAnswer
  readonly contentId: string | undefined
}

/** What a batch is answered with, in the order of its items. */
export type AnsweredItem =
  | { readonly kind: 'request'; readonly answered: BatchedAnswer }
  | { readonly kind: 'changeSet'; readonly answered: readonly BatchedAnswer[]; readonly boundary: string }

/**
 * Writes the answers of a batch. Clients take it apart line by line, so the order of headers is the platform's, and every
 * JSON text stays on one line.
 */
export function printBatch(items: readonly AnsweredItem[], boundary: string): string | Uint8Array<ArrayBuffer> {
  const pieces: Piece[] = []
  for (const item of items) {
    pieces.push(`--${boundary}\r\n`)
    if (item.kind === 'request') pieces.push(...printAnswer(item.answered))
    else {
      pieces.push(`Content-Type: multipart/mixed; boundary=${item.boundary}\r\n\r\n`)
      for (const answered of item.answered) pieces.push(`--${item.boundary}\r\n`, ...printAnswer(answered))
      pieces.push(`--${item.boundary}--\r\n`)
    }
  }
  pieces.push(`--${boundary}--\r\n`)
  return joined(pieces)
}

function printAnswer({ answer: { status, headers, body }, contentId }: BatchedAnswer): Piece[] {
  let head = 'Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n'
  if (contentId !== undefined) head += `Content-ID: ${contentId}\r\n`
  head += `\r\nHTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`
  for (const name in headers) {
    const value = headers[name]!
    const streamed = name === 'Content-Type' && status < 400 && value.startsWith('application/json')
    head += `${name}: ${value}${streamed ? '; odata.streaming=true' : ''}\r\n`
  }
  return body === undefined ? [`${head}\r\n`, '\r\n'] : [`${head}\r\n`, body, '\r\n']
}

/** Text as long as nothing else is among it. */
function joined(pieces: readonly Piece[]): string | Uint8Array<ArrayBuffer> {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('')
  return Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)))
}
