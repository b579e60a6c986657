import { TokenError } from './token-error.ts'

/** Who asks for a token, and for what. */
export interface ClientCredentials {
  readonly clientId: string
  /** The address of the environment that the token is for. */
  readonly resource: string
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * Reads a request for a token by client credentials. Any secret is right, and so is any signature; what is left out or
 * contradicts itself is refused with Microsoft Entra ID's codes.
 *
 * @param version of the endpoint: `1` names a `resource`, `2` a `scope` that ends with `/.default`
 * @param now by the machine's clock, which is what clients sign by
 * @see https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow
 */
export async function readClientCredentials(
  form: URLSearchParams,
  { version, tokenEndpoints, now }: { version: 1 | 2; tokenEndpoints: readonly string[]; now: Date },
): Promise<ClientCredentials> {
  const grant = needed(form, 'grant_type')
  if (grant !== 'client_credentials') {
    throw new TokenError(
      70003,
      'unsupported_grant_type',
      `The app requested an unsupported grant type '${grant}'. The emulator gives tokens for client_credentials only.`,
    )
  }
  const clientId = needed(form, 'client_id')
  const resource = version === 1 ? needed(form, 'resource') : resourceOf(needed(form, 'scope'))
  const assertion = form.get('client_assertion')
  if (assertion) await checkAssertion(assertion, form.get('client_assertion_type'), clientId, tokenEndpoints, now)
  else if (!form.get('client_secret')) {
    throw new TokenError(
      7000216,
      'invalid_client',
      "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.",
    )
  }
  return { clientId: clientId.toLowerCase(), resource }
}

function needed(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (value) return value
  const where = "The request body must contain the following parameter: '"
  throw new TokenError(900144, 'invalid_request', `${where}${name}'.`)
}

function resourceOf(scopes: string): string {
  const scope = scopes.split(' ').find((one) => one.endsWith('/.default'))
  if (scope !== undefined && URL.canParse(scope)) return scope.slice(0, -'/.default'.length)
  throw new TokenError(
    1002012,
    'invalid_scope',
    `The provided value for scope ${scopes} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
  )
}

async function checkAssertion(
  assertion: string,
  type: string | null,
  clientId: string,
  tokenEndpoints: readonly string[],
  now: Date,
): Promise<void> {
  const refuse = (code: number, why: string) => new TokenError(code, 'invalid_client', why)
  if (type !== ASSERTION_TYPE) throw refuse(900144, `The 'client_assertion_type' is '${ASSERTION_TYPE}'.`)
  const { decodeJwt, decodeProtectedHeader } = await import('jose')
  let claims: ReturnType<typeof decodeJwt>
  try {
    decodeProtectedHeader(assertion)
    claims = decodeJwt(assertion)
  } catch {
    throw refuse(50027, 'JWT token is invalid or malformed.')
  }
  if (claims.iss !== clientId || claims.sub !== clientId) {
    throw refuse(700021, "Client assertion's 'iss' and 'sub' do not match the client identifier.")
  }
  const audiences = [claims.aud].flat()
  if (!audiences.some((audience) => audience !== undefined && tokenEndpoints.includes(audience))) {
    throw refuse(700023, `Client assertion audience claim does not match: it is '${audiences.join(' ')}'.`)
  }
  if (claims.exp === undefined || claims.exp * 1000 <= now.getTime()) {
    throw refuse(700024, 'Client assertion is not within its valid time range.')
  }
}
