import { randomUUID } from 'node:crypto'
import { readClientCredentials } from './client-credentials.ts'
import { createSignedTokens, type TokenClaims } from './signed-tokens.ts'
import { TokenError } from './token-error.ts'

export interface TokenEndpointOptions {
  /** The clock that tokens for this address live by. */
  readonly now: (resource: string) => Date
  /** The machine's time, which is what clients sign their assertions by. Default: the machine's. */
  readonly machineNow?: () => Date
  /** Makes the ids of refusals. Default: random GUIDs. */
  readonly ids?: () => string
}

/** A request, as any server can make one. */
interface Request {
  readonly method: string
  /** Complete, with scheme and host. */
  readonly url: string
  bytes(limit: number): Promise<Uint8Array>
}

/** What it is answered with. */
export interface TokenAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Stands for Microsoft Entra ID. */
export interface TokenEndpoint {
  /** The answer to a request for a token or about the endpoint; `undefined`: the path is none of its. */
  answer(request: Request): Promise<TokenAnswer> | undefined
  /** What a token says; rejects with a sentence when it was not given here, or has expired. */
  read(token: string, now: Date): Promise<TokenClaims>
}

const PATH =
  /^\/([^/]+)\/(?:(oauth2\/v2\.0\/token)|(oauth2\/token)|((?:v2\.0\/)?\.well-known\/openid-configuration)|(discovery(?:\/v2\.0)?\/keys)|(discovery\/instance)|(oauth2\/(?:v2\.0\/)?(?:authorize|devicecode)))$/

const MAX_BYTES = 64 * 1024

/**
 * The part of Microsoft Entra ID that programs need which sign in as themselves: tokens by client credentials, with a
 * secret or a certificate, for any application of any tenant; the documents that `@azure/msal-node` reads before; and
 * the keys that tokens are signed with. Any secret is right.
 *
 * MSAL asks over https only, and needs the host in `knownAuthorities`.
 *
 * @example
 * const tokens = createTokenEndpoint({ now: () => dataverse.clock.now() })
 */
export function createTokenEndpoint({
  now,
  machineNow = () => new Date(),
  ids = randomUUID,
}: TokenEndpointOptions): TokenEndpoint {
  const tokens = createSignedTokens()

  async function giveToken(request: Request, tenant: string, version: 1 | 2, origin: string): Promise<TokenAnswer> {
    const form = new URLSearchParams(Buffer.from(await request.bytes(MAX_BYTES)).toString('utf8'))
    const tokenEndpoints = [`${origin}/${tenant}/oauth2/v2.0/token`, `${origin}/${tenant}/oauth2/token`]
    const { clientId, resource } = await readClientCredentials(form, { version, tokenEndpoints, now: machineNow() })
    const moment = now(resource)
    const claims = { applicationId: clientId, audience: resource, tenantId: tenant }
    const { token, seconds } = await tokens.sign(claims, `${origin}/${tenant}/`, moment)
    const times = { expires_in: seconds, ext_expires_in: seconds }
    return json(200, { token_type: 'Bearer', ...times, ...(version === 1 ? { resource } : {}), access_token: token })
  }

  async function answer(request: Request, match: RegExpExecArray, origin: string): Promise<TokenAnswer> {
    const [, tenant = '', token2, token1, document, keys, instance] = match
    try {
      if (token2 || token1) {
        if (request.method !== 'POST')
          throw new TokenError(900561, 'invalid_request', 'The endpoint only accepts POST requests.')
        return await giveToken(request, tenant, token2 ? 2 : 1, origin)
      }
      if (document) return json(200, openIdDocument(origin, tenant))
      if (keys) return json(200, await tokens.keys())
      if (instance) return json(200, instanceDocument(origin, request.url))
      return json(501, {
        error: 'unsupported_response_type',
        error_description:
          'The emulator signs no person in. Ask its token endpoint with client_credentials, or send no token.',
      })
    } catch (error) {
      if (!(error instanceof TokenError)) throw error
      return json(error.status, refusal(error, ids(), machineNow()))
    }
  }

  return {
    answer(request) {
      const { origin, pathname } = new URL(request.url)
      const match = PATH.exec(pathname)
      return match ? answer(request, match, origin) : undefined
    },
    read: (token, at) => tokens.read(token, at),
  }
}

function json(status: number, body: object): TokenAnswer {
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store, no-cache' }
  return { status, headers, body: JSON.stringify(body) }
}

function openIdDocument(origin: string, tenant: string) {
  const base = `${origin}/${tenant}`
  return {
    issuer: `${base}/v2.0`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    token_endpoint: `${base}/oauth2/v2.0/token`,
    jwks_uri: `${base}/discovery/v2.0/keys`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    response_types_supported: ['token'],
    grant_types_supported: ['client_credentials'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
  }
}

function instanceDocument(origin: string, url: string) {
  const asked = new URL(url).searchParams.get('authorization_endpoint') ?? ''
  const tenant = URL.canParse(asked) ? (new URL(asked).pathname.split('/')[1] ?? 'common') : 'common'
  const { host } = new URL(origin)
  return {
    tenant_discovery_endpoint: `${origin}/${tenant}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  }
}

function refusal({ error, message, code }: TokenError, id: string, now: Date) {
  const timestamp = `${now.toISOString().slice(0, 19).replace('T', ' ')}Z`
  return {
    error,
    error_description: `${message} Trace ID: ${id} Correlation ID: ${id} Timestamp: ${timestamp}`,
    error_codes: [code],
    timestamp,
    trace_id: id,
    correlation_id: id,
  }
}
