import nock from 'nock'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createDataverseClient } from '../../src/client/index.ts'
import { Customer, tables } from '../emulator/tables.ts'

const base = 'https://contoso.crm4.dynamics.com'
const [one, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
const row = `/api/data/v9.2/new_customers(${one})`
const client = createDataverseClient({ url: base, tables })

beforeEach(() => nock.disableNetConnect())
afterEach(() => {
  const unused = nock.pendingMocks()
  nock.cleanAll()
  nock.enableNetConnect()
  expect(unused).toEqual([])
})

test('the settings of a client are the headers of its requests', async () => {
  nock(base, {
    reqheaders: {
      callerobjectid: other,
      'mscrm.bypassbusinesslogicexecutionstepids': `${one},${other}`,
      'mscrm.suppresscallbackregistrationexpanderjob': 'true',
      'mscrm.suppressduplicatedetection': 'false',
      'mscrm.solutionuniquename': 'contoso_core',
      'mscrm.bypassbusinesslogicexecution': 'CustomSync,CustomAsync',
      'if-match': '*',
      'odata-version': '4.0',
    },
    badheaders: ['authorization', 'mscrmcallerid'],
  })
    .patch(row)
    .query({ tag: 'import' })
    .reply(204)

  await client
    .with({
      userObjectId: other,
      bypassStepIds: [one, other],
      suppressFlows: true,
      solution: 'contoso_core',
    })
    .update(
      Customer,
      one,
      { new_rating: 1 },
      { tag: 'import', bypassBusinessLogic: ['CustomSync', 'CustomAsync'], suppressDuplicateDetection: false },
    )
})

test('settings add up, and the client that they were added to stays as it is', async () => {
  nock(base, { reqheaders: { mscrmcallerid: other, 'mscrm.solutionuniquename': 'core' } })
    .delete(row)
    .reply(204)
  nock(base, { badheaders: ['mscrmcallerid', 'mscrm.solutionuniquename'] })
    .delete(row)
    .reply(204)

  await client.with({ solution: 'core' }).as(other).delete(Customer, one)
  await client.delete(Customer, one)
})

test('a user who is not named by a GUID is refused before anything is sent', async () => {
  await expect(client.as('ada@contoso.example').delete(Customer, one)).rejects.toMatchObject({
    name: 'InvalidArgument',
    message: expect.stringContaining("'userId' has 'ada@contoso.example'"),
  })
})

test('an answer that leads elsewhere is not followed', async () => {
  nock(base)
    .patch(`${row}/new_file`)
    .query({ 'x-ms-file-name': 'a.txt' })
    .reply(200, undefined, { location: 'https://elsewhere.example/upload' })

  const bytes = new Uint8Array(10)
  const upload = client.upload(Customer, one, 'new_file', { fileName: 'a.txt', bytes }, { chunkBytes: 5 })

  await expect(upload).rejects.toThrow('https://elsewhere.example, which is not its own: not followed')
})
