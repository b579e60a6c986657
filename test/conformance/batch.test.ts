import { beforeEach, describe, expect, test } from 'vitest'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { BASE, type Client, environment, nowhere, sample } from './environment.ts'
import { feature } from './feature.ts'

let client: Client
let dataverse: Emulator
beforeEach(() => {
  ;({ client, dataverse } = environment())
})

const http = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
const request = (line: string, payload?: unknown, headers: readonly string[] = []) => [
  `${line} HTTP/1.1`,
  ...(payload === undefined ? [] : ['Content-Type: application/json;type=entry']),
  ...headers,
  '',
  payload === undefined ? '' : JSON.stringify(payload),
]
const part = (line: string, payload?: unknown, headers: readonly string[] = []) => [
  '--batch_1',
  ...http,
  '',
  ...request(line, payload, headers),
]
const end = ['--batch_1--', '']
const changeSet = (...parts: readonly string[][]) => [
  '--batch_1',
  'Content-Type: multipart/mixed; boundary="changeset_1"',
  '',
  ...parts.flatMap((lines) => ['--changeset_1', ...lines]),
  '--changeset_1--',
  '',
]
const change = (id: string, line: string, payload?: unknown, headers: readonly string[] = []) => [
  ...http,
  `Content-ID: ${id}`,
  '',
  ...request(line, payload, headers),
]
const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status))
const contoso = `accounts(${sample.contoso})`

test(feature('batch.order'), async () => {
  const { status, text } = await client.batch(
    [
      ...part(`GET ${BASE}/${contoso}?$select=name`),
      ...part(`POST ${BASE}/accounts`, { name: 'Adatum' }),
      ...part(`GET ${BASE}/accounts(${nowhere})`),
      ...end,
    ],
    { Prefer: 'odata.continue-on-error' },
  )
  expect([status, statuses(text)]).toEqual([200, [200, 204, 404]])
})

test(feature('batch.url-forms'), async () => {
  const { text } = await client.batch([
    ...part(`GET ${BASE}/WhoAmI`),
    ...part('GET /api/data/v9.2/WhoAmI'),
    ...part('GET WhoAmI'),
    ...end,
  ])
  expect(statuses(text)).toEqual([200, 200, 200])
})

test(feature('batch.quoted-boundary'), async () => {
  const lines = [...part('GET WhoAmI'), ...end]
  for (const [name, type] of [
    ['batch_AAA123', 'multipart/mixed;boundary=batch_AAA123'],
    ['dwa_batch_1-2', 'multipart/mixed; boundary="dwa_batch_1-2"'],
  ] as const) {
    const body = lines.map((line) => line.replace('batch_1', name))
    expect((await client.batch(body, { 'Content-Type': type })).status, type).toBe(200)
  }
})

test(feature('batch.leading-blank-line'), async () => {
  expect(statuses((await client.batch(['', ...part('GET WhoAmI'), ...end])).text)).toEqual([200])
})

test(feature('batch.lf-only'), async () => {
  const lines = [...part('POST accounts', { name: 'Adatum' }), ...end].map((line) => line.replace(': ', ':'))
  expect(statuses((await client.batch(lines, {}, '\n')).text)).toEqual([204])
})

const failing = [
  ...part('POST accounts', { name: 'First' }),
  ...part(`GET accounts(${nowhere})`),
  ...part('POST accounts', { name: 'Third' }),
  ...end,
]

test(feature('batch.stops-at-failure'), async () => {
  const { status, text } = await client.batch(failing)
  expect([status, statuses(text)]).toEqual([404, [204, 404]])
  expect(await dataverse.list('account')).toHaveLength(4)
})

test(feature('batch.continue-on-error'), async () => {
  const { status, text } = await client.batch(failing, { Prefer: 'odata.continue-on-error' })
  expect([status, statuses(text)]).toEqual([200, [204, 404, 204]])
})

test(feature('batch.error-part'), async () => {
  const { text } = await client.batch(failing)
  expect(text).toMatch(
    /HTTP\/1\.1 404 Not Found\r\nREQ_ID: [0-9a-f-]{36}\r\nContent-Type: application\/json; odata\.metadata=minimal\r\nOData-Version: 4\.0\r\n\r\n\{"error":\{"code":"0x80040217"/,
  )
})

test(feature('batch.limit'), async () => {
  const many = (count: number) => [...Array.from({ length: count }, () => part('GET WhoAmI')).flat(), ...end]
  expect((await client.batch(many(1000))).status).toBe(200)
  expect((await client.batch(many(1001))).status).toBe(400)
})

test(feature('batch.no-nesting'), async () => {
  const { status } = await client.batch([...part('POST $batch', {}), ...end])
  expect(status).toBeGreaterThanOrEqual(400)
})

test(feature('batch.json-on-one-line'), async () => {
  const { text } = await client.batch([...part(`GET ${contoso}`), ...end])
  const json = text.split('\r\n').filter((line) => line.startsWith('{'))
  expect(json.map((line) => JSON.parse(line).name)).toEqual(['Contoso'])
})

describe('a change set', () => {
  test(feature('changeset.atomic'), async () => {
    const { text } = await client.batch([
      ...changeSet(
        change('1', 'POST accounts', { name: 'First' }),
        change('2', 'POST accounts', { name: 'forbidden' }),
      ),
      ...end,
    ])
    expect(text).toContain('0x80040265')
    expect(await dataverse.list('account')).toHaveLength(3)
  })

  test(feature('changeset.no-get'), async () => {
    const { status, text } = await client.batch([...changeSet(change('1', `GET ${contoso}`)), ...end])
    expect([status, text]).toEqual([400, expect.stringMatching(/0x/)])
  })

  test(feature('changeset.content-id'), async () => {
    const { text } = await client.batch([
      ...changeSet(change('1', 'POST accounts', { name: 'a' }), change('7', 'POST accounts', { name: 'b' })),
      ...end,
    ])
    expect(text).toMatch(/Content-Type: multipart\/mixed; boundary=changesetresponse_[0-9a-f-]+\r\n/)
    expect(text.match(/Content-ID: \d/g)).toEqual(['Content-ID: 1', 'Content-ID: 7'])
  })

  test(feature('changeset.reference-url'), async () => {
    const { text } = await client.batch([
      ...changeSet(
        change('1', `POST ${BASE}/contacts`, { firstname: 'Ada', lastname: 'x' }),
        change('2', 'PUT $1/lastname', { value: 'Lovelace' }),
        change('3', 'PATCH $1', { jobtitle: 'Countess' }),
      ),
      ...end,
    ])
    expect(statuses(text)).toEqual([204, 204, 204])
    const { body } = await client.get("/contacts?$filter=lastname eq 'Lovelace'&$select=fullname,jobtitle")
    expect(body.value).toMatchObject([{ fullname: 'Ada Lovelace', jobtitle: 'Countess' }])
  })

  test(feature('changeset.reference-bind'), async () => {
    await client.batch([
      ...changeSet(
        change('1', 'POST contacts', { lastname: 'Lovelace' }),
        change('2', 'POST accounts', { name: 'Engines', 'primarycontactid@odata.bind': '$1' }),
      ),
      ...end,
    ])
    const { body } = await client.get("/accounts?$filter=primarycontactid/lastname eq 'Lovelace'&$select=name")
    expect(body.value).toMatchObject([{ name: 'Engines' }])
  })

  test(feature('changeset.reference-odata-id'), async () => {
    const { text } = await client.batch([
      ...changeSet(
        change('1', 'POST contacts', { lastname: 'Lovelace' }),
        change('2', `PUT ${contoso}/primarycontactid/$ref`, { '@odata.id': '$1' }),
      ),
      ...end,
    ])
    expect(statuses(text)).toEqual([204, 204])
    expect((await client.get(`/${contoso}/primarycontactid`)).body.lastname).toBe('Lovelace')
  })

  test(feature('changeset.reference-after-representation'), async () => {
    const { text } = await client.batch([
      ...changeSet(
        change('1', 'POST contacts', { lastname: 'Lovelace' }, ['Prefer: return=representation']),
        change('2', `PATCH ${contoso}`, { 'primarycontactid@odata.bind': '$1' }),
      ),
      ...end,
    ])
    expect(statuses(text)).toEqual([201, 204])
    expect((await client.get(`/${contoso}/primarycontactid`)).body.lastname).toBe('Lovelace')
  })

  test(feature('changeset.forward-reference'), async () => {
    const { status, text } = await client.batch([
      ...changeSet(
        change('1', 'POST accounts', { name: 'x', 'primarycontactid@odata.bind': '$2' }),
        change('2', 'POST contacts', { lastname: 'Lovelace' }),
      ),
      ...end,
    ])
    expect(status).toBe(400)
    expect(text).toContain("Content-ID Reference: '$2' does not exist in the batch context.")
  })

  test(feature('changeset.content-id-zero'), async () => {
    const { text } = await client.batch([
      ...changeSet(
        change('0', 'POST contacts', { lastname: 'Lovelace' }),
        change('1', `PUT ${contoso}/primarycontactid/$ref`, { '@odata.id': '$0' }),
      ),
      ...end,
    ])
    expect(statuses(text)).toEqual([204, 204])
  })

  test(feature('changeset.only-failure-told'), async () => {
    const { text } = await client.batch([
      ...changeSet(change('1', 'POST accounts', { name: 'First' }), change('2', `DELETE accounts(${nowhere})`)),
      ...end,
    ])
    expect(statuses(text)).toEqual([404])
    expect(text.match(/Content-ID: \d/g)).toEqual(['Content-ID: 2'])
  })
})
