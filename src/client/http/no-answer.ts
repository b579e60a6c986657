import { DataverseError, errorCodes } from '../../service/index.ts'

/**
 * The environment did not answer: it could not be reached, or the answer broke off or took too long. `name` is `'NoAnswer'`
 * and `status` 0. Whether the request has taken effect is not known.
 */
export class NoAnswer extends DataverseError {
  constructor(message: string) {
    super('NoAnswer', errorCodes.UnExpected.code, 0, message)
  }
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)|ERR_TLS/

/** Why there was no answer, for a person. The error itself is not kept: it carries the request, and so the token. */
export function reasonOf(error: unknown): string {
  const { code = '', message = '' } = (error ?? {}) as Partial<Record<'code' | 'message', string>>
  if (CERTIFICATE.test(code)) return `the certificate is not trusted (${code})`
  if (code === 'ENOTFOUND') return 'the host name is not known; look for a typing error in the address'
  if (code === 'ECONNREFUSED') return 'nothing listens there (ECONNREFUSED)'
  return message || code || String(error)
}
