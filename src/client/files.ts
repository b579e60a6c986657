import type { RowKey, TableRef } from '../service/index.ts'
import { type ApiAnswer, type ApiRequest, withQuery } from './http/api.ts'
import { prefer } from './http/prefer.ts'
import { keyPath } from './rows/key-path.ts'
import type { TableCatalog } from './tables/table-catalog.ts'

/** A file that goes into a column. */
export interface FileContent {
  readonly fileName: string
  readonly bytes: Uint8Array
}

export interface FileOptions {
  /** Bytes that go over the wire at once. Default: what the environment suggests, or 4 MB (4,194,304). */
  readonly chunkBytes?: number
}

/** Where a file is. */
export interface FilePlace {
  readonly table: TableRef
  readonly key: RowKey
  readonly column: string
}

type Send = (request: ApiRequest) => Promise<ApiAnswer>

const CHUNK = 4 * 1024 * 1024

/**
 * Puts a file into a file or image column: small ones in one request, others in chunks, one after the other.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data#upload-files
 */
export async function uploadFile(
  tables: TableCatalog,
  send: Send,
  place: FilePlace,
  { fileName, bytes }: FileContent,
  { chunkBytes }: FileOptions,
): Promise<void> {
  // In the query, because a header takes no letters beyond ASCII.
  const path = withQuery(await columnPath(tables, place), `x-ms-file-name=${encodeURIComponent(fileName)}`)
  const content = { 'Content-Type': 'application/octet-stream', ...prefer() }
  if (bytes.length <= (chunkBytes ?? CHUNK)) {
    await send({ method: 'PATCH', path, headers: content, body: bytes })
    return
  }
  const start = await send({ method: 'PATCH', path, headers: { ...prefer(), 'x-ms-transfer-mode': 'chunked' } })
  const { location } = start.headers
  if (location === undefined) throw new TypeError('The environment began an upload, but did not say where it goes on.')
  const suggested = Number(start.headers['x-ms-chunk-size'])
  const size = chunkBytes ?? (suggested > 0 ? suggested : CHUNK)
  for (let from = 0; from < bytes.length; from += size) {
    const to = Math.min(from + size, bytes.length)
    const range = `bytes ${from}-${to - 1}/${bytes.length}`
    const headers = { ...content, 'x-ms-file-name': encodeURIComponent(fileName), 'Content-Range': range }
    await send({ method: 'PATCH', path: location, headers, body: bytes.subarray(from, to) })
  }
}

/**
 * Reads the file in a column, in chunks; `undefined` where there is none.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data#download-files
 */
export async function downloadFile(
  tables: TableCatalog,
  send: Send,
  place: FilePlace,
  { chunkBytes = CHUNK }: FileOptions,
): Promise<FileContent | undefined> {
  const path = `${await columnPath(tables, place)}/$value`
  const chunks: Uint8Array[] = []
  let length = 0
  let fileName = ''
  for (;;) {
    const range = `bytes=${length}-${length + chunkBytes - 1}`
    const answer = await send({ method: 'GET', path, headers: { ...prefer(), Range: range, Accept: '*/*' } })
    if (answer.status === 204) return undefined
    chunks.push(answer.bytes)
    length += answer.bytes.length
    fileName ||= fileNameOf(answer)
    const total = Number(
      answer.headers['x-ms-file-size'] ?? /\/(\d+)$/.exec(answer.headers['content-range'] ?? '')?.[1],
    )
    // 200: the whole file, whatever was asked for.
    if (answer.status === 200 || !(length < total) || answer.bytes.length === 0) break
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return { fileName, bytes }
}

/** Empties the column. */
export async function deleteFile(tables: TableCatalog, send: Send, place: FilePlace): Promise<void> {
  await send({ method: 'DELETE', path: await columnPath(tables, place), headers: prefer() })
}

async function columnPath(tables: TableCatalog, { table, key, column }: FilePlace): Promise<string> {
  return `${keyPath(await tables.get(table), key)}/${encodeURIComponent(column)}`
}

/** A header takes ASCII only; the standard says how other characters are written, and the platform's own header may do so. */
function fileNameOf({ headers }: ApiAnswer): string {
  const disposition = headers['content-disposition'] ?? ''
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1] ?? headers['x-ms-file-name']
  const name = encoded ?? /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? ''
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
