import { type EntityReference, reference } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { badRequest } from '../refusals.ts'
import { empty } from '../responses.ts'
import { idOf } from '../rows/locate.ts'
import type { PropertyAddress } from '../rows/property.ts'
import type { WebAnswer } from '../web-request.ts'

/** The size of a block, which clients are told. */
export const CHUNK_BYTES = 4 * 1024 * 1024
/** The most bytes that come in one request. */
const MOST_AT_ONCE = 128 * 1024 * 1024
/** Uploads that were begun and never finished are forgotten after so many others. */
const MOST_SESSIONS = 1000

/** An upload in several requests, between its first and its last. */
export interface UploadSession {
  readonly fileName: string
  readonly blocks: string[]
  received: number
}
export type UploadSessions = Map<string, UploadSession>

/**
 * Puts a file into a column: at once, or in blocks whose first request only begins.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data#upload-files
 */
export async function uploadFile(exchange: Exchange, address: PropertyAddress): Promise<WebAnswer> {
  const { request, options } = exchange
  const token = options.get('sessiontoken')
  if (token !== undefined) return uploadBlock(exchange, token)
  const fileName = request.header('x-ms-file-name') ?? options.get('x-ms-file-name')
  if (fileName === undefined || fileName === '') {
    throw badRequest("The name of the file is said in the header 'x-ms-file-name', or in the query.")
  }
  const target = reference(address.row.type.table.logicalName, await idOf(address.row, exchange))
  if (request.header('x-ms-transfer-mode')?.toLowerCase() === 'chunked') {
    return beginUpload(exchange, address, target, fileName)
  }
  const bytes = await request.bytes(MOST_AT_ONCE)
  const begun = await begin(exchange, address.column, target, fileName)
  const blocks: string[] = []
  for (let from = 0; from < bytes.length || from === 0; from += CHUNK_BYTES) {
    await send(exchange, begun, blocks, bytes.subarray(from, from + CHUNK_BYTES))
  }
  await commit(exchange, begun, fileName, blocks)
  return empty(204)
}

/** Begins an upload in blocks: the answer says where they go, and how large they are. */
async function beginUpload(
  exchange: Exchange,
  address: PropertyAddress,
  target: EntityReference,
  fileName: string,
): Promise<WebAnswer> {
  const { uploads, baseUrl } = exchange
  const token = await begin(exchange, address.column, target, fileName)
  if (uploads.size >= MOST_SESSIONS) uploads.delete(uploads.keys().next().value!)
  uploads.set(token, { fileName, blocks: [], received: 0 })
  return empty(200, {
    Location: `${baseUrl}${exchange.address.path}?sessiontoken=${encodeURIComponent(token)}`,
    'x-ms-chunk-size': String(CHUNK_BYTES),
    'Accept-Ranges': 'bytes',
    'Access-Control-Expose-Headers': 'x-ms-chunk-size',
  })
}

/** Takes one block. The last one makes the file of them. */
async function uploadBlock(exchange: Exchange, token: string): Promise<WebAnswer> {
  const { request, uploads } = exchange
  const session = uploads.get(token)
  if (!session) throw badRequest('The session token is not known: begin the upload again.')
  const range = request.header('content-range') ?? ''
  const [, first, last, total] = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(range) ?? []
  if (first === undefined) throw badRequest(`The header 'Content-Range' is '${range}', not such as 'bytes 0-9/20'.`)
  const bytes = await request.bytes(CHUNK_BYTES)
  if (Number(first) !== session.received || Number(last) - Number(first) + 1 !== bytes.length) {
    throw badRequest(
      `The range '${range}' does not fit: byte ${session.received} comes next, and ${bytes.length} came.`,
    )
  }
  await send(exchange, token, session.blocks, bytes)
  session.received += bytes.length
  if (session.received < Number(total)) return empty(206)
  uploads.delete(token)
  await commit(exchange, token, session.fileName, session.blocks)
  return empty(204)
}

async function begin(
  { service, requestOptions }: Exchange,
  column: string,
  target: EntityReference,
  fileName: string,
): Promise<string> {
  const { FileContinuationToken } = await service.execute(
    'InitializeFileBlocksUpload',
    { Target: target, FileAttributeName: column, FileName: fileName },
    requestOptions,
  )
  return FileContinuationToken as string
}

async function send(
  { service, requestOptions }: Exchange,
  token: string,
  blocks: string[],
  bytes: Uint8Array,
): Promise<void> {
  const BlockId = Buffer.from(String(blocks.length).padStart(6, '0')).toString('base64')
  blocks.push(BlockId)
  await service.execute('UploadBlock', { BlockId, BlockData: bytes, FileContinuationToken: token }, requestOptions)
}

async function commit(
  { service, requestOptions }: Exchange,
  token: string,
  FileName: string,
  blocks: readonly string[],
): Promise<void> {
  const parameters = { FileName, MimeType: 'application/octet-stream', BlockList: blocks, FileContinuationToken: token }
  await service.execute('CommitFileBlocksUpload', parameters, requestOptions)
}
