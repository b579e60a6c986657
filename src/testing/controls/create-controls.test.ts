import { beforeEach, expect, test } from 'vitest'
import { Customer, tables } from '../../../test/emulator/tables.ts'
import { defineStep } from '../../plugins/index.ts'
import { createEmulator, type Emulator } from '../emulator/index.ts'
import { createControls, parseDuration } from './index.ts'

const later = defineStep({
  name: 'say hello later',
  table: Customer,
  message: 'Create',
  stage: 'postOperation',
  mode: 'asynchronous',
  run({ trace }) {
    trace('hello')
  },
})

let dataverse: Emulator
let controls: (request: Request) => Promise<Response>
beforeEach(() => {
  dataverse = createEmulator({ tables, steps: [later], now: '2026-03-01T09:00:00Z' })
  controls = createControls(dataverse)
})

async function ask(method: string, path: string, payload?: unknown) {
  const body = payload === undefined ? null : typeof payload === 'string' ? payload : JSON.stringify(payload)
  const response = await controls(new Request(`http://localhost/_emulator${path}`, { method, body }))
  const text = await response.text()
  const isJson = response.headers.get('Content-Type') === 'application/json'
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
}

test('health says how many tables and steps there are', async () => {
  expect(await ask('GET', '/health')).toMatchObject({
    status: 200,
    body: { status: 'ok', tables: dataverse.tables.length, steps: 1 },
  })
})

test('reset brings the beginning back, its rows and its clock', async () => {
  await dataverse.create(Customer, { new_title: 'Fabrikam' })
  await ask('PUT', '/clock', { now: '2030-01-01T00:00:00Z' })

  expect(await ask('POST', '/reset')).toMatchObject({ status: 204, body: '' })

  expect(await dataverse.list(Customer)).toEqual([])
  expect((await ask('GET', '/clock')).body).toEqual({ now: '2026-03-01T09:00:00.000Z', running: false })
  expect((await ask('GET', '/trace')).body).toMatchObject([{ title: 'RetrieveMultiple new_customer' }])
})

test('the clock is read, set, advanced and let run', async () => {
  expect((await ask('GET', '/clock')).body).toEqual({ now: '2026-03-01T09:00:00.000Z', running: false })
  expect((await ask('PUT', '/clock', { now: '2026-06-01T12:00:00+02:00' })).body).toEqual({
    now: '2026-06-01T10:00:00.000Z',
    running: false,
  })
  expect((await ask('POST', '/clock/advance', { by: 'PT24H' })).body.now).toBe('2026-06-02T10:00:00.000Z')
  expect((await ask('POST', '/clock/advance', { by: 1500 })).body.now).toBe('2026-06-02T10:00:01.500Z')
  expect(dataverse.clock.now()).toEqual(new Date('2026-06-02T10:00:01.500Z'))
  expect((await ask('PUT', '/clock', { now: null })).body).toMatchObject({ running: true })
})

test('advancing wakes what waits on the clock', async () => {
  let woken = false
  const waiting = dataverse.clock.sleep(60_000).then(() => {
    woken = true
  })

  await ask('POST', '/clock/advance', { by: 'PT59S' })
  expect(woken).toBe(false)
  await ask('POST', '/clock/advance', { by: 'PT1S' })
  await waiting
})

test('drain runs what is due and answers what ran', async () => {
  await dataverse.create(Customer, { new_title: 'Fabrikam' })

  expect((await ask('POST', '/drain')).body).toEqual([
    { id: expect.any(String), step: 'say hello later', outcome: 'succeeded' },
  ])
  expect((await ask('POST', '/drain')).body).toEqual([])
})

test('the trace is told as JSON and as text', async () => {
  await dataverse.create(Customer, { new_title: 'Fabrikam' })
  await ask('POST', '/drain')

  const { body } = await ask('GET', '/trace')
  expect(body[0]).toMatchObject({
    level: 0,
    kind: 'operation',
    title: expect.stringMatching(/^Create new_customer/),
    at: '2026-03-01T09:00:00.000Z',
    duration: expect.any(Number),
  })
  const text = await ask('GET', '/trace?format=text')
  expect(text.headers.get('Content-Type')).toBe('text/plain; charset=utf-8')
  expect(text.body).toContain('Create new_customer')
  expect(text.body).toContain('say hello later')
  expect((await ask('GET', '/trace?format=xml')).status).toBe(400)
})

test.each(['/', '', '/nothing', '/fork', '/__proto__', '/constructor', '/clock/'])(
  'GET %s is answered with what there is',
  async (path) => {
    const { status, body } = await ask('GET', path)

    expect(status).toBe(404)
    expect(body.error.message).toContain('GET /_emulator/health')
    expect(body.error.message).toContain('POST /_emulator/clock/advance')
  },
)

test.each([
  ['GET', '/reset', 'POST'],
  ['POST', '/clock', 'GET, PUT'],
])('%s %s is refused with the methods that are there', async (method, path, allowed) => {
  const { status, headers } = await ask(method, path)
  expect([status, headers.get('Allow')]).toEqual([405, allowed])
})

test.each([
  ['PUT', '/clock', 'not JSON', 400],
  ['PUT', '/clock', undefined, 400],
  ['PUT', '/clock', [], 400],
  ['PUT', '/clock', {}, 400],
  ['PUT', '/clock', { now: 'tomorrow' }, 400],
  ['PUT', '/clock', { now: '2026-03-01T09:00:00' }, 400],
  ['PUT', '/clock', { now: '2026-13-01T09:00:00Z' }, 400],
  ['PUT', '/clock', { now: 5 }, 400],
  ['PUT', '/clock', JSON.stringify({ now: 'x'.repeat(70_000) }), 413],
  ['POST', '/clock/advance', {}, 400],
  ['POST', '/clock/advance', { by: -1 }, 400],
  ['POST', '/clock/advance', { by: 0.5 }, 400],
  ['POST', '/clock/advance', { by: null }, 400],
  ['POST', '/clock/advance', { by: '24h' }, 400],
  ['POST', '/clock/advance', { by: 'P1M' }, 400],
  ['POST', '/clock/advance', { by: Number.MAX_SAFE_INTEGER }, 400],
  ['POST', '/clock/advance', { by: 'P999999999W' }, 400],
])('%s %s with %j is refused, and the clock stays', async (method, path, payload, status) => {
  const answer = await ask(method, path, payload)

  expect(answer.status).toBe(status)
  expect(answer.body.error.message).not.toBe('')
  expect(dataverse.clock.now()).toEqual(new Date('2026-03-01T09:00:00Z'))
})

test('the controls live under the base path that they are given', async () => {
  controls = createControls(dataverse, { basePath: '/forks/1/_emulator' })
  expect((await ask('GET', '/health')).status).toBe(404)
  expect((await controls(new Request('http://h/forks/1/_emulator/health'))).status).toBe(200)
})

test.each([
  ['PT24H', 86_400_000],
  ['P1W', 604_800_000],
  ['P1W1DT1H1M1.5S', 694_861_500],
  ['P2D', 172_800_000],
  ['PT0S', 0],
  ['P', undefined],
  ['PT', undefined],
  ['P1DT', undefined],
  ['P1Y', undefined],
  ['1D', undefined],
  ['-PT1S', undefined],
  ['', undefined],
])('the duration %j is %s ms', (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds)
})
