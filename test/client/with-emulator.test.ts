import { afterEach, expect, test } from 'vitest'
import { createDataverseClient, type DataverseClientOptions } from '../../src/client/index.ts'
import { column, DuplicateRule, DuplicateRuleCondition, defineTable } from '../../src/entities/index.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/index.ts'
import { serveEmulator } from './served.ts'

const Document = defineTable({
  logicalName: 'new_document',
  displayName: 'Document',
  primaryName: 'new_title',
  changeTracking: true,
  columns: { new_title: column.text({ label: 'Title' }), new_file: column.file({ label: 'File' }) },
})

let close = async (): Promise<void> => {}
afterEach(() => close())

async function start(
  options: EmulatorOptions,
  more: (dataverse: Emulator) => Partial<DataverseClientOptions> = () => ({}),
) {
  const dataverse = createEmulator({ tables: [Document], ...options })
  const served = await serveEmulator(dataverse)
  close = served.close
  return { dataverse, client: createDataverseClient({ url: served.url, ...more(dataverse) }) }
}

test('a file goes up in chunks, comes down as it was, and can be taken away', async () => {
  const { client } = await start({})
  const id = await client.create(Document, { new_title: 'Plan' })
  const bytes = Uint8Array.from({ length: 10_000 }, (_, at) => (at * 31) % 256)
  const read = () => client.download(Document, id, 'new_file', { chunkBytes: 4_096 })

  expect(await read()).toBe(undefined)
  await client.upload(Document, id, 'new_file', { fileName: 'Pläne ☃.bin', bytes }, { chunkBytes: 3_000 })
  expect(await read()).toEqual({ fileName: 'Pläne ☃.bin', bytes })
  await client.upload(Document, id, 'new_file', { fileName: 'small.bin', bytes: bytes.slice(0, 10) })
  expect(await read()).toEqual({ fileName: 'small.bin', bytes: bytes.slice(0, 10) })
  await client.deleteFile(Document, id, 'new_file')
  expect(await read()).toBe(undefined)
})

test('a file goes up and comes down block by block', async () => {
  const { client } = await start({})
  const place = {
    Target: { logicalName: 'new_document', id: await client.create(Document, { new_title: 'Plan' }) },
    FileAttributeName: 'new_file',
  }
  const bytes = Uint8Array.of(0, 1, 254, 255)

  const { FileContinuationToken } = await client.execute('InitializeFileBlocksUpload', { ...place, FileName: 'a.bin' })
  const BlockId = btoa('1')
  await client.execute('UploadBlock', { BlockId, BlockData: bytes, FileContinuationToken })
  const end = { FileName: 'a.bin', MimeType: 'application/octet-stream', BlockList: [BlockId], FileContinuationToken }
  expect(await client.execute('CommitFileBlocksUpload', end)).toMatchObject({ FileSizeInBytes: 4 })

  const found = await client.execute('InitializeFileBlocksDownload', place)
  const block = { FileContinuationToken: found.FileContinuationToken, Offset: 1, BlockLength: 10 }
  expect(await client.execute('DownloadBlock', block)).toEqual({ Data: bytes.slice(1) })
})

test('a client waits as long as the environment’s limits ask it to, and gets everything done', async () => {
  const waited: number[] = []
  const { dataverse, client } = await start({ serviceProtection: { requests: 4, windowSeconds: 60 } }, ({ clock }) => ({
    tables: [Document],
    random: () => 0,
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds) {
        waited.push(milliseconds)
        await clock.advance(milliseconds)
      },
    },
  }))

  for (let at = 0; at < 10; at++) await client.create(Document, { new_title: `${at}` })

  await dataverse.clock.advance(60_000)
  expect(await dataverse.list(Document)).toHaveLength(10)
  expect(waited).toEqual([60_000, 60_000])
})

test('a client acts as a user, by either of the ids that users have', async () => {
  const { dataverse, client } = await start({})
  const businessunitid = { logicalName: 'businessunit', id: dataverse.organization.businessUnitId }
  const azureactivedirectoryobjectid = '77777777-7777-4777-8777-777777777777'
  const row = { firstname: 'Ada', lastname: 'Lovelace', businessunitid, azureactivedirectoryobjectid }
  const user = await dataverse.seed('systemuser', row)

  const me = await client.as(user).execute('WhoAmI', {})
  const same = await client.with({ userObjectId: azureactivedirectoryobjectid }).execute('WhoAmI', {})

  expect([me.UserId, same.UserId]).toEqual([user, user])
})

test('what changed since a token is told as by the emulator itself', async () => {
  const { client, dataverse } = await start({})
  const ids = await dataverse.seed(Document, [{ new_title: 'A' }, { new_title: 'B' }])
  const request = { EntityName: 'new_document', Columns: ['new_title', 'ownerid'] }
  const first = (await client.execute('RetrieveEntityChanges', request)) as { EntityChanges: { DataToken: string } }
  expect(first).toEqual(await dataverse.execute('RetrieveEntityChanges', request))

  await client.update(Document, ids[0]!, { new_title: 'A2' })
  await client.delete(Document, ids[1]!)
  const since = { ...request, DataVersion: first.EntityChanges.DataToken }
  const changes = await client.execute('RetrieveEntityChanges', since)

  expect(changes).toEqual(await dataverse.execute('RetrieveEntityChanges', since))
  expect(changes).toMatchObject({
    EntityChanges: {
      Changes: [
        { Type: 'NewOrUpdated', Id: ids[0], NewOrUpdatedEntity: { new_title: 'A2' } },
        { Type: 'RemoveOrDeleted', Id: ids[1], RemovedItem: { logicalName: 'new_document', id: ids[1] } },
      ],
    },
  })
  const whole = await client.execute('RetrieveEntityChanges', { EntityName: 'new_document' })
  expect(whole).toMatchObject({ EntityChanges: { Changes: [{ NewOrUpdatedEntity: { new_title: 'A2' } }] } })
})

test('pages of changes are put together', async () => {
  const asked: string[] = []
  const row = (title: string) => ({ new_documentid: title.repeat(8), new_title: title })
  const url = 'http://127.0.0.1:1/api/data/v9.2'
  const answers = [
    { value: [row('a')], '@odata.nextLink': `${url}/new_documents?$select=new_title&$skiptoken=x` },
    { value: [row('b')], '@odata.deltaLink': `${url}/new_documents?$select=new_title&$deltatoken=9%2108` },
  ]
  const client = createDataverseClient({
    url,
    tables: [Document],
    adapter: async (config) => {
      const data = new TextEncoder().encode(JSON.stringify(answers[asked.length]))
      asked.push(String(config.url))
      return { data, status: 200, statusText: 'OK', headers: {}, config }
    },
  })

  const { EntityChanges } = await client.execute('RetrieveEntityChanges', {
    EntityName: 'new_document',
    Columns: ['new_title'],
  })

  expect(asked[1]).toContain('$skiptoken=x')
  expect(EntityChanges).toMatchObject({
    Changes: [{ NewOrUpdatedEntity: { new_title: 'a' } }, { NewOrUpdatedEntity: { new_title: 'b' } }],
    DataToken: '9!08',
  })
})

test('an operation is called with the same parameters as at the emulator itself', async () => {
  const { client, dataverse } = await start({})
  const user = { UserId: dataverse.organization.userId }

  expect(await client.execute('RetrieveUserPrivileges', user)).toEqual(
    await dataverse.execute('RetrieveUserPrivileges', user),
  )
  const counted = { EntityNames: ['systemuser'] }
  expect(await client.execute('RetrieveTotalRecordCount', counted)).toEqual(
    await dataverse.execute('RetrieveTotalRecordCount', counted),
  )
})

test('a duplicate detection rule is published, and duplicates are asked for', async () => {
  const { client, dataverse } = await start({ tables: [Document, DuplicateRule, DuplicateRuleCondition] })
  const [id] = await dataverse.seed(Document, [{ new_title: 'Plan' }])
  const both = { baseentityname: 'new_document', matchingentityname: 'new_document' }
  const rule = await client.create(DuplicateRule, { name: 'Title', ...both })
  await client.create(DuplicateRuleCondition, {
    baseattributename: 'new_title',
    matchingattributename: 'new_title',
    operatorcode: 0,
    regardingobjectid: { logicalName: 'duplicaterule', id: rule },
  })

  const { JobId } = await client.execute('PublishDuplicateRule', { DuplicateRuleId: rule })
  await dataverse.drain()

  expect(await client.retrieve('asyncoperation', JobId as string, ['statuscode'])).toEqual({ statuscode: 30 })
  const row = { new_title: 'PLAN', ownerid: { logicalName: 'systemuser', id: dataverse.organization.userId } }
  const request = { EntityName: 'new_document', BusinessEntity: row, MatchingEntityName: 'new_document' }
  const paged = { ...request, PagingInfo: { PageNumber: 1, Count: 10 } }
  expect(await client.execute('RetrieveDuplicates', paged)).toMatchObject({
    DuplicateCollection: [{ new_documentid: id, new_title: 'Plan' }],
  })
})
