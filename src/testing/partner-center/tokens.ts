import type { Clock } from '../../internal/clock.ts'
import type { IdGenerator } from '../../internal/ids.ts'
import type { PartnerCenterQuirks, PartnerCenterTiming } from './world.ts'

export interface TokensOptions {
  readonly tenantId: string
  readonly clientId: string
  readonly clientSecret: string
  /** The one that the integration user got by signing in. Without it, only the application can have tokens. */
  readonly refreshToken: string | undefined
  readonly clock: Clock
  readonly ids: IdGenerator
  /** How it behaves now. */
  readonly how: () => { readonly timing: PartnerCenterTiming; readonly quirks: PartnerCenterQuirks }
}

const HOUR_MS = 3_600_000
const AUDIENCE = 'https://api.partnercenter.microsoft.com/'

/** The sign-in: gives access tokens, and another refresh token each time. */
export function createTokens({ tenantId, clientId, clientSecret, refreshToken, clock, ids, how }: TokensOptions) {
  const access = new Map<string, { readonly forUser: boolean; readonly until: number }>()
  const refresh = new Set(refreshToken === undefined ? [] : [refreshToken])
  let given = 0

  function give(forUser: boolean) {
    given++
    const lifetime = how().timing.tokenLifetimeMs ?? HOUR_MS
    const token = `access-${ids()}`
    access.set(token, { forUser, until: clock.now().getTime() + lifetime })
    const next = `refresh-${ids()}`
    if (forUser) refresh.add(next)
    return {
      token_type: 'Bearer',
      expires_in: lifetime / 1000,
      access_token: token,
      ...(forUser && { refresh_token: next, ...identity(tenantId, clientId) }),
    }
  }

  function answer(form: URLSearchParams): Response {
    const get = (name: string) => form.get(name) ?? ''
    const isProven = get('client_secret') === clientSecret || form.has('client_assertion')
    if (get('client_id') !== clientId) return refuse(400, 'unauthorized_client', 700016, 'Application was not found.')
    if (!isProven) return refuse(401, 'invalid_client', 7000215, 'Invalid client secret provided.')
    if (!get('scope').startsWith(AUDIENCE)) return refuse(400, 'invalid_scope', 70011, 'The scope is not valid.')
    if (get('grant_type') === 'client_credentials') return Response.json(give(false))
    const old = get('refresh_token')
    if (!refresh.has(old)) {
      return refuse(400, 'invalid_grant', 700082, 'The refresh token has expired due to inactivity.')
    }
    if (how().quirks.refreshTokensOnce) refresh.delete(old)
    return Response.json(give(true))
  }

  return {
    answer,
    /** `undefined` for a token that was not given here, or is over. */
    read(header: string | null) {
      const token = access.get(header?.replace(/^Bearer /, '') ?? '')
      return token && token.until > clock.now().getTime() ? token : undefined
    },
    /** No refresh token is good any more. */
    expireConsent: () => refresh.clear(),
    /** No access token is good any more. */
    revoke: () => access.clear(),
    get given() {
      return given
    },
  }
}

/** MSAL keeps a refresh token only when it is told whose it is. */
function identity(tenantId: string, clientId: string) {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = {
    aud: clientId,
    iss: `https://login/${tenantId}/v2.0`,
    sub: 'robot',
    oid: 'robot',
    tid: tenantId,
    ver: '2.0',
  }
  return {
    id_token: `${encode({ alg: 'none' })}.${encode(claims)}.`,
    client_info: encode({ uid: 'robot', utid: tenantId }),
  }
}

function refuse(status: number, error: string, code: number, message: string): Response {
  const error_description = `AADSTS${code}: ${message} Trace ID: 0 Correlation ID: 0`
  return Response.json({ error, error_description, error_codes: [code] }, { status })
}
