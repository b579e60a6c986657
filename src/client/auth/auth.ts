/** An application that is registered in Microsoft Entra ID and is an application user of the environment. */
interface ClientApplication {
  readonly tenantId: string
  readonly clientId: string
  /** Default: `https://login.microsoftonline.com/<tenantId>`. */
  readonly authority?: string
}

/** Client credentials with a secret. */
export interface ClientSecretAuth extends ClientApplication {
  readonly clientSecret: string
}

/** Client credentials with a certificate. */
export interface ClientCertificateAuth extends ClientApplication {
  readonly certificate: {
    /** The SHA-256 thumbprint, in hexadecimal digits. */
    readonly thumbprintSha256: string
    /** PEM. */
    readonly privateKey: string
    /** PEM; sent along where the application trusts a subject name and issuer. */
    readonly x5c?: string
  }
}

/** What a token is asked for. */
export interface TokenRequest {
  /** Such as `https://contoso.crm4.dynamics.com/.default`. */
  readonly scope: string
  /** The last token was refused: one from a cache will not do. */
  readonly renew: boolean
  readonly signal: AbortSignal | undefined
}

/** Tokens from elsewhere: another library, a managed identity, a signed-in person. Asked before every request. */
export interface TokenAuth {
  token(request: TokenRequest): string | Promise<string>
}

/** How a client proves who it is. */
export type Auth = ClientSecretAuth | ClientCertificateAuth | TokenAuth
