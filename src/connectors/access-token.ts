import { createHash, randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { Clock } from '../internal/clock.ts'
import { isPlainObject, type Json } from './json.ts'
import { ProviderError } from './provider-error.ts'
import type { LearnedSecrets } from './redaction.ts'
import type { ConnectionState } from './state.ts'

/** A token as an authority gives it. */
export interface GivenToken {
  readonly token: string
  /** Milliseconds that it lives from when it was asked for. */
  readonly expiresInMs: number
  /** What the next one is asked for with; it takes the place of the refresh token before. */
  readonly refreshToken?: string | undefined
}

export interface AccessTokenRequest {
  /** Tells tokens apart where a connection has several. Default: `default`. */
  readonly name?: string
  /** What the administrator entered: used until a newer one was given, and again once another is entered. */
  readonly refreshToken?: string | undefined
  /** A token that the provider has refused. */
  readonly refused?: string | undefined
  /**
   * Asks the authority, with the newest refresh token where there are such.
   *
   * @throws ProviderError `auth` or `consentExpired` when it is refused.
   */
  acquire(refreshToken: string | undefined): Promise<GivenToken>
}

/** Resolves to a token that lives: the kept one, or one that is asked for once however many wait for it. */
export type AccessToken = (request: AccessTokenRequest) => Promise<string>

/** The tokens that the contexts of one connection share. */
export type TokenMemory = Map<string, { token?: string; until?: number; asking?: Promise<string> | undefined }>

/** A token with a shorter life than this is replaced before it is used. */
const RENEW_BEFORE_MS = 60_000
/** How long a process may take for a refresh before another one believes it dead. */
const CLAIM_MS = 120_000
const LOOK_AGAIN_MS = 200
/** Whoever writes in vain has been overtaken, and reads again; this often, somebody would have to be in a circle. */
const MOST_ATTEMPTS = 50

export interface AccessTokenOptions {
  readonly memory: TokenMemory
  readonly state: ConnectionState
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly secrets: LearnedSecrets
}

/** What a connector gets its access tokens by. */
export function createAccessToken({ memory, state, clock, signal, secrets }: AccessTokenOptions): AccessToken {
  return async (request) => {
    const { name = 'default' } = request
    const kept = memory.get(name) ?? {}
    memory.set(name, kept)

    const ask = async () => {
      const asked = clock.now().getTime()
      const { token, expiresInMs } = await acquire(request)
      kept.token = secrets.add(token)
      kept.until = asked + expiresInMs - RENEW_BEFORE_MS
      return token
    }

    while (true) {
      signal.throwIfAborted()
      const lives = kept.until !== undefined && clock.now().getTime() < kept.until
      if (kept.token !== undefined && lives && kept.token !== request.refused) return kept.token

      const isMine = kept.asking === undefined
      kept.asking ??= ask().finally(() => {
        kept.asking = undefined
      })
      try {
        return await kept.asking
      } catch (error) {
        // Whoever asked was told to stop, which is no answer for those who waited.
        if (isMine || ProviderError.isInstance(error)) throw error
      }
    }
  }

  /**
   * A refresh token may be good for one use. So it is claimed in the state before it is used, and whoever finds it claimed
   * waits; the one that comes back is kept there before the access token is used.
   */
  async function acquire(request: AccessTokenRequest): Promise<GivenToken> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const before = await state.get()
      const kept = entryIn(before, request)
      const refreshToken = kept.token ?? request.refreshToken
      if (refreshToken === undefined) return request.acquire(undefined)
      secrets.add(refreshToken)
      if (isClaimed(kept)) {
        attempt = 0
        await clock.sleep(LOOK_AGAIN_MS, signal)
        continue
      }
      const until = new Date(clock.now().getTime() + CLAIM_MS).toISOString()
      const mine = { ...kept, claim: { by: randomUUID(), until } }
      if (await state.set(withEntry(before, request, mine), before)) {
        const given = await use(request, refreshToken, mine)
        if (given) return given
      }
    }
    throw tooBusy()
  }

  /** Nothing when another process has taken over meanwhile: what it has kept is right. */
  async function use(request: AccessTokenRequest, refreshToken: string, mine: Entry): Promise<GivenToken | undefined> {
    const { claim: _, ...unclaimed } = mine
    const given = await request.acquire(refreshToken).catch(async (error) => {
      // An error of the state does not hide why there is no token.
      if (await replace(request, mine, unclaimed).catch(() => true)) throw error
      return undefined
    })
    if (given === undefined) return undefined
    const { refreshToken: next = refreshToken } = given
    secrets.add(next)
    const isKept = await replace(request, mine, next === refreshToken ? unclaimed : { ...unclaimed, token: next })
    return isKept || next === refreshToken ? given : undefined
  }

  /** Whatever else changes in the state; `false` when the entry is no longer mine. */
  async function replace(request: AccessTokenRequest, mine: Entry, next: Entry): Promise<boolean> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const before = await state.get()
      if (!isDeepStrictEqual(entryIn(before, request), mine)) return false
      if (await state.set(withEntry(before, request, next), before)) return true
    }
    throw tooBusy()
  }

  /** One that reaches further than any is of a clock that goes wrong. */
  function isClaimed({ claim }: Entry): boolean {
    const left = claim === undefined ? 0 : new Date(claim.until).getTime() - clock.now().getTime()
    return left > 0 && left <= CLAIM_MS
  }
}

const tooBusy = () => new ProviderError('transient', 'Other processes keep changing the state of this connection.')

/** What the state says of a refresh token. */
interface Entry {
  /** Tells which entered one it began with. */
  readonly since: string
  /** The newest; absent while it is still the entered one. */
  readonly token?: string
  /** The process that uses it right now. */
  readonly claim?: { readonly by: string; readonly until: string }
}

function entriesIn(state: Json): Readonly<Record<string, unknown>> {
  return isPlainObject(state) && isPlainObject(state.refreshTokens) ? state.refreshTokens : {}
}

/** An entry that began with another entered token is over. */
function entryIn(state: Json, { name = 'default', refreshToken }: AccessTokenRequest): Entry {
  const since = digestOf(refreshToken)
  const entry = entriesIn(state)[name] as Partial<Entry> | undefined
  return isPlainObject(entry) && entry.since === since ? (entry as Entry) : { since }
}

function withEntry(state: Json, { name = 'default' }: AccessTokenRequest, entry: Entry): Json {
  return {
    ...(isPlainObject(state) && state),
    refreshTokens: { ...entriesIn(state), [name]: entry },
  } as unknown as Json
}

const digestOf = (text = '') => createHash('sha256').update(text).digest('base64url')
