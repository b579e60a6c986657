import { X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'
import { ProviderError } from '../provider-error.ts'

export interface ChainOptions {
  /** The certificates that are believed, PEM. Default: those of Node. */
  readonly roots?: readonly string[] | undefined
  readonly now: Date
  /** Downloads what a certificate names as its issuer. */
  fetch(url: string): Promise<Uint8Array>
}

const LONGEST_CHAIN = 5

/**
 * Follows a certificate up to one that is believed.
 *
 * @throws ProviderError `invalid` when a link is missing, forged, out of its time or no authority
 */
export async function verifyChain(leaf: X509Certificate, options: ChainOptions): Promise<void> {
  const roots = (options.roots ?? rootCertificates).map((pem) => new X509Certificate(pem))
  let current = leaf
  for (let length = 1; length <= LONGEST_CHAIN; length++) {
    refuseOutOfTime(current, options.now)
    if (roots.some((root) => root.raw.equals(current.raw) || issued(root, current))) return
    const issuer = await fetchIssuer(current, options)
    if (!issued(issuer, current)) throw refused('it was not issued by the one it names')
    current = issuer
  }
  throw refused('its chain is too long')
}

const issued = (issuer: X509Certificate, certificate: X509Certificate) =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)

function refuseOutOfTime({ validFrom, validTo }: X509Certificate, now: Date): void {
  if (new Date(validFrom) > now || new Date(validTo) < now) throw refused('it is out of its time')
}

async function fetchIssuer({ infoAccess }: X509Certificate, { fetch }: ChainOptions): Promise<X509Certificate> {
  const url = /CA Issuers - URI:(\S+)/.exec(infoAccess ?? '')?.[1]
  if (url === undefined || !/^https?:\/\/[a-z0-9.-]+\.(microsoft|digicert)\.com\//i.test(url)) {
    throw refused('its issuer is not known')
  }
  return parseCertificate(await fetch(url))
}

/** DER or PEM. */
export function parseCertificate(bytes: Uint8Array): X509Certificate {
  try {
    return new X509Certificate(bytes)
  } catch {
    throw refused('it cannot be read')
  }
}

export const refused = (why: string) =>
  new ProviderError('invalid', `The certificate of the event is refused: ${why}.`, { field: 'x-ms-certificate-url' })
