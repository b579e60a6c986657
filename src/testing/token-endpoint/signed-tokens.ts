import type { CryptoKey, JWK } from 'jose'

/** What a token says. */
export interface TokenClaims {
  /** The id of the application that asked for it. */
  readonly applicationId: string
  /** What it is for: the address of an environment. */
  readonly audience: string
  readonly tenantId: string
}

/** Signs tokens, and reads those that it has signed. */
export interface SignedTokens {
  /** The token, and the seconds that it lives. */
  sign(claims: TokenClaims, issuer: string, now: Date): Promise<{ readonly token: string; readonly seconds: number }>
  /** What a token says; rejects with a sentence when it is none of these, or has expired. */
  read(token: string, now: Date): Promise<TokenClaims>
  /** The public key, as clients look it up. */
  keys(): Promise<{ readonly keys: readonly JWK[] }>
}

const LIFETIME_SECONDS = 3600
const ALGORITHM = 'RS256'

/** Tokens read so far are kept, because checking a signature takes longer than answering most requests. */
const MOST_KEPT = 1000

/** A key of its own for each; it is made with the first token, because that takes a while. */
export function createSignedTokens(): SignedTokens {
  let made:
    | Promise<{ jose: typeof import('jose'); privateKey: CryptoKey; publicKey: CryptoKey; id: string }>
    | undefined
  const key = () => {
    made ??= makeKey()
    return made
  }
  const kept = new Map<string, { readonly claims: TokenClaims; readonly from: number; readonly until: number }>()

  return {
    async sign({ applicationId, audience, tenantId }, issuer, now) {
      const { jose, privateKey, id } = await key()
      const begin = Math.floor(now.getTime() / 1000)
      const token = await new jose.SignJWT({
        aud: audience,
        appid: applicationId,
        azp: applicationId,
        tid: tenantId,
        idtyp: 'app',
        ver: '1.0',
      })
        .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: id })
        .setIssuer(issuer)
        .setSubject(applicationId)
        .setIssuedAt(begin)
        .setNotBefore(begin)
        .setExpirationTime(begin + LIFETIME_SECONDS)
        .sign(privateKey)
      return { token, seconds: LIFETIME_SECONDS }
    },

    async read(token, now) {
      const time = now.getTime()
      const known = kept.get(token)
      if (known && known.from <= time && time < known.until) return known.claims
      const { jose, publicKey } = await key()
      const { payload } = await jose
        .jwtVerify(token, publicKey, { algorithms: [ALGORITHM], currentDate: now })
        .catch((error) => {
          const { JWTExpired, JWTClaimValidationFailed } = jose.errors
          if (error instanceof JWTExpired) throw new Error('The token has expired, by the clock of the emulator.')
          if (error instanceof JWTClaimValidationFailed) {
            throw new Error('The token is not valid yet: the clock of the emulator was turned back.')
          }
          throw new Error('The token is not one that this emulator has given.')
        })
      const claims = {
        applicationId: String(payload.appid),
        audience: String(payload.aud),
        tenantId: String(payload.tid),
      }
      if (kept.size >= MOST_KEPT) kept.clear()
      kept.set(token, { claims, from: payload.nbf! * 1000, until: payload.exp! * 1000 })
      return claims
    },

    async keys() {
      const { jose, publicKey, id } = await key()
      return { keys: [{ ...(await jose.exportJWK(publicKey)), use: 'sig', alg: ALGORITHM, kid: id }] }
    },
  }
}

async function makeKey() {
  const jose = await import('jose')
  const { privateKey, publicKey } = await jose.generateKeyPair(ALGORITHM)
  const id = await jose.calculateJwkThumbprint(await jose.exportJWK(publicKey))
  return { jose, privateKey, publicKey, id }
}
