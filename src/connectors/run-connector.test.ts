import { describe, expect, test } from 'vitest'
import {
  accepted,
  applyChange,
  askConnector,
  type Change,
  createConnectorContext,
  defineConnector,
  done,
  field,
  listFromConnector,
  type Outcome,
  ProviderError,
  resumeChange,
  verifyConnectivity,
} from './index.ts'

const apiKey = 's3cr3t/+key="quoted"'
const change: Change = { kind: 'setQuantity', subscription: { id: 's', customerId: 'c' }, quantity: 5 }

function connectorThat(apply: (signal: AbortSignal) => unknown, resume?: () => Promise<Outcome>) {
  return defineConnector({
    name: 'contoso',
    title: 'Contoso',
    contract: 1,
    credentials: { apiKey: field.secret({ title: 'API key' }) },
    async verifyConnectivity() {
      throw new ProviderError('auth', `the key ${apiKey} is refused`)
    },
    apply: async ({ signal }) => (await apply(signal)) as Outcome,
    ...(resume && { resume }),
  })
}

function run(apply: (signal: AbortSignal) => unknown, with_: { change?: Change; signal?: AbortSignal } = {}) {
  const connector = connectorThat(apply)
  const context = createConnectorContext(connector, { key: 'log-1', credentials: { apiKey }, signal: with_.signal })
  return applyChange(connector, context, with_.change ?? change)
}

test('an outcome that keeps the contract passes through', async () => {
  const outcome = done({ id: 's', quantity: 5, status: 'active' })

  expect(await run(() => outcome)).toBe(outcome)
})

test('a kind of change that the connector does not take never reaches it', async () => {
  let asked = false
  const pause: Change = { kind: 'pause', subscription: { id: 's', customerId: 'c' } }

  await expect(run(() => (asked = true), { change: pause })).rejects.toMatchObject({
    code: 'notEligible',
    message: 'Contoso cannot pause subscription s of customer c: of changes it takes setQuantity only.',
  })
  expect(asked).toBe(false)
})

test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('a quantity of %s is invalid', async (quantity) => {
  await expect(run(() => {}, { change: { ...change, quantity } as Change })).rejects.toMatchObject({ code: 'invalid' })
})

describe('what breaks the contract is the bug of the connector', () => {
  test.each([
    ['no outcome', undefined, 'something that is no outcome'],
    ['an unknown status', { status: 'ok' }, 'something that is no outcome'],
    ['done without a subscription', { status: 'done' }, '`done` without a subscription'],
    ['accepted without resume', accepted({ id: 1 }), 'it has no `resume`'],
  ])('%s', async (_, outcome, message) => {
    await expect(run(() => outcome)).rejects.toMatchObject({ code: 'bug', message: expect.stringContaining(message) })
  })

  test.each([
    ['a handle that is not JSON', { at: new Date() }, 'not JSON'],
    ['a handle with a secret', { token: apiKey }, 'shows a secret'],
  ])('%s', async (_, handle, message) => {
    const connector = connectorThat(
      () => accepted(handle as never),
      async () => accepted({}),
    )
    const context = createConnectorContext(connector, { key: 'log-1', credentials: { apiKey } })

    await expect(applyChange(connector, context, change)).rejects.toMatchObject({
      code: 'bug',
      message: expect.stringContaining(message),
    })
  })

  test('an unexpected error, without its secrets but with its trace', async () => {
    const error = await run(() => {
      throw new TypeError(`cannot read ${apiKey} of ${encodeURIComponent(apiKey)} or ${btoa(apiKey)}`)
    }).catch((error) => error)

    expect(error).toMatchObject({
      code: 'bug',
      message: expect.stringContaining('[redacted] of [redacted] or [redacted]'),
    })
    expect(error.cause).toContain('run-connector.test.ts')
    expect(`${error.message}${error.cause}${JSON.stringify(error)}`).not.toMatch(/s3cr3t/)
  })
})

test('a provider error keeps its code and details, without secrets in message and cause', async () => {
  const cause = Object.assign(new Error('request failed'), { config: { headers: { 'x-api-key': apiKey } } })
  const error = await run(() => {
    throw new ProviderError('windowClosed', `too late for ${apiKey}`, { providerCode: '3001', cause })
  }).catch((error) => error)

  expect(error).toMatchObject({
    code: 'windowClosed',
    message: 'too late for [redacted]',
    details: { providerCode: '3001' },
  })
  expect(typeof error.cause).toBe('string')
})

test('work that is stopped rejects with the reason', async () => {
  const stop = new AbortController()

  await expect(
    run(
      () => {
        stop.abort(new Error('lease lost'))
        throw new ProviderError('transient', 'cut')
      },
      { signal: stop.signal },
    ),
  ).rejects.toThrow('lease lost')
})

test('resuming goes on with nothing but the handle', async () => {
  const connector = connectorThat(
    () => accepted({ order: 7 }),
    async () => done({ id: 's', quantity: 5, status: 'active' }),
  )
  const context = createConnectorContext(connector, { key: 'log-1', credentials: { apiKey } })
  const outcome = await applyChange(connector, context, change)
  const handle = JSON.parse(JSON.stringify(outcome)).handle

  expect(await resumeChange(connector, context, handle)).toMatchObject({ status: 'done' })
})

test('Verify Connectivity reports a refusal instead of throwing it', async () => {
  const connector = connectorThat(() => {})
  const context = createConnectorContext(connector, { key: 'verify', credentials: { apiKey } })

  expect(await verifyConnectivity(connector, context)).toEqual({
    ok: false,
    findings: [{ name: 'auth', ok: false, detail: 'the key [redacted] is refused' }],
  })
})

describe('asking a connector anything else', () => {
  const connector = connectorThat(() => done({ id: 's', quantity: 5, status: 'active' }))
  const contextWith = (signal?: AbortSignal) =>
    createConnectorContext(connector, { key: 'job-1', credentials: { apiKey }, signal })

  test('answers what it answers, and turns what its author did not expect into a bug without secrets', async () => {
    const context = contextWith()
    expect(await askConnector(connector, context, async () => 42)).toBe(42)
    const asking = askConnector(connector, context, async () => {
      throw new TypeError(`no ${apiKey}`)
    })
    await expect(asking).rejects.toMatchObject({ code: 'bug', message: expect.not.stringContaining(apiKey) })
  })

  test('a list hands on what comes before it fails', async () => {
    const seen: number[] = []
    const listing = async () => {
      async function* list() {
        yield 1
        yield 2
        throw new Error('the third page is missing')
      }
      for await (const item of listFromConnector(connector, contextWith(), list)) seen.push(item)
    }
    await expect(listing()).rejects.toMatchObject({ code: 'bug' })
    expect(seen).toEqual([1, 2])
  })

  test('a list asks for no more once its reader has seen enough, and what the reader throws stays what it is', async () => {
    let asked = 0
    let closed = false
    async function* list() {
      try {
        while (true) yield ++asked
      } finally {
        closed = true
      }
    }
    const mine = new RangeError('mine')
    const reading = async () => {
      for await (const item of listFromConnector(connector, contextWith(), list)) if (item === 2) throw mine
    }
    await expect(reading()).rejects.toBe(mine)
    expect([asked, closed]).toEqual([2, true])
  })

  test('once it is to stop, the reason is all that comes of it', async () => {
    const stop = new AbortController()
    const reason = new Error('the claim was lost')
    const asking = askConnector(connector, contextWith(stop.signal), async () => {
      stop.abort(reason)
      throw new ProviderError('transient', 'cut')
    })
    await expect(asking).rejects.toBe(reason)
  })
})
