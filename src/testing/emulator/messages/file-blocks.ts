import { dataverseError, type EntityReference } from '../../../service/index.ts'
import type { Call } from '../call.ts'
import {
  beginTransfer,
  endTransfer,
  fileColumn,
  fileIn,
  fileWithId,
  MAX_BLOCK_BYTES,
  putFile,
  removeFile,
  transferOf,
} from '../files.ts'
import { findRow } from '../keys.ts'
import type { EmulatedMessage } from './message.ts'

/** What all of these have alike: they are of no table, and no steps listen to them. */
const plain = { table: null, id: null, target: {} } as const

const token = { FileContinuationToken: { type: 'String' } } as const
const place = { Target: { type: 'EntityReference' }, FileAttributeName: { type: 'String' } } as const

interface Place {
  readonly Target: EntityReference
  readonly FileAttributeName: string
}

function tableOf(call: Call, { Target, FileAttributeName }: Place) {
  const table = call.environment.schema.table(Target.logicalName)
  fileColumn(table, FileAttributeName)
  findRow(call.view, table, Target.id)
  return table
}

/**
 * Begins to upload a file into a column, block by block.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export const initializeFileBlocksUpload: EmulatedMessage<Place & { readonly FileName: string }> = {
  name: 'InitializeFileBlocksUpload',
  parameters: { ...place, FileName: { type: 'String' } },
  handle(call, parameters) {
    const table = tableOf(call, parameters)
    const { Target, FileAttributeName, FileName } = parameters
    return {
      ...plain,
      message: 'InitializeFileBlocksUpload',
      readOnly: true,
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, Target.id), 'Write'),
      main: () => ({
        FileContinuationToken: beginTransfer(call, {
          kind: 'upload',
          target: Target,
          column: FileAttributeName,
          fileName: FileName,
          blocks: new Map(),
        }),
      }),
    }
  },
}

interface UploadBlock {
  readonly BlockId: string
  /** Bytes, or base64 as over the Web API. */
  readonly BlockData: unknown
  readonly FileContinuationToken: string
}

export const uploadBlock: EmulatedMessage<UploadBlock> = {
  name: 'UploadBlock',
  parameters: { ...token, BlockId: { type: 'String' }, BlockData: { type: 'Bytes' } },
  handle(call, { BlockId, BlockData, FileContinuationToken }) {
    const bytes = BlockData as Uint8Array
    if (bytes.length > MAX_BLOCK_BYTES) {
      throw dataverseError('InvalidArgument', { reason: `A block has at most ${MAX_BLOCK_BYTES} bytes.` })
    }
    return {
      ...plain,
      message: 'UploadBlock',
      readOnly: true,
      main() {
        transferOf(call, FileContinuationToken, 'upload').blocks.set(BlockId, bytes)
        return {}
      },
    }
  },
}

interface CommitFileBlocksUpload {
  readonly FileName: string
  readonly MimeType?: string
  readonly BlockList: readonly string[]
  readonly FileContinuationToken: string
}

/** Makes a file of the blocks, in the order of the list. */
export const commitFileBlocksUpload: EmulatedMessage<CommitFileBlocksUpload> = {
  name: 'CommitFileBlocksUpload',
  parameters: {
    ...token,
    FileName: { type: 'String' },
    MimeType: { type: 'String', optional: true },
    BlockList: { type: 'StringArray' },
  },
  handle(call, { FileName, MimeType = 'application/octet-stream', BlockList, FileContinuationToken }) {
    const { target, column, blocks } = transferOf(call, FileContinuationToken, 'upload')
    const table = call.environment.schema.table(target.logicalName)
    const parts = BlockList.map((id) => {
      const block = blocks.get(id)
      if (!block) throw dataverseError('InvalidArgument', { reason: `No block '${id}' was uploaded.` })
      return block
    })
    return {
      ...plain,
      message: 'CommitFileBlocksUpload',
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, target.id), 'Write'),
      main(view) {
        findRow(view, table, target.id)
        const bytes = new Uint8Array(Buffer.concat(parts))
        const { id } = putFile(call, view, table, target.id, column, { name: FileName, mimeType: MimeType, bytes })
        endTransfer(call, FileContinuationToken)
        return { FileId: id, FileSizeInBytes: bytes.length }
      },
    }
  },
}

export const initializeFileBlocksDownload: EmulatedMessage<Place> = {
  name: 'InitializeFileBlocksDownload',
  parameters: place,
  handle(call, parameters) {
    const table = tableOf(call, parameters)
    const { Target, FileAttributeName } = parameters
    return {
      ...plain,
      message: 'InitializeFileBlocksDownload',
      readOnly: true,
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, Target.id), 'Read'),
      main(view) {
        const file = fileIn(view, table, findRow(view, table, Target.id), FileAttributeName)
        if (!file) {
          const message = `No file is in '${FileAttributeName}' of '${table.logicalName}' With Id = ${Target.id}.`
          throw dataverseError('ObjectDoesNotExist', { table: 'fileattachment', id: Target.id }, { message })
        }
        return {
          FileContinuationToken: beginTransfer(call, { kind: 'download', file }),
          FileSizeInBytes: file.bytes.length,
          FileName: file.name,
          MimeType: file.mimeType,
          IsChunkingSupported: true,
        }
      },
    }
  },
}

interface DownloadBlock {
  readonly FileContinuationToken: string
  readonly Offset: number
  readonly BlockLength: number
}

export const downloadBlock: EmulatedMessage<DownloadBlock> = {
  name: 'DownloadBlock',
  parameters: { ...token, Offset: { type: 'Integer' }, BlockLength: { type: 'Integer' } },
  handle(call, { FileContinuationToken, Offset, BlockLength }) {
    const { bytes } = transferOf(call, FileContinuationToken, 'download').file
    if (Offset < 0 || Offset > bytes.length || BlockLength < 1) {
      throw dataverseError('InvalidArgument', { reason: `The file has ${bytes.length} bytes.` })
    }
    return {
      ...plain,
      message: 'DownloadBlock',
      readOnly: true,
      main: () => ({ Data: bytes.slice(Offset, Offset + Math.min(BlockLength, MAX_BLOCK_BYTES)) }),
    }
  },
}

export const deleteFile: EmulatedMessage<{ readonly FileId: string }> = {
  name: 'DeleteFile',
  parameters: { FileId: { type: 'Guid' } },
  handle(call, { FileId }) {
    const place = fileWithId(call.view, FileId)
    if (!place) throw dataverseError('ObjectDoesNotExist', { table: 'fileattachment', id: FileId })
    const table = call.environment.schema.table(place.table)
    return {
      ...plain,
      message: 'DeleteFile',
      authorize: (access, view) => access.requireRow(view, table, findRow(view, table, place.id), 'Write'),
      main(view) {
        removeFile(call, view, table, place.id, place.column)
        return {}
      },
    }
  },
}
