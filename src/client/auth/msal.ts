import type { ConfidentialClientApplication, NodeAuthOptions } from '@azure/msal-node'
import { DataverseError, errorCodes } from '../../service/index.ts'
import type { ClientCertificateAuth, ClientSecretAuth } from './auth.ts'

/** What asks Microsoft Entra ID for tokens. */
export interface TokenClient {
  acquire(scope: string): Promise<{ readonly token: string; readonly expires: Date }>
}

/**
 * Client credentials by MSAL. It is an optional dependency, loaded with the first token.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/use-single-tenant-server-server-authentication
 */
export async function createTokenClient(auth: ClientSecretAuth | ClientCertificateAuth): Promise<TokenClient> {
  const application = await createApplication(auth)
  return {
    async acquire(scope) {
      try {
        // The token source keeps the token, by the client's clock.
        const result = await application.acquireTokenByClientCredential({ scopes: [scope], skipCache: true })
        if (!result) throw new Error('no token was given')
        return { token: result.accessToken, expires: result.expiresOn ?? new Date(0) }
      } catch (error) {
        throw refused(auth, scope, error)
      }
    },
  }
}

async function createApplication(
  auth: ClientSecretAuth | ClientCertificateAuth,
): Promise<ConfidentialClientApplication> {
  const { tenantId, clientId, authority = `https://login.microsoftonline.com/${tenantId}` } = auth
  const { ConfidentialClientApplication: Application } = await loadMsal()
  const credentials: Partial<NodeAuthOptions> =
    'clientSecret' in auth ? { clientSecret: auth.clientSecret } : { clientCertificate: auth.certificate }
  return new Application({
    auth: { clientId, authority, knownAuthorities: [new URL(authority).host], ...credentials },
    // Its messages are ours to give.
    system: { loggerOptions: { loggerCallback: () => {}, piiLoggingEnabled: false } },
  })
}

async function loadMsal() {
  try {
    return await import('@azure/msal-node')
  } catch (error) {
    throw new Error(
      'createDataverseClient: client credentials need @azure/msal-node, which is not installed. ' +
        'Run `npm install @azure/msal-node`, or give `auth: { token }`.',
      { cause: error },
    )
  }
}

/** The original error is not kept: it may carry the request, and with it the secret. */
function refused(
  { tenantId, clientId, ...credentials }: ClientSecretAuth | ClientCertificateAuth,
  scope: string,
  error: unknown,
): DataverseError {
  const { errorMessage, message = String(error) } = (error ?? {}) as { errorMessage?: string; message?: string }
  const secret = 'clientSecret' in credentials ? credentials.clientSecret : credentials.certificate.privateKey
  const why = (errorMessage || message).split('\n', 1)[0]!.replaceAll(secret, '[redacted]')
  return new DataverseError(
    'InvalidUserAuth',
    errorCodes.InvalidUserAuth.code,
    401,
    `No token for ${scope}: application ${clientId} of tenant ${tenantId} was refused. ${why}`,
  )
}
