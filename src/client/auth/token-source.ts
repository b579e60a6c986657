import type { Clock } from '../../internal/clock.ts'
import type { Auth, TokenRequest } from './auth.ts'
import { createTokenClient, type TokenClient } from './msal.ts'

/** Where requests get their token from. */
export interface TokenSource {
  get(request: Omit<TokenRequest, 'scope'>): Promise<string>
}

/** A token with a shorter life than this is replaced before it is used. */
const RENEW_BEFORE_MS = 5 * 60 * 1000

/**
 * Tokens for one environment. Those of client credentials are kept until five minutes before they end, and asked for once
 * however many requests wait for one.
 */
export function createTokenSource(auth: Auth, scope: string, clock: Clock): TokenSource {
  if ('token' in auth) return { get: async (request) => auth.token({ ...request, scope }) }

  let client: Promise<TokenClient> | undefined
  let current: { readonly token: string; readonly until: number } | undefined
  let pending: Promise<string> | undefined

  const acquire = async () => {
    client ??= createTokenClient(auth)
    const { token, expires } = await (await client).acquire(scope)
    current = { token, until: expires.getTime() - RENEW_BEFORE_MS }
    return token
  }

  return {
    get({ renew }) {
      if (!renew && current && clock.now().getTime() < current.until) return Promise.resolve(current.token)
      pending ??= acquire().finally(() => {
        pending = undefined
      })
      return pending
    },
  }
}
