import { createHash } from 'node:crypto'
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
const MOST_ATTEMPTS = 5

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

  /** A rotated refresh token is kept before the access token is used. When the state has changed meanwhile, it is right. */
  async function acquire(request: AccessTokenRequest): Promise<GivenToken> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
      const before = await state.get()
      const refreshToken = newestRefreshToken(before, request)
      if (refreshToken !== undefined) secrets.add(refreshToken)
      const given = await request.acquire(refreshToken).catch(async (error) => {
        // Another process may have used up what can be used once.
        if (isDeepStrictEqual(await state.get(), before)) throw error
        return undefined
      })
      if (given === undefined) continue
      if (given.refreshToken === undefined || given.refreshToken === refreshToken) return given
      secrets.add(given.refreshToken)
      if (await state.set(withRefreshToken(before, request, given.refreshToken), before)) return given
    }
    throw new ProviderError('transient', 'Other processes keep changing the state of this connection.')
  }
}

/** The refresh tokens in the state, by name. `since` tells which entered one they began with. */
function refreshTokensIn(state: Json): Readonly<Record<string, unknown>> {
  return isPlainObject(state) && isPlainObject(state.refreshTokens) ? state.refreshTokens : {}
}

function newestRefreshToken(state: Json, { name = 'default', refreshToken }: AccessTokenRequest): string | undefined {
  const kept = refreshTokensIn(state)[name]
  const isNewer = isPlainObject(kept) && kept.since === digestOf(refreshToken) && typeof kept.token === 'string'
  return isNewer ? (kept.token as string) : refreshToken
}

function withRefreshToken(state: Json, { name = 'default', refreshToken }: AccessTokenRequest, token: string): Json {
  return {
    ...(isPlainObject(state) && state),
    refreshTokens: { ...refreshTokensIn(state), [name]: { token, since: digestOf(refreshToken) } },
  } as Json
}

const digestOf = (text = '') => createHash('sha256').update(text).digest('base64url')
