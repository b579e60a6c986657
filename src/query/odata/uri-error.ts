import { type DataverseError, dataverseError } from '../../service/index.ts'

/** A mistake in the text of a query option, in the words of the platform's OData parser. */
export function uriError(reason: string): DataverseError {
  return dataverseError('ODataUriError', { reason })
}

/** {@link uriError} that ends in where the mistake is: the count of characters before it, and the whole text. */
export function uriErrorAt(what: string, position: number, text: string): DataverseError {
  return uriError(`${what} at position ${position} in '${text}'.`)
}

/** Something that is right in OData and that Dataverse, or this package, does not have. */
export function notSupported(what: string, position: number, text: string): DataverseError {
  return uriErrorAt(`${what} is not supported`, position, text)
}
