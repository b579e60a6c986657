import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { conformanceChecks, recordedWorld, runCheck } from '../../src/testing/conformance/index.ts'
import { createTestClock } from '../../src/testing/index.ts'
import { listen } from '../../src/testing/simulator/listen.ts'
import { createContoso } from './contoso.ts'
import { contosoWorld } from './contoso-world.ts'

const connector = createContoso()
const checks = ['C03', 'C06', 'C07', 'C08', 'C16', 'C17']
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recordings-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function run(id: string, record: boolean, url = 'http://127.0.0.1:1') {
  const sandbox = contosoWorld(createTestClock('2026-10-20T09:00:00Z'))
  const world = recordedWorld(connector, {
    folder,
    checks,
    url,
    settings: (baseUrl) => ({ baseUrl }),
    credentials: () => sandbox.credentials,
    samples: sandbox.samples,
    personal: ['company'],
    kindOf: (request, body) => sandbox.kindOf?.(request, body),
    record,
  })
  return runCheck(conformanceChecks.find((check) => check.id === id)!, connector, world)
}

/** Records against a sandbox that is over afterwards. */
async function record(id: string) {
  const sandbox = contosoWorld(createTestClock('2026-10-20T09:00:00Z'))
  const { url, close } = await listen({
    port: 0,
    hostname: '127.0.0.1',
    answer: async (request) => sandbox.answer(request),
  })
  try {
    return await run(id, true, url)
  } finally {
    await close()
  }
}

const fileOf = (id: string) => join(folder, `${id}.json`)
const read = (id: string) => JSON.parse(readFileSync(fileOf(id), 'utf8')) as { interactions: object[] }

test.each(checks)('what %s did to a sandbox is replayed without it', async (id) => {
  expect(await record(id)).toMatchObject({ status: 'pass' })
  expect(readdirSync(folder)).toEqual([`${id}.json`])
  expect(await run(id, false)).toMatchObject({ status: 'pass' })
})

test('what is written has neither secrets, nor tokens, nor personal data', async () => {
  await record('C03')
  const text = readFileSync(fileOf('C03'), 'utf8')

  expect(text).toContain('/me')
  expect(text).toContain('"refresh_token": "scrubbed-refresh_token"')
  expect(text).not.toMatch(/c0nt0so|access-|refresh-0|Contoso Partner/)
})

test('what was recorded and not asked for fails, by its name', async () => {
  await record('C03')
  const fixture = read('C03')
  const extra = { method: 'GET', path: '/customers', body: '', status: 200, headers: {}, response: {} }
  writeFileSync(fileOf('C03'), JSON.stringify({ ...fixture, interactions: [...fixture.interactions, extra] }))

  expect(await run('C03', false)).toEqual({
    status: 'fail',
    why: 'Recorded, and not asked for: GET /customers. Record it again with RECORD=1.',
  })
})

test('what was asked for and not recorded fails, by its name', async () => {
  await record('C08')
  const fixture = read('C08')
  const interactions = fixture.interactions.filter((one) => !('method' in one && one.method === 'PATCH'))
  writeFileSync(fileOf('C08'), JSON.stringify({ ...fixture, interactions }))

  expect(await run('C08', false)).toMatchObject({
    status: 'fail',
    why: expect.stringMatching(/^Asked for, and not recorded: PATCH \/subscriptions\/sub-1/),
  })
})

test('another body is another request', async () => {
  await record('C08')
  writeFileSync(fileOf('C08'), readFileSync(fileOf('C08'), 'utf8').replace('"seats": 25', '"seats": 26'))

  expect(await run('C08', false)).toMatchObject({ status: 'fail', why: expect.stringContaining('not recorded: PATCH') })
})

test('a recording that there is not, and a check that is not recorded, say so', async () => {
  expect(await run('C07', false)).toMatchObject({ status: 'fail', why: expect.stringContaining('C07.json') })
  expect(await run('C09', false)).toEqual({ status: 'not tried', why: 'it is not recorded' })
})
