import { type DataverseError, dataverseError } from '../service/index.ts'

/** 501: something that Dataverse can and this package cannot do yet. `what` is the sentence's subject. */
export function notEmulated(what: string): DataverseError {
  return dataverseError('ODataUriError', { reason: `${what} is not emulated yet.` }, { status: 501 })
}

/** 400: the URL or a header says something that cannot be understood. */
export function badRequest(reason: string): DataverseError {
  return dataverseError('ODataUriError', { reason })
}

/** A method that the resource does not have; carries those that it has, for the `Allow` header. */
export class MethodNotAllowed extends Error {
  constructor(
    readonly method: string,
    readonly allowed: readonly string[],
  ) {
    super(`The requested resource does not support http method '${method}'.`)
  }
}
