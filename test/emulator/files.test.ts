import { expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { type OrganizationService, reference } from '../../src/service/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'

const Contract = defineTable({
  logicalName: 'new_contract',
  displayName: 'Contract',
  primaryName: 'new_name',
  columns: {
    new_name: column.text({ label: 'Name' }),
    new_scan: column.file({ label: 'Scan', maxSizeInKb: 1 }),
    new_logo: column.image({ label: 'Logo', maxSizeInKb: 1 }),
  },
})
const emulator = () => createEmulator({ tables: [Contract], now: '2026-03-01T09:30:15Z' })
const bytes = (...values: number[]) => new Uint8Array(values)

async function upload(service: OrganizationService, id: string, blocks: readonly Uint8Array[], column = 'new_scan') {
  const Target = reference(Contract, id)
  const begun = { Target, FileAttributeName: column, FileName: 'scan.pdf' }
  const { FileContinuationToken } = await service.execute('InitializeFileBlocksUpload', begun)
  for (const [at, BlockData] of blocks.entries()) {
    await service.execute('UploadBlock', { FileContinuationToken, BlockId: `b${at}`, BlockData })
  }
  return service.execute('CommitFileBlocksUpload', {
    FileContinuationToken,
    FileName: 'scan.pdf',
    MimeType: 'application/pdf',
    BlockList: blocks.map((_, at) => `b${at}`),
  })
}

async function download(service: OrganizationService, id: string, FileAttributeName = 'new_scan') {
  const begun = await service.execute('InitializeFileBlocksDownload', {
    Target: reference(Contract, id),
    FileAttributeName,
  })
  const { FileContinuationToken, FileSizeInBytes, FileName } = begun
  const parts: number[] = []
  while (parts.length < (FileSizeInBytes as number)) {
    const block = { FileContinuationToken, Offset: parts.length, BlockLength: 2 }
    parts.push(...((await service.execute('DownloadBlock', block)).Data as Uint8Array))
  }
  return { FileName, parts }
}

test('a file is uploaded in blocks, and downloaded in others', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, { new_name: 'C' })
  const { FileId, FileSizeInBytes } = await upload(dataverse, id, [bytes(1, 2, 3), bytes(4, 5)])
  expect(FileSizeInBytes).toBe(5)
  expect(await dataverse.retrieve(Contract, id, ['new_scan', 'new_scan_name'])).toEqual({
    new_scan: FileId,
    new_scan_name: 'scan.pdf',
  })
  expect(await download(dataverse, id)).toEqual({ FileName: 'scan.pdf', parts: [1, 2, 3, 4, 5] })
})

test('a later file takes the place of the earlier one, and deleting one empties the column', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, {})
  await upload(dataverse, id, [bytes(1)])
  const { FileId } = await upload(dataverse, id, [bytes(2)])
  expect(await dataverse.list('fileattachment', ['fileattachmentid', 'filesizeinbytes'])).toEqual([
    { fileattachmentid: FileId, filesizeinbytes: 1 },
  ])
  expect((await download(dataverse, id)).parts).toEqual([2])

  await dataverse.execute('DeleteFile', { FileId })
  expect(await dataverse.retrieve(Contract, id, ['new_scan', 'new_scan_name'])).toEqual({
    new_scan: null,
    new_scan_name: null,
  })
  await expect(download(dataverse, id)).rejects.toMatchObject({ name: 'ObjectDoesNotExist' })
  await expect(dataverse.execute('DeleteFile', { FileId })).rejects.toMatchObject({ name: 'ObjectDoesNotExist' })
})

test('a file goes with its row', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, {})
  await upload(dataverse, id, [bytes(1)])
  await dataverse.delete(Contract, id)
  expect(await dataverse.list('fileattachment')).toEqual([])
})

test('a fork shares the files of before, and has its own from then on', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, {})
  await upload(dataverse, id, [bytes(1)])
  const fork = dataverse.fork()
  await upload(fork, id, [bytes(2)])
  expect((await download(dataverse, id)).parts).toEqual([1])
  expect((await download(fork, id)).parts).toEqual([2])
  fork.reset()
  expect((await download(fork, id)).parts).toEqual([1])
})

test('what is handed in and out can be changed without touching the file', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, {})
  const block = bytes(1, 2)
  const Target = reference(Contract, id)
  const begun = { Target, FileAttributeName: 'new_scan', FileName: 'x' }
  const { FileContinuationToken } = await dataverse.execute('InitializeFileBlocksUpload', begun)
  await dataverse.execute('UploadBlock', { FileContinuationToken, BlockId: 'b', BlockData: block })
  block[0] = 9
  await dataverse.execute('CommitFileBlocksUpload', { FileContinuationToken, FileName: 'x', BlockList: ['b'] })
  const down = await dataverse.execute('InitializeFileBlocksDownload', { Target, FileAttributeName: 'new_scan' })
  const part = { FileContinuationToken: down.FileContinuationToken, Offset: 0, BlockLength: 2 }
  const { Data } = await dataverse.execute('DownloadBlock', part)
  ;(Data as Uint8Array)[0] = 9
  expect((await dataverse.execute('DownloadBlock', part)).Data).toEqual(bytes(1, 2))
})

test('what is too large, or no file, is refused, and changes nothing', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, {})
  const Target = reference(Contract, id)
  await expect(upload(dataverse, id, [new Uint8Array(1025)])).rejects.toMatchObject({
    name: 'unManagedidsattachmentinvalidfilesize',
  })
  await expect(upload(dataverse, id, [bytes(1)], 'new_name')).rejects.toThrow('holds no file')
  const begun = { Target, FileAttributeName: 'new_scan', FileName: 'x' }
  const { FileContinuationToken } = await dataverse.execute('InitializeFileBlocksUpload', begun)
  const commit = { FileContinuationToken, FileName: 'x', BlockList: ['b'] }
  await expect(dataverse.execute('CommitFileBlocksUpload', commit)).rejects.toThrow("No block 'b'")
  const block = { FileContinuationToken: 'x', BlockId: 'b', BlockData: 'AQ==' }
  await expect(dataverse.execute('UploadBlock', block)).rejects.toThrow('continuation token')
  await expect(dataverse.execute('UploadBlock', { ...block, BlockData: 'no base64' })).rejects.toThrow("'BlockData'")
  const huge = { ...block, FileContinuationToken, BlockData: new Uint8Array(4 * 1024 * 1024 + 1) }
  await expect(dataverse.execute('UploadBlock', huge)).rejects.toThrow('A block has at most')
  expect(await dataverse.retrieve(Contract, id, ['new_scan'])).toEqual({ new_scan: null })
})

test('a picture is written as base64, or uploaded, and has an id, a moment and an address', async () => {
  const dataverse = emulator()
  const id = await dataverse.create(Contract, { new_logo: 'AQID' })
  const columns = ['new_logo', 'new_logoid', 'new_logo_timestamp', 'new_logo_url'] as const
  const first = await dataverse.retrieve(Contract, id, columns)
  expect(first).toEqual({
    new_logo: 'AQID',
    new_logoid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    new_logo_timestamp: new Date('2026-03-01T09:30:15Z').getTime(),
    new_logo_url: expect.stringContaining(`Id=${id}`),
  })
  expect((await download(dataverse, id, 'new_logo')).parts).toEqual([1, 2, 3])

  await dataverse.update(Contract, id, { new_name: 'other' })
  expect(await dataverse.retrieve(Contract, id, columns)).toEqual(first)
  await upload(dataverse, id, [bytes(4)], 'new_logo')
  expect(await dataverse.retrieve(Contract, id, ['new_logo'])).toEqual({ new_logo: 'BA==' })
  await dataverse.update(Contract, id, { new_logo: null })
  expect(await dataverse.retrieve(Contract, id, columns)).toEqual({
    new_logo: null,
    new_logoid: null,
    new_logo_timestamp: null,
    new_logo_url: null,
  })
  await expect(dataverse.create(Contract, { new_logo: 'A'.repeat(1400) })).rejects.toMatchObject({
    name: 'unManagedidsattachmentinvalidfilesize',
  })
})
