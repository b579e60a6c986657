import { FileAttachment } from '../../entities/file-attachment.ts'
import type { ColumnDefinition, TableDefinition } from '../../entities/index.ts'
import { idOf, layoutOf, type StoredRow, type StoredValue } from '../../query/index.ts'
import { dataverseError, type EntityReference } from '../../service/index.ts'
import type { Call } from './call.ts'
import { columnOf } from './encode.ts'
import type { Environment } from './environment.ts'
import { patchRow } from './patch-row.ts'
import type { View } from './store.ts'

/** The largest block of an upload or a download. */
export const MAX_BLOCK_BYTES = 4 * 1024 * 1024

/** A file as it is kept. */
export interface StoredFile {
  readonly id: string
  readonly name: string
  readonly mimeType: string
  readonly bytes: Uint8Array
}

/** An upload that has begun, or a download. They are no data: a fork or a reset knows nothing of them. */
export type Transfer =
  | {
      readonly kind: 'upload'
      readonly target: EntityReference
      readonly column: string
      readonly fileName: string
      readonly blocks: Map<string, Uint8Array>
    }
  | { readonly kind: 'download'; readonly file: StoredFile }

const transfers = new WeakMap<Environment, Map<string, Transfer>>()

/** Begins an upload or a download, and answers the token by which its blocks are known. */
export function beginTransfer({ environment }: Call, transfer: Transfer): string {
  let known = transfers.get(environment)
  if (!known) {
    known = new Map()
    transfers.set(environment, known)
  }
  const token = environment.newId()
  known.set(token, transfer)
  return token
}

export function transferOf<K extends Transfer['kind']>(
  { environment }: Call,
  token: string,
  kind: K,
): Extract<Transfer, { readonly kind: K }> {
  const transfer = transfers.get(environment)?.get(token)
  if (transfer?.kind !== kind) {
    throw dataverseError('InvalidArgument', { reason: `'${token}' is not the continuation token of a ${kind}.` })
  }
  return transfer as Extract<Transfer, { readonly kind: K }>
}

export function endTransfer({ environment }: Call, token: string): void {
  transfers.get(environment)?.delete(token)
}

/** The file or image column of this name; refuses any other. */
export function fileColumn(
  table: TableDefinition,
  name: string,
): Extract<ColumnDefinition, { readonly maxSizeInKb: number }> {
  const column = columnOf(table, name)
  if (column.type === 'file' || column.type === 'image') return column
  throw dataverseError('InvalidArgument', {
    reason: `'${name}' of '${table.logicalName}' is a column of type ${column.type}, and holds no file.`,
  })
}

const layout = layoutOf(FileAttachment)
const at = (name: string) => layout.positions.get(name)!
/** The bytes stand beside the row's columns, invisible to callers, in the same layers: forks share them. */
export const BYTES = layout.names.length

/** Puts a file into a file or image column, in place of what was there. */
export function putFile(
  call: Call,
  view: View,
  table: TableDefinition,
  id: string,
  column: string,
  file: Omit<StoredFile, 'id'>,
): StoredFile {
  const { type, maxSizeInKb } = fileColumn(table, column)
  if (file.bytes.length > maxSizeInKb * 1024) throw dataverseError('unManagedidsattachmentinvalidfilesize', {})
  if (type === 'image') {
    patchRow(call, view, table, id, { [column]: Buffer.from(file.bytes).toString('base64') })
    const imageId = view.get(table.logicalName, id)![layoutOf(table).positions.get(`${column}id`)!] as string
    return { ...file, id: imageId }
  }
  removeFile(call, view, table, id, column)
  const stored = { ...file, id: call.environment.newId() }
  const cells: StoredValue[] = new Array(layout.names.length).fill(null)
  cells[0] = stored.id
  cells[at('filename')] = file.name
  cells[at('mimetype')] = file.mimeType
  cells[at('filesizeinbytes')] = file.bytes.length
  cells[at('objectid')] = id
  cells[at('objecttypecode')] = table.logicalName
  cells[at('regardingfieldname')] = column
  cells[at('createdon')] = call.now().getTime()
  cells[at('versionnumber')] = ++call.environment.counters.rowVersion
  cells[BYTES] = Object.freeze({ bytes: file.bytes }) as never
  view.put(FileAttachment, cells)
  patchRow(call, view, table, id, { [column]: stored.id, [`${column}_name`]: file.name })
  return stored
}

/** The file in a column; `undefined`: none. */
export function fileIn(view: View, table: TableDefinition, row: StoredRow, column: string): StoredFile | undefined {
  const { type } = fileColumn(table, column)
  const value = row[layoutOf(table).positions.get(column)!] as string | null
  if (value === null) return undefined
  if (type === 'image') {
    const id = row[layoutOf(table).positions.get(`${column}id`)!] as string
    return { id, name: column, mimeType: 'image/png', bytes: new Uint8Array(Buffer.from(value, 'base64')) }
  }
  const file = view.get('fileattachment', value)
  return file && storedFile(file)
}

/** The file with this id, and where it is. */
export function fileWithId(view: View, id: string) {
  const row = view.get('fileattachment', id)
  if (!row) return undefined
  const text = (name: string) => row[at(name)] as string
  return { table: text('objecttypecode'), id: text('objectid'), column: text('regardingfieldname') }
}

/** Empties a file or image column. */
export function removeFile(call: Call, view: View, table: TableDefinition, id: string, column: string): void {
  const row = view.get(table.logicalName, id)
  const value = row?.[layoutOf(table).positions.get(column)!] as string | null | undefined
  if (!value) return
  const isFile = fileColumn(table, column).type === 'file'
  if (isFile && view.get('fileattachment', value)) view.delete(FileAttachment, value)
  patchRow(call, view, table, id, { [column]: null, ...(isFile ? { [`${column}_name`]: null } : {}) })
}

/** The files of a row that is gone go too. */
export function forgetFiles(view: View, table: TableDefinition, id: string): void {
  if (!Object.values(table.columns).some(({ type }) => type === 'file')) return
  for (const file of view.find('fileattachment', at('objectid'), id)) view.delete(FileAttachment, idOf(file))
}

function storedFile(row: StoredRow): StoredFile {
  return {
    id: idOf(row),
    name: row[at('filename')] as string,
    mimeType: row[at('mimetype')] as string,
    bytes: (row[BYTES] as unknown as { readonly bytes: Uint8Array }).bytes,
  }
}
