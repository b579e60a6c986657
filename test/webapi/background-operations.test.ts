import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { BackgroundOperation, standardTables } from '../../src/entities/index.ts'
import { defineCustomApi, defineStep } from '../../src/plugins/index.ts'
import { InvalidPluginExecution } from '../../src/service/index.ts'
import { createEmulator, type Emulator, type EmulatorOptions } from '../../src/testing/emulator/index.ts'
import { BASE, type Client, clientOf, nowhere } from './ask.ts'

let failures = 0
const exportRows = defineCustomApi({
  uniqueName: 'new_ExportRows',
  displayName: 'Export rows',
  kind: 'action',
  parameters: { Name: { type: 'String' } },
  response: { Note: { type: 'String' }, Rows: { type: 'Integer' } },
  async run({ parameters, service }) {
    if (failures > 0) {
      failures -= 1
      throw new InvalidPluginExecution('The export failed.')
    }
    await service.create('account', { name: parameters.Name })
    return { Note: `exported ${parameters.Name}`, Rows: 3 }
  },
})

const monitorOf = (id: string | null) => `${new URL(BASE).origin}/api/backgroundoperation/${id}`
const inBackground = { Prefer: 'respond-async' }
const status = ['backgroundoperationstatecode', 'backgroundoperationstatuscode', 'retrycount'] as const

let dataverse: Emulator
let client: Client
function begin(options: EmulatorOptions = {}) {
  failures = 0
  dataverse = createEmulator({
    tables: standardTables,
    customApis: [exportRows],
    now: '2026-03-18T14:30:00Z',
    ...options,
  })
  client = clientOf({
    service: dataverse,
    tables: dataverse.tables,
    customApis: dataverse.customApis,
    serviceAs: dataverse.as,
  })
}
beforeEach(() => begin())

async function start(prefer = inBackground): Promise<string> {
  const { headers } = await client.post('/new_ExportRows', { Name: 'Contoso' }, prefer)
  return headers.get('x-ms-dyn-backgroundoperationid')!
}

const stateOf = async (id: string) => Object.values(await dataverse.retrieve(BackgroundOperation, id, status))

describe('a custom API in the background', () => {
  test('is a 202 at once, and runs when asynchronous work is drained', async () => {
    const { status, headers, text } = await client.post('/new_ExportRows', { Name: 'Contoso' }, inBackground)

    const id = headers.get('x-ms-dyn-backgroundoperationid')
    expect([status, text, headers.get('location')]).toEqual([202, '', monitorOf(id)])
    expect(headers.get('preference-applied')).toBe('respond-async')
    expect(await dataverse.list('account', ['name'])).toEqual([])
    await dataverse.drain()
    expect(await dataverse.list('account', ['name'])).toEqual([{ name: 'Contoso' }])
  })

  test('is a row that tells what was asked, by whom, and what came of it', async () => {
    const id = await start()
    const row = async () => (await client.get(`/backgroundoperations(${id})`)).body
    expect(await row()).toMatchObject({
      name: 'new_ExportRows',
      displayname: 'Export rows',
      backgroundoperationstatecode: 0,
      backgroundoperationstatuscode: 0,
      inputparameters: '[{"Key":"Name","Value":"Contoso"}]',
      outputparameters: null,
      runas: dataverse.organization.userId,
      ttlinseconds: 7_776_000,
    })

    await dataverse.drain()

    expect(await row()).toMatchObject({
      backgroundoperationstatecode: 3,
      backgroundoperationstatuscode: 30,
      outputparameters: '[{"Key":"Note","Value":"exported Contoso"},{"Key":"Rows","Value":3}]',
      starttime: '2026-03-18T14:30:00Z',
      endtime: '2026-03-18T14:30:00Z',
      errorcode: null,
    })
  })

  test('is told of by the status monitor, with its results once it has ended', async () => {
    const id = await start()
    const ready = await client.get(monitorOf(id))
    expect([ready.status, ready.headers.get('content-type'), ready.body]).toEqual([
      200,
      'application/json',
      { backgroundOperationStateCode: 0, backgroundOperationStatusCode: 0 },
    ])

    await dataverse.drain()

    expect((await client.get(monitorOf(id))).body).toEqual({
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 30,
      Note: 'exported Contoso',
      Rows: 3,
    })
  })

  test('is tried again three times, after waits that double, and then has failed', async () => {
    const id = await start()
    failures = 9
    for (const [retry, wait] of [60, 120, 240].entries()) {
      expect(await dataverse.drain()).toMatchObject([{ step: 'new_ExportRows', outcome: 'retry' }])
      expect(await stateOf(id)).toEqual([0, 0, retry + 1])
      await dataverse.clock.advance((wait - 1) * 1000)
      expect(await dataverse.drain()).toEqual([])
      await dataverse.clock.advance(1000)
    }

    expect(await dataverse.drain()).toMatchObject([{ outcome: 'failed', error: 'The export failed.' }])

    expect(await stateOf(id)).toEqual([3, 31, 3])
    expect(failures).toBe(5)
    expect((await client.get(monitorOf(id))).body).toEqual({
      backgroundOperationErrorCode: 0x80040265 | 0,
      backgroundOperationErrorMessage: 'The export failed.',
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: 31,
    })
  })

  test('that succeeds at a further attempt has succeeded', async () => {
    const id = await start()
    failures = 1
    await dataverse.drain()
    await dataverse.clock.advance(60_000)
    await dataverse.drain()
    expect(await stateOf(id)).toEqual([3, 30, 1])
  })

  test('whose error is none of the platform has the code of unexpected errors of code', async () => {
    begin({ customApis: [defineCustomApi({ uniqueName: 'new_Break', kind: 'action', run: () => JSON.parse('{') })] })
    const { headers } = await client.post('/new_Break', undefined, inBackground)
    for (const wait of [60, 120, 240]) {
      await dataverse.drain()
      await dataverse.clock.advance(wait * 1000)
    }
    await dataverse.drain()
    const id = headers.get('x-ms-dyn-backgroundoperationid')!
    expect(await dataverse.retrieve(BackgroundOperation, id, ['errorcode'])).toEqual({ errorcode: 0x80040224 | 0 })
  })

  test('that is cancelled before it begins does not run', async () => {
    const [byMonitor, byRow] = [await start(), await start()]

    const { status, body } = await client.remove(monitorOf(byMonitor))
    expect([status, body]).toEqual([200, { backgroundOperationStateCode: 2, backgroundOperationStatusCode: 22 }])
    const canceling = { backgroundoperationstatecode: 2, backgroundoperationstatuscode: 22 }
    expect((await client.patch(`/backgroundoperations(${byRow})`, canceling, { 'If-Match': '*' })).status).toBe(204)
    await dataverse.drain()

    expect(await stateOf(byMonitor)).toEqual([3, 32, 0])
    expect(await stateOf(byRow)).toEqual([3, 32, 0])
    expect(await dataverse.list('account')).toEqual([])
  })

  test('that has ended cannot be cancelled', async () => {
    const id = await start()
    await dataverse.drain()
    const { status, body } = await client.remove(monitorOf(id))
    expect(status).toBe(400)
    expect(body.error.message).toBe('Canceling background operation is not allowed after it is in terminal state.')
    expect(await stateOf(id)).toEqual([3, 30, 0])
  })

  test('that is rolled back with the change set it stands in leaves nothing', async () => {
    const part = (id: number, lines: readonly string[]) => [
      '--changeset_1',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      `Content-ID: ${id}`,
      '',
      ...lines,
      '',
    ]
    const json = ['Content-Type: application/json', '']
    await client.batch([
      '--batch_1',
      'Content-Type: multipart/mixed; boundary=changeset_1',
      '',
      ...part(1, [
        `POST ${BASE}/new_ExportRows HTTP/1.1`,
        'Prefer: respond-async',
        ...json.slice(0, 1),
        '',
        '{"Name":"x"}',
      ]),
      ...part(2, [`PATCH ${BASE}/accounts(${nowhere}) HTTP/1.1`, 'If-Match: *', ...json, '{"name":"y"}']),
      '--changeset_1--',
      '--batch_1--',
      '',
    ])
    expect(await dataverse.list(BackgroundOperation)).toEqual([])
    expect(await dataverse.drain()).toEqual([])
  })
})

describe('a callback', () => {
  const withCallback = (url: string) => ({ Prefer: `respond-async, odata.callback; url="${url}"` })

  test('is posted to when the operation has ended, without the results', async () => {
    const received: unknown[] = []
    const listener = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      received.push(request.method, request.url, JSON.parse(Buffer.concat(chunks).toString()))
      response.writeHead(204).end()
    })
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
    const { port } = listener.address() as AddressInfo
    try {
      const { status, body, headers } = await client.post(
        '/new_ExportRows',
        { Name: 'Contoso' },
        withCallback(`http://127.0.0.1:${port}/done?sig=a,b;c`),
      )
      const id = headers.get('x-ms-dyn-backgroundoperationid')!
      expect([status, headers.get('preference-applied')]).toEqual([202, 'callback'])
      expect(body).toEqual({ backgroundOperationId: id, location: monitorOf(id) })
      expect(received).toEqual([])

      await dataverse.drain()

      expect(received).toEqual([
        'POST',
        '/done?sig=a,b;c',
        {
          location: monitorOf(id),
          backgroundOperationId: id,
          backgroundOperationStateCode: 3,
          backgroundOperationStatusCode: 30,
        },
      ])
    } finally {
      listener.close()
    }
  })

  test('says why it failed, or that it was cancelled', async () => {
    const told: unknown[] = []
    begin({ sendCallback: async (url, end) => void told.push(url, end) })
    const prefer = withCallback('https://example.com/done')
    const [fails, cancelled] = [await start(prefer), await start(prefer)]
    await client.remove(monitorOf(cancelled))
    failures = 9
    for (const wait of [60, 120, 240]) {
      await dataverse.drain()
      await dataverse.clock.advance(wait * 1000)
    }
    await dataverse.drain()

    const end = (id: string, code: number) => ({
      location: monitorOf(id),
      backgroundOperationId: id,
      backgroundOperationStateCode: 3,
      backgroundOperationStatusCode: code,
    })
    expect(told).toEqual([
      'https://example.com/done',
      end(cancelled, 32),
      'https://example.com/done',
      {
        ...end(fails, 31),
        backgroundOperationErrorCode: 0x80040265 | 0,
        backgroundOperationErrorMessage: 'The export failed.',
      },
    ])
  })

  test('that nobody takes changes nothing, and the trace says so without its URL', async () => {
    begin({ sendCallback: () => Promise.reject(new Error('nobody there')) })
    const id = await start(withCallback('https://example.com/done?sig=secret'))
    await dataverse.drain()
    expect(await stateOf(id)).toEqual([3, 30, 0])
    expect(dataverse.trace.print()).toContain(`The callback of background operation ${id} failed: nobody there`)
    expect(dataverse.trace.print()).not.toContain('secret')
  })

  test.each(['file:///etc/passwd', 'nowhere', 'javascript:alert(1)'])('to %s is refused', async (url) => {
    expect((await client.post('/new_ExportRows', { Name: 'x' }, withCallback(url))).status).toBe(400)
    expect(await dataverse.list(BackgroundOperation)).toEqual([])
  })

  test('without a URL is refused', async () => {
    const { status, body } = await client.post(
      '/new_ExportRows',
      { Name: 'x' },
      { Prefer: 'respond-async,odata.callback' },
    )
    expect([status, body.error.message]).toEqual([400, expect.stringContaining('needs a URL')])
  })
})

test('asynchronous steps on OnBackgroundOperationComplete hear of each end, and with which state', async () => {
  const heard: unknown[] = []
  const listen = defineStep({
    name: 'listen',
    message: 'OnBackgroundOperationComplete',
    stage: 'postOperation',
    mode: 'asynchronous',
    asyncAutoDelete: true,
    run: ({ inputParameters, outputParameters }) => void heard.push(inputParameters, outputParameters),
  })
  begin({ steps: [listen] })
  const [done, cancelled] = [await start(), await start()]
  await client.remove(monitorOf(cancelled))

  expect((await dataverse.drain()).map(({ step }) => step)).toEqual([
    'new_ExportRows',
    'new_ExportRows',
    'listen',
    'listen',
  ])

  const end = (id: string, code: number) => [
    { PayloadType: 0, LocationUrl: monitorOf(id), BackgroundOperationId: id },
    { OperationName: 'new_ExportRows', BackgroundOperationStateCode: 3, BackgroundOperationStatusCode: code },
  ]
  expect(heard).toEqual([...end(done, 30), ...end(cancelled, 32)])
})

test('only asynchronous steps listen to OnBackgroundOperationComplete', () => {
  const listen = { name: 'listen', message: 'OnBackgroundOperationComplete', stage: 'postOperation' } as const
  expect(() => defineStep({ ...listen, run() {} })).toThrow('takes asynchronous steps only')
})

describe('what is refused', () => {
  test('parameters that do not fit are refused at once', async () => {
    expect((await client.post('/new_ExportRows', { Nam: 'x' }, inBackground)).status).toBe(400)
    await expect(
      dataverse.execute('ExecuteBackgroundOperation', { Request: { message: 'new_ExportRows' } }),
    ).rejects.toThrow("The parameter 'Name' of the operation 'new_ExportRows' is missing.")
  })

  test.each(['WhoAmI', 'new_Nothing', undefined, {}, '__proto__'])(
    'the message %j is no custom API, and does not run in the background',
    async (message) => {
      await expect(dataverse.execute('ExecuteBackgroundOperation', { Request: { message } })).rejects.toMatchObject({
        name: 'InvalidArgument',
        message: expect.stringContaining('only custom APIs can'),
      })
    },
  )

  test('the platform’s own operations and rows are asked for without respond-async', async () => {
    expect((await client.get('/WhoAmI', inBackground)).status).toBe(400)
    expect((await client.post('/accounts', { name: 'x' }, inBackground)).status).toBe(501)
    expect(await dataverse.list('account')).toEqual([])
  })

  test('the status monitor knows operations only, and only GET and DELETE', async () => {
    expect((await client.get(monitorOf(nowhere))).status).toBe(404)
    expect((await client.remove(monitorOf(nowhere))).status).toBe(404)
    expect((await client.get(monitorOf('everything'))).status).toBe(404)
    expect((await client.get(`${monitorOf(nowhere)}/name`)).status).toBe(404)
    expect((await client.post(monitorOf(nowhere), {})).status).toBe(405)
  })

  test('a row of results that somebody else wrote is passed over', async () => {
    const id = await start()
    for (const outputparameters of ['{', '"x"', '[1, null, {"Key": 2}]']) {
      await client.patch(`/backgroundoperations(${id})`, { outputparameters })
      expect((await client.get(monitorOf(id))).body).toEqual({
        backgroundOperationStateCode: 0,
        backgroundOperationStatusCode: 0,
      })
    }
  })

  test('who may not read and write background operations cannot start one', async () => {
    const user = '5a3b0000-0000-4000-8000-000000000051'
    begin({ security: 'enforced', seed: { systemuser: [{ systemuserid: user, fullname: 'Worker' }] } })
    const asUser = dataverse.as(user, user)
    const ask = () =>
      asUser.execute('ExecuteBackgroundOperation', {
        Request: { message: 'new_ExportRows', parameters: { Name: 'Contoso' } },
      })
    await dataverse.seedRole({ name: 'Reader', users: [user], also: ['prvReadbackgroundoperation'], privileges: {} })
    await expect(ask()).rejects.toMatchObject({ status: 403 })

    await dataverse.seedRole({
      name: 'Writer',
      users: [user],
      privileges: { backgroundoperation: { write: 'organization' }, account: 'organization' },
    })
    const { BackgroundOperationId } = await ask()
    await dataverse.drain()
    expect(await stateOf(BackgroundOperationId as string)).toEqual([3, 30, 0])
    expect(await dataverse.list('account', ['createdby'])).toMatchObject([{ createdby: { id: user } }])
  })
})
