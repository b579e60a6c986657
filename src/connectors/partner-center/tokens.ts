import type { AuthenticationResult, ConfidentialClientApplication, NodeAuthOptions } from '@azure/msal-node'
import { createTransport, type TransportOptions } from '../../internal/http-transport.ts'
import type { GivenToken } from '../access-token.ts'
import { ProviderError } from '../provider-error.ts'
import type { Endpoints } from './clouds.ts'
import { createNetworkClient, insecureOnLoopback } from './network-client.ts'
import type { PartnerCenterContext } from './settings.ts'
import { tokenFailure } from './token-failure.ts'

export interface TokensOptions {
  readonly endpoints: Endpoints
  readonly transport?: TransportOptions | undefined
}

/** Whether the integration user stands behind the requests; without one the application acts alone. */
export const actsForUser = ({ credentials }: Pick<PartnerCenterContext, 'credentials'>): boolean =>
  credentials.refreshToken !== undefined

/**
 * An access token for Partner Center: for application and user where there is a refresh token, for the application
 * alone where there is none.
 *
 * @param refused - a token that was answered with 401
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-authentication
 */
export function tokenFor(context: PartnerCenterContext, options: TokensOptions, refused?: string): Promise<string> {
  return context.accessToken({
    refreshToken: context.credentials.refreshToken,
    refused,
    acquire: (refreshToken) => acquire(context, options, refreshToken),
  })
}

async function acquire(
  context: PartnerCenterContext,
  options: TokensOptions,
  refreshToken: string | undefined,
): Promise<GivenToken> {
  let lost: unknown
  const application = await createApplication(context, options, (error) => {
    lost = error
  })
  try {
    if (refreshToken === undefined) {
      const scopes = [`${options.endpoints.audience}/.default`]
      return given(await application.acquireTokenByClientCredential({ scopes, skipCache: true }))
    }
    // Without `forceCache` MSAL forgets the refresh token that came back, and shows it nowhere.
    const scopes = [`${options.endpoints.audience}/user_impersonation`]
    const result = await application.acquireTokenByRefreshToken({ refreshToken, scopes, forceCache: true })
    return given(result, rotatedIn(application))
  } catch (error) {
    if (lost === undefined) throw tokenFailure(error, context.redact)
    throw new ProviderError(
      'transient',
      `${options.endpoints.login} gave no answer that can be used: ${context.redact(String(lost))}`,
    )
  }
}

function given(result: AuthenticationResult | null, refreshToken?: string): GivenToken {
  if (!result?.accessToken) throw new Error('no token was given')
  // MSAL counts by the machine's clock.
  const expiresInMs = (result.expiresOn?.getTime() ?? 0) - Date.now()
  return { token: result.accessToken, expiresInMs, refreshToken }
}

/** The application is made anew for each token, so that its cache holds this one refresh token only. */
function rotatedIn(application: ConfidentialClientApplication): string | undefined {
  const cache = JSON.parse(application.getTokenCache().serialize()) as {
    readonly RefreshToken?: Readonly<Record<string, { readonly secret: string }>>
  }
  return Object.values(cache.RefreshToken ?? {})[0]?.secret
}

async function createApplication(
  context: PartnerCenterContext,
  { endpoints, transport }: TokensOptions,
  onFailure: (error: unknown) => void,
): Promise<ConfidentialClientApplication> {
  const { ConfidentialClientApplication: Application } = await loadMsal()
  const { clientId, tenantId } = context.settings
  const { host } = new URL(endpoints.login)
  const authority = `https://${host}/${tenantId}`
  const send = insecureOnLoopback(createTransport(transport), endpoints.login)
  return new Application({
    auth: {
      clientId,
      authority,
      knownAuthorities: [host],
      // What the document of the authority would say, without asking for it.
      authorityMetadata: JSON.stringify({
        issuer: `${authority}/v2.0`,
        authorization_endpoint: `${authority}/oauth2/v2.0/authorize`,
        token_endpoint: `${authority}/oauth2/v2.0/token`,
        jwks_uri: `${authority}/discovery/v2.0/keys`,
      }),
      ...proofOf(context),
    },
    system: {
      networkClient: createNetworkClient(send, onFailure),
      // Its messages are ours to give.
      loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false },
    },
  })
}

/** How the application proves who it is. */
function proofOf({ settings, credentials }: PartnerCenterContext): Partial<NodeAuthOptions> {
  const { clientSecret, certificateKey } = credentials
  const { certificateThumbprint } = settings
  if (clientSecret !== undefined && certificateKey === undefined) return { clientSecret }
  if (certificateKey !== undefined && clientSecret === undefined && certificateThumbprint !== undefined) {
    return { clientCertificate: { privateKey: certificateKey, thumbprintSha256: certificateThumbprint } }
  }
  throw new ProviderError(
    'invalid',
    'Enter either the client secret of the application, or the private key of its certificate with its thumbprint.',
    { field: clientSecret === undefined ? 'clientSecret' : 'certificateKey' },
  )
}

async function loadMsal() {
  try {
    return await import('@azure/msal-node')
  } catch (error) {
    throw new ProviderError(
      'bug',
      'Microsoft Partner Center needs @azure/msal-node, which is not installed. Run `npm install @azure/msal-node`.',
      { cause: error },
    )
  }
}
