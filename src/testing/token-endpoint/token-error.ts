/** A refusal as Microsoft Entra ID gives it. */
export class TokenError extends Error {
  constructor(
    /** The number behind `AADSTS`. */
    readonly code: number,
    readonly error: 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | 'invalid_grant',
    message: string,
  ) {
    super(`AADSTS${code}: ${message}`)
  }

  get status(): number {
    return this.error === 'invalid_client' ? 401 : 400
  }
}
