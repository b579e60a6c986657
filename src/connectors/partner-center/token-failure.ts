import { ProviderError } from '../provider-error.ts'
import type { FailureCode } from '../retry-table.ts'

/** What Microsoft Entra ID refuses a token for, by the number behind `AADSTS`. */
const meanings: Readonly<Record<string, { readonly code: FailureCode; readonly advice: string }>> = {
  700082: { code: 'consentExpired', advice: 'The refresh token was not used for too long: sign in again.' },
  70008: { code: 'consentExpired', advice: 'The refresh token has expired: sign in again.' },
  50173: { code: 'consentExpired', advice: 'The sign-in was revoked, as by a new password: sign in again.' },
  50076: { code: 'consentExpired', advice: 'Sign in again, with multifactor authentication.' },
  50079: { code: 'consentExpired', advice: 'Sign in again, and register for multifactor authentication.' },
  50158: { code: 'consentExpired', advice: 'Sign in again: a conditional access policy asks for more.' },
  65001: { code: 'consentExpired', advice: 'Consent to the application again.' },
  7000222: { code: 'auth', advice: 'The client secret has expired: make a new one and enter it.' },
  7000215: { code: 'auth', advice: 'The client secret is wrong: enter its value, not its id.' },
  700016: { code: 'auth', advice: 'The application is not registered in this tenant.' },
  700027: { code: 'auth', advice: 'The certificate is not one of the application.' },
  90002: { code: 'auth', advice: 'There is no such tenant.' },
}

const byError: Readonly<Record<string, FailureCode>> = {
  invalid_grant: 'consentExpired',
  interaction_required: 'consentExpired',
  consent_required: 'consentExpired',
  invalid_client: 'auth',
  unauthorized_client: 'auth',
  temporarily_unavailable: 'transient',
}

/**
 * A refusal by MSAL as a failure. Its classes do not tell a lost consent from a wrong secret; the number does.
 * The original error is not kept: it may carry the request, and with it the secret.
 *
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
export function tokenFailure(error: unknown, redact: (text: string) => string): ProviderError {
  const { errorNo, errorCode, errorMessage, message, correlationId } = (error ?? {}) as Partial<Record<string, string>>
  const number = errorNo ?? /AADSTS(\d+)/.exec(`${errorMessage} ${message}`)?.[1]
  const meaning = number === undefined ? undefined : meanings[number]
  const said = errorMessage || message || String(error)
  const why = redact(/AADSTS\d+: .*?(?= Trace ID| - Correlation ID|\r|\n|$)/.exec(said)?.[0] ?? said).slice(0, 500)
  return new ProviderError(
    meaning?.code ?? byError[errorCode ?? ''] ?? 'auth',
    `Microsoft Entra ID gave no token: ${why} ${meaning?.advice ?? ''}`.trim(),
    { providerCode: number === undefined ? errorCode : `AADSTS${number}`, correlationId },
  )
}
