import { beforeEach, describe, expect, test } from 'vitest'
import { defineStep } from '../../src/plugins/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, Task, tables } from '../emulator/tables.ts'
import { annotated, BASE, type Client, clientOf, nowhere, withoutGuids } from './ask.ts'

const refuseForbidden = defineStep({
  name: 'refuse what is forbidden',
  table: Task,
  message: 'Create',
  stage: 'postOperation',
  run({ target }) {
    if (target.new_title === 'forbidden') throw new Error('forbidden')
  },
})

let dataverse: Emulator
let client: Client
let nextId = 0
beforeEach(() => {
  nextId = 0
  dataverse = createEmulator({ tables, steps: [refuseForbidden] })
  const ids = () => `aaaaaaaa-0000-4000-8000-${String(++nextId).padStart(12, '0')}`
  client = clientOf({ service: dataverse, tables: dataverse.tables, serviceAs: dataverse.as, ids })
})

/** A request of a batch, as the lines of its part. */
const part = (line: string, body?: object, headers: string[] = []) => [
  '--batch_1',
  'Content-Type: application/http',
  'Content-Transfer-Encoding: binary',
  '',
  `${line} HTTP/1.1`,
  ...(body ? ['Content-Type: application/json; type=entry'] : []),
  ...headers,
  '',
  body ? JSON.stringify(body) : '',
]
const end = ['--batch_1--', '']

/** A change set, as the lines of its part; each request with its content id. */
const changeSet = (...requests: [id: string | undefined, line: string, body?: object, headers?: string[]][]) => [
  '--batch_1',
  'Content-Type: multipart/mixed; boundary=changeset_1',
  '',
  ...requests.flatMap(([id, line, body, headers = []]) => [
    '--changeset_1',
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(id === undefined ? [] : [`Content-ID: ${id}`]),
    '',
    `${line} HTTP/1.1`,
    'Content-Type: application/json; type=entry',
    ...headers,
    '',
    body ? JSON.stringify(body) : '',
  ]),
  '--changeset_1--',
  '',
]

describe('a batch', () => {
  test('answers its requests in order, exactly as the platform writes it', async () => {
    const { status, headers, text } = await client.batch([
      ...part(`POST ${BASE}/new_customers`, { new_title: 'Fabrikam' }),
      ...part('GET /api/data/v9.2/new_customers?$select=new_title'),
      ...end,
    ])

    expect(status).toBe(200)
    expect(headers.get('Content-Type')).toMatch(/^multipart\/mixed; boundary=batchresponse_[0-9a-f-]{36}$/)
    expect(headers.get('OData-Version')).toBe('4.0')
    const [customer] = await dataverse.list(Customer)
    const url = `${BASE}/new_customers(${customer!.new_customerid})`
    const boundary = headers.get('Content-Type')!.split('boundary=')[1]
    expect(text).toBe(
      [
        `--${boundary}`,
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        'HTTP/1.1 204 No Content',
        'OData-Version: 4.0',
        `Location: ${url}`,
        `OData-EntityId: ${url}`,
        '',
        '',
        `--${boundary}`,
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        '',
        'HTTP/1.1 200 OK',
        'Content-Type: application/json; odata.metadata=minimal; odata.streaming=true',
        'OData-Version: 4.0',
        '',
        `{"@odata.context":"${BASE}/$metadata#new_customers(new_title)","value":[{"@odata.etag":"W/\\"${customer!.versionnumber}\\"","new_title":"Fabrikam","new_customerid":"${customer!.new_customerid}"}]}`,
        `--${boundary}--`,
        '',
      ].join('\r\n'),
    )
  })

  test('stops at the first failure, whose status is that of the whole', async () => {
    const { status, text } = await client.batch([
      ...part('POST /new_customers', { new_title: 'first' }),
      ...part('POST /new_customers', { nothing: 'second' }),
      ...part('POST /new_customers', { new_title: 'third' }),
      ...end,
    ])

    expect(status).toBe(400)
    expect(await dataverse.list(Customer, ['new_title'])).toEqual([{ new_title: 'first' }])
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 400'])
    expect(withoutGuids(text)).toContain(
      'HTTP/1.1 400 Bad Request\r\nREQ_ID: GUID\r\nContent-Type: application/json; odata.metadata=minimal\r\nOData-Version: 4.0\r\n\r\n{"error":{"code":"0x80048d19"',
    )
  })

  test('goes on after a failure when asked to, and is a 200', async () => {
    const { status, text } = await client.batch(
      [
        ...part(`GET /new_customers(${nowhere})`),
        ...part('POST /new_customers', { new_title: 'second' }),
        ...part('GET /WhoAmI'),
        ...end,
      ],
      { Prefer: 'odata.continue-on-error' },
    )

    expect(status).toBe(200)
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 204', 'HTTP/1.1 200'])
  })

  test('may end its lines with LF alone, omit spaces after colons and begin with an empty line', async () => {
    const lines = ['', ...part('POST new_customers', { new_title: 'Fabrikam' }), '--batch_1--'].map((line) =>
      line.replace(/^(Content-[\w-]+): /, '$1:'),
    )

    expect((await client.batch(lines, {}, '\n')).status).toBe(200)
    expect(await dataverse.list(Customer, ['new_title'])).toEqual([{ new_title: 'Fabrikam' }])
  })

  test('gives each part its own preferences, and the caller of the batch', async () => {
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })
    const { text } = await client.batch(
      [
        ...part('GET /WhoAmI'),
        ...part('POST /new_customers?$select=new_rating', { new_rating: 1234 }, [
          'Prefer: return=representation,odata.include-annotations="*"',
        ]),
        ...end,
      ],
      { MSCRMCallerID: user, ...annotated },
    )

    expect(text).toContain(`"UserId":"${user}"`)
    expect(text).toContain('HTTP/1.1 201 Created')
    expect(text).toContain('"new_rating@OData.Community.Display.V1.FormattedValue":"1,234"')
  })

  test('takes at most 1000 requests', async () => {
    const requests = (count: number) => Array.from({ length: count }, () => part('GET /WhoAmI')).flat()

    expect((await client.batch([...requests(1000), ...end])).text.match(/HTTP\/1.1 200/g)).toHaveLength(1000)
    expect(await client.batch([...requests(1001), ...end])).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('1001') } },
    })
  })

  test('cannot contain a batch', async () => {
    const { status, text } = await client.batch([...part('POST /api/data/v9.2/$batch', {}), ...end])

    expect(status).toBe(400)
    expect(text).toContain('A batch cannot contain another batch.')
  })

  test.each<[string, string[], Record<string, string>]>([
    ['another content type', ['{}'], { 'Content-Type': 'application/json' }],
    ['no boundary', ['--x', '--x--'], { 'Content-Type': 'multipart/mixed' }],
    ['no end', ['--batch_1', 'Content-Type: application/http', '', 'GET /WhoAmI HTTP/1.1', ''], {}],
    ['a part of another type', ['--batch_1', 'Content-Type: text/plain', '', 'GET /WhoAmI', '--batch_1--'], {}],
    ['no request', ['--batch_1', 'Content-Type: application/http', '', 'hello', '--batch_1--'], {}],
    ['a malformed header', ['--batch_1', 'hello', '', 'GET /WhoAmI', '--batch_1--'], {}],
    ['another boundary', ['--batch_2', 'Content-Type: application/http', '', 'GET /WhoAmI', '--batch_2--'], {}],
  ])('with %s is refused', async (_title, lines, headers) => {
    expect(await client.batch(lines, headers)).toMatchObject({
      status: 400,
      body: { error: { code: '0x80048d19' } },
    })
  })

  test('whose part does not end with a line end is refused in that part', async () => {
    const [body = '', ...head] = part('POST /new_customers', { new_title: 'x' }).reverse()
    const lines = [...head.reverse(), `${body}--batch_1--`]

    expect((await client.batch([...lines, '--batch_1--'])).text).toContain('"code":"0x80048d19"')
    expect(await dataverse.list(Customer)).toEqual([])
  })

  test('lets a URL be as long as 65,536 characters, and a request alone half of that', async () => {
    const path = (length: number) => `/new_customers?tag=${'x'.repeat(length - `${BASE}/new_customers?tag=`.length)}`

    expect((await client.batch([...part(`GET ${path(65_536)}`), ...end])).status).toBe(200)
    expect((await client.batch([...part(`GET ${path(65_537)}`), ...end])).status).toBe(414)
    expect((await client.get(path(32_768))).status).toBe(200)
    expect((await client.get(path(32_769))).status).toBe(414)
  })
})

describe('a change set', () => {
  test('is written as a part of its own, with content ids', async () => {
    const { headers, text } = await client.batch([
      ...changeSet(['0', 'POST /new_customers', { new_title: 'a' }], ['1', 'POST /new_customers', { new_title: 'b' }]),
      ...end,
    ])

    const boundary = headers.get('Content-Type')!.split('boundary=')[1]
    expect(withoutGuids(text).split('\r\n')).toEqual([
      '--batchresponse_GUID',
      'Content-Type: multipart/mixed; boundary=changesetresponse_GUID',
      '',
      ...['0', '1'].flatMap((id) => [
        '--changesetresponse_GUID',
        'Content-Type: application/http',
        'Content-Transfer-Encoding: binary',
        `Content-ID: ${id}`,
        '',
        'HTTP/1.1 204 No Content',
        'OData-Version: 4.0',
        `Location: ${BASE}/new_customers(GUID)`,
        `OData-EntityId: ${BASE}/new_customers(GUID)`,
        '',
        '',
      ]),
      '--changesetresponse_GUID--',
      '--batchresponse_GUID--',
      '',
    ])
    expect(text.startsWith(`--${boundary}\r\n`)).toBe(true)
  })

  test('takes effect as a whole or not at all, and tells only what failed', async () => {
    const { status, text } = await client.batch([
      ...part('POST /new_customers', { new_title: 'before' }),
      ...changeSet(
        ['1', 'POST /new_customers', { new_title: 'within' }],
        ['2', 'POST /new_tasks', { new_title: 'forbidden' }],
        ['3', 'POST /new_customers', { new_title: 'never' }],
      ),
      ...end,
    ])

    expect(status).toBe(500)
    expect(await dataverse.list(Customer, ['new_title'])).toEqual([{ new_title: 'before' }])
    expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 204', 'HTTP/1.1 500'])
    expect(text).toContain('Content-ID: 2\r\n')
    expect(text).not.toContain('Content-ID: 1\r\n')
  })

  test('refers to rows that it has created: in URLs, bindings and references', async () => {
    const { status, text } = await client.batch([
      ...changeSet(
        ['1', 'POST /new_customers', { new_title: 'Fabrikam' }],
        // A representation has no OData-EntityId, and can be referred to all the same.
        [
          '2',
          'POST /new_projects?$select=new_name',
          { new_name: 'Bridge', 'new_customer@odata.bind': '$1' },
          ['Prefer: return=representation'],
        ],
        ['3', 'PATCH $2', { new_seats: 4 }],
        ['4', 'PUT $2/new_code', { value: 'B' }],
        ['5', 'POST /new_tasks', { new_title: 'Dig' }],
        ['6', 'PUT $5/new_project/$ref', { '@odata.id': '$2' }],
        ['7', 'POST $2/new_project_member/$ref', { '@odata.id': '$1' }],
      ),
      ...end,
    ])

    expect(status, text).toBe(200)
    const [customer] = await dataverse.list(Customer)
    const [project] = await dataverse.list(Project)
    expect(project).toMatchObject({ new_seats: 4, new_code: 'B', new_customer: { id: customer!.new_customerid } })
    expect(await dataverse.list(Task)).toMatchObject([{ new_project: { id: project!.new_projectid } }])
    expect((await client.get(`/new_projects(${project!.new_projectid})/new_project_member/$count`)).text).toBe(
      '\ufeff1',
    )
  })

  test('refuses a reference to what comes later, and what it refers to from outside', async () => {
    const forward = await client.batch([
      ...changeSet(
        ['1', 'POST /new_projects', { new_name: 'x', 'new_customer@odata.bind': '$2' }],
        ['2', 'POST /new_customers', { new_title: 'y' }],
      ),
      ...end,
    ])
    expect(forward.status).toBe(400)
    expect(forward.text).toContain("Content-ID Reference: '$2' does not exist in the batch context.")
    expect(await dataverse.list(Customer)).toEqual([])

    const outside = await client.batch([...part('PATCH $1', { new_seats: 1 }), ...end])
    expect(outside.text).toContain("Content-ID Reference: '$1' does not exist in the batch context.")
  })

  test('cannot contain a GET, and reads nothing that is not committed', async () => {
    const { status, text } = await client.batch([
      ...changeSet([undefined, 'POST /new_customers', { new_title: 'x' }], ['2', 'GET /new_customers']),
      ...end,
    ])

    expect(status).toBe(400)
    expect(text).toContain('A change set cannot contain a GET request.')
    expect(await dataverse.list(Customer)).toEqual([])
  })

  test('acts on behalf of the user whom its requests name', async () => {
    const user = await dataverse.seed('systemuser', { fullname: 'Kim Abel' })
    await client.batch([
      ...changeSet(['1', 'POST /new_customers', { new_title: 'x' }, [`MSCRMCallerID: ${user}`]]),
      ...end,
    ])

    expect(await dataverse.list(Customer)).toMatchObject([{ createdby: { id: user } }])
  })

  test('is refused by name where the service has no transactions', async () => {
    const service = { ...dataverse, execute: () => dataverse.execute('NoSuchMessage') }
    client = clientOf({ service, tables })

    const { status, text } = await client.batch([...changeSet(['1', 'POST /new_customers', {}]), ...end])

    expect(status).toBe(501)
    expect(text).toContain('A change set, for a service without transactions, is not emulated yet.')
  })
})
