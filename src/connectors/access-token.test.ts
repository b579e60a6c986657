import { describe, expect, test } from 'vitest'
import { createTestClock } from '../testing/clock.ts'
import {
  type ConnectionState,
  createConnectorContext,
  defineConnector,
  field,
  type GivenToken,
  memoryState,
  notApplicable,
  ProviderError,
} from './index.ts'

const HOUR_MS = 3_600_000

const connector = defineConnector({
  name: 'contoso',
  title: 'Contoso',
  contract: 1,
  credentials: { refreshToken: field.secret({ title: 'Refresh token' }) },
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('nothing to do'),
})

/** An authority that rotates refresh tokens, each good for one use. */
function authorityFrom(refreshToken: string) {
  let valid = refreshToken
  let count = 0
  const asked: (string | undefined)[] = []
  return {
    asked,
    async acquire(given: string | undefined): Promise<GivenToken> {
      asked.push(given)
      await new Promise((resolve) => setImmediate(resolve))
      if (given !== valid) throw new ProviderError('consentExpired', `The refresh token ${given} is used up.`)
      valid = `refresh-${++count}`
      return { token: `access-${count}`, expiresInMs: HOUR_MS, refreshToken: valid }
    },
  }
}

function contextsOn(options: { state?: ConnectionState; refreshToken?: string } = {}) {
  const { state = memoryState(), refreshToken = 'refresh-0' } = options
  const clock = createTestClock('2026-11-24T09:00:00Z')
  const notes: unknown[] = []
  const context = (signal?: AbortSignal) =>
    createConnectorContext(connector, {
      credentials: { refreshToken },
      key: 'log-1',
      clock,
      state,
      signal,
      log: (...note) => notes.push(note),
    })
  return { clock, state, context, notes, refreshToken }
}

test('ten calls at once, from ten contexts of the connection, ask for one token', async () => {
  const { context, refreshToken, clock } = contextsOn()
  const { acquire, asked } = authorityFrom(refreshToken)
  const ten = () => Promise.all(Array.from({ length: 10 }, () => context().accessToken({ refreshToken, acquire })))

  expect(new Set(await ten())).toEqual(new Set(['access-1']))
  await clock.advance(HOUR_MS)
  expect(new Set(await ten())).toEqual(new Set(['access-2']))
  expect(asked).toEqual(['refresh-0', 'refresh-1'])
})

test('a token is replaced a minute before it ends', async () => {
  const { context, refreshToken, clock } = contextsOn()
  const { acquire } = authorityFrom(refreshToken)
  const token = () => context().accessToken({ refreshToken, acquire })

  await token()
  await clock.advance(HOUR_MS - 60_001)
  expect(await token()).toBe('access-1')
  await clock.advance(1)
  expect(await token()).toBe('access-2')
})

test('a token that the provider refused is replaced once, however many met the refusal', async () => {
  const { context, refreshToken } = contextsOn()
  const { acquire, asked } = authorityFrom(refreshToken)
  const token = (refused?: string) => context().accessToken({ refreshToken, acquire, refused })

  await token()
  expect(await Promise.all([token('access-1'), token('access-1')])).toEqual(['access-2', 'access-2'])
  expect(await token('access-1')).toBe('access-2')
  expect(asked).toHaveLength(2)
})

describe('a rotated refresh token', () => {
  test('is kept before the access token is used', async () => {
    const { context, refreshToken, state } = contextsOn()
    const { acquire } = authorityFrom(refreshToken)

    await context().accessToken({ refreshToken, acquire })
    expect(await state.get()).toMatchObject({ refreshTokens: { default: { token: 'refresh-1' } } })
  })

  test('that cannot be kept gives no access token', async () => {
    const full: ConnectionState = {
      get: async () => null,
      set: async () => {
        throw new Error('the disk is full')
      },
    }
    const { context, refreshToken } = contextsOn({ state: full })
    const { acquire } = authorityFrom(refreshToken)

    await expect(context().accessToken({ refreshToken, acquire })).rejects.toThrow('the disk is full')
  })

  test('is what another process goes on with', async () => {
    const state = memoryState()
    const { acquire, asked } = authorityFrom('refresh-0')
    for (const { context, refreshToken } of [contextsOn({ state }), contextsOn({ state })]) {
      await context().accessToken({ refreshToken, acquire })
    }
    expect(asked).toEqual(['refresh-0', 'refresh-1'])
  })

  test('leaves alone what else is in the state', async () => {
    const state = memoryState({ cursor: 7 })
    const { context, refreshToken } = contextsOn({ state })

    await context().accessToken({ refreshToken, ...authorityFrom(refreshToken) })
    expect(await state.get()).toMatchObject({ cursor: 7 })
  })

  test('gives way to one that an administrator has entered since', async () => {
    const state = memoryState()
    const first = contextsOn({ state })
    await first.context().accessToken({ refreshToken: 'refresh-0', ...authorityFrom('refresh-0') })

    const entered = contextsOn({ state, refreshToken: 'consented-again' })
    const { acquire, asked } = authorityFrom('consented-again')
    await entered.context().accessToken({ refreshToken: 'consented-again', acquire })
    expect(asked).toEqual(['consented-again'])
  })

  test('is used once, however many processes ask at the same time', async () => {
    const state = memoryState()
    const { acquire, asked } = authorityFrom('refresh-0')
    const processes = Array.from({ length: 3 }, () => contextsOn({ state }))
    const tokens = Promise.all(
      processes.map(({ context, refreshToken }) => context().accessToken({ refreshToken, acquire })),
    )
    while (asked.length < 3) {
      await new Promise((resolve) => setImmediate(resolve))
      for (const { clock } of processes) await clock.advance(1000)
    }

    expect(new Set(await tokens)).toEqual(new Set(['access-1', 'access-2', 'access-3']))
    expect(asked).toEqual(['refresh-0', 'refresh-1', 'refresh-2'])
  })

  test('is kept though something else in the state changes meanwhile', async () => {
    const state = memoryState()
    const { context, refreshToken } = contextsOn({ state })
    const { acquire, asked } = authorityFrom(refreshToken)
    const disturbed = async (given: string | undefined) => {
      const before = await state.get()
      await state.set({ ...(before as object), cursor: 7 }, before)
      return acquire(given)
    }

    expect(await context().accessToken({ refreshToken, acquire: disturbed })).toBe('access-1')
    expect(asked).toEqual(['refresh-0'])
    expect(await state.get()).toMatchObject({ cursor: 7, refreshTokens: { default: { token: 'refresh-1' } } })
  })

  test('that a process has claimed and died with is free again after two minutes', async () => {
    const state = memoryState()
    const { acquire, asked } = authorityFrom('refresh-0')
    const dead = contextsOn({ state })
    void dead.context().accessToken({ refreshToken: 'refresh-0', acquire: () => new Promise(() => {}) })
    const { context, clock } = contextsOn({ state })
    await new Promise((resolve) => setImmediate(resolve))

    const token = context().accessToken({ refreshToken: 'refresh-0', acquire })
    await clock.advance(119_000)
    expect(asked).toEqual([])
    await clock.advance(2000)
    expect(await token).toBe('access-1')
  })

  test('of another process, that took over from a slow one, is not written over: it is read, and asked with', async () => {
    const state = memoryState()
    const { context, refreshToken, clock } = contextsOn({ state })
    const asked: (string | undefined)[] = []
    const acquire = async (given: string | undefined): Promise<GivenToken> => {
      asked.push(given)
      if (asked.length === 1) await takeOver(state, async () => tokenOf('theirs'), clock.now())
      return tokenOf(`ours-${asked.length}`)
    }

    expect(await context().accessToken({ refreshToken, acquire })).toBe('ours-2')
    expect(asked).toEqual(['refresh-0', 'theirs'])
    expect(await state.get()).toMatchObject({ refreshTokens: { default: { token: 'ours-2' } } })
  })

  test('that another process has used up meanwhile is no lost consent', async () => {
    const state = memoryState()
    const { acquire, asked } = authorityFrom('refresh-0')
    const { context, refreshToken, clock } = contextsOn({ state })
    const late = async (given: string | undefined) => {
      if (given === 'refresh-0') await takeOver(state, acquire, clock.now())
      return acquire(given)
    }

    expect(await context().accessToken({ refreshToken, acquire: late })).toBe('access-2')
    expect(asked).toEqual(['refresh-0', 'refresh-0', 'refresh-1'])
  })
})

const tokenOf = (token: string): GivenToken => ({ token, expiresInMs: HOUR_MS, refreshToken: token })

/** Another process, once the claim of the first one has run out. */
async function takeOver(
  state: ConnectionState,
  acquire: (given: string | undefined) => Promise<GivenToken>,
  now: Date,
) {
  const { context, refreshToken, clock } = contextsOn({ state })
  await clock.advance(now.getTime() - clock.now().getTime() + 180_000)
  await context().accessToken({ refreshToken, acquire })
}

test('a refusal reaches everyone who waited, and the next one asks again', async () => {
  const { context, refreshToken } = contextsOn()
  const { acquire, asked } = authorityFrom('another')
  const token = () => context().accessToken({ refreshToken, acquire })

  const both = await Promise.allSettled([token(), token()])
  expect(both).toMatchObject([{ reason: { code: 'consentExpired' } }, { reason: { code: 'consentExpired' } }])
  await expect(token()).rejects.toMatchObject({ code: 'consentExpired' })
  expect(asked).toHaveLength(2)
})

test('who waited for a token goes on when the one who asked for it was stopped', async () => {
  const { context, refreshToken } = contextsOn()
  const stop = new AbortController()
  const stopped = context(stop.signal).accessToken({
    refreshToken,
    async acquire() {
      stop.abort(new Error('the claim was lost'))
      throw stop.signal.reason
    },
  })
  const { acquire } = authorityFrom(refreshToken)
  const waiting = context().accessToken({ refreshToken, acquire })

  await expect(stopped).rejects.toThrow('the claim was lost')
  expect(await waiting).toBe('access-1')
})

test('tokens that were given are secrets as well', async () => {
  const { context, refreshToken, notes } = contextsOn()
  const { acquire } = authorityFrom(refreshToken)
  const { accessToken, log, redact } = context()

  await accessToken({ refreshToken, acquire })
  log('saw', { header: 'Bearer access-1', next: 'refresh-1' })
  expect(notes).toEqual([['saw', { header: 'Bearer [redacted]', next: '[redacted]' }]])
  expect(redact('refresh-0')).toBe('[redacted]')
})

test('contexts of one connection share its state within a process, and no other connection does', async () => {
  const clock = createTestClock('2026-11-24T09:00:00Z')
  const stateOf = (refreshToken: string) =>
    createConnectorContext(connector, { credentials: { refreshToken }, key: 'log-1', clock }).state

  await stateOf('mine').set({ kept: true }, null)
  expect(await stateOf('mine').get()).toEqual({ kept: true })
  expect(await stateOf('yours').get()).toBeNull()
})
