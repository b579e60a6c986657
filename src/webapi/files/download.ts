import { type Row, reference } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { content, empty, json } from '../responses.ts'
import { idOf } from '../rows/locate.ts'
import type { PropertyAddress } from '../rows/property.ts'
import type { WebAnswer } from '../web-request.ts'
import { CHUNK_BYTES } from './upload.ts'

/** A part of a file, and the file that it is a part of. */
interface FilePart {
  readonly bytes: Uint8Array
  readonly first: number
  readonly size: number
  readonly name: string
  readonly partial: boolean
}

/**
 * The bytes of a file column, all of them or a range.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data#download-files
 */
export async function downloadFile(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  const part = await partOf(exchange, address)
  if (!part) return empty(204)
  return content(part.partial ? 206 : 200, 'application/octet-stream', part.bytes, headersOf(part))
}

/** A range of a file as base64 in JSON: what a file column answers when it is asked for without `$value`, by a range. */
export async function downloadAsJson(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  const part = await partOf(exchange, address)
  if (!part) return empty(204)
  const { collectionName } = address.row.type.table
  const body = {
    '@odata.context': `${exchange.baseUrl}/$metadata#${collectionName}/${address.property}`,
    value: Buffer.from(part.bytes).toString('base64'),
  }
  return json(206, body, headersOf(part))
}

/** Takes the file out of a column. */
export async function removeFile(exchange: Exchange, { row, column }: PropertyAddress): Promise<WebAnswer> {
  const { service, requestOptions } = exchange
  const { logicalName } = row.type.table
  const found: Row = await service.retrieve<string, string>(logicalName, await idOf(row, exchange), [column])
  if (found[column] !== null) await service.execute('DeleteFile', { FileId: found[column] }, requestOptions)
  return empty(204)
}

function headersOf({ bytes, first, size, name, partial }: FilePart): Record<string, string> {
  return {
    'Content-Disposition': `attachment; filename="${name.replace(/[^\x20-\x7e]|["\\]/gu, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    // A header takes ASCII only: other characters are percent-encoded.
    'x-ms-file-name': name.replace(/[^\x20-\x7e]/gu, encodeURIComponent),
    'x-ms-file-size': String(size),
    'Accept-Ranges': 'bytes',
    ...(partial ? { 'Content-Range': `bytes ${first}-${first + bytes.length - 1}/${size}` } : {}),
  }
}

async function partOf(exchange: Exchange, { row, column, property }: PropertyAddress): Promise<FilePart | undefined> {
  const { service, requestOptions, request } = exchange
  const { logicalName } = row.type.table
  const id = await idOf(row, exchange)
  const found: Row = await service.retrieve<string, string>(logicalName, id, [column])
  if (found[column] === null) return undefined
  const { FileContinuationToken, FileSizeInBytes, FileName } = await service.execute(
    'InitializeFileBlocksDownload',
    { Target: reference(logicalName, id), FileAttributeName: property },
    requestOptions,
  )
  const size = FileSizeInBytes as number
  const range = rangeOf(request.header('range'), size)
  const blocks: Uint8Array[] = []
  for (let from = range?.first ?? 0; from < (range?.end ?? size); from += CHUNK_BYTES) {
    const BlockLength = Math.min(CHUNK_BYTES, (range?.end ?? size) - from)
    const parameters = { FileContinuationToken, Offset: from, BlockLength }
    const { Data } = await service.execute('DownloadBlock', parameters, requestOptions)
    blocks.push(typeof Data === 'string' ? Buffer.from(Data, 'base64') : (Data as Uint8Array))
  }
  return {
    bytes: new Uint8Array(Buffer.concat(blocks)),
    first: range?.first ?? 0,
    size,
    name: FileName as string,
    partial: range !== undefined,
  }
}

/** `bytes=a-b`, cut at the end of the file. */
function rangeOf(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly end: number } | undefined {
  if (header === undefined) return undefined
  const [, from, to] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(header.trim()) ?? []
  if (from === undefined) throw badRequest(`The header 'Range' is '${header}', not such as 'bytes=0-9'.`)
  const first = Math.min(Number(from), size)
  return { first, end: Math.min(to === undefined || to === '' ? size : Number(to) + 1, size) }
}
