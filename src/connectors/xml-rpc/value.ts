/**
 * A value of XML-RPC. On the wire a whole number of 32 bits is `i4`, a `bigint` is `i8` and any other number a `double`; a
 * `Date` is `dateTime.iso8601` in UTC and whole seconds, bytes are `base64`, `null` is `nil`, an object is a `struct`.
 *
 * @see http://xmlrpc.com/spec.md
 * @see https://ws.apache.org/xmlrpc/types.html for `i8` and `nil`, which are extensions
 */
export type XmlRpcValue =
  | number
  | bigint
  | boolean
  | string
  | Date
  | Uint8Array
  | null
  | readonly XmlRpcValue[]
  | XmlRpcStruct

export interface XmlRpcStruct {
  readonly [member: string]: XmlRpcValue
}

/** Why something is no message of XML-RPC, or cannot become one. */
export class XmlRpcError extends Error {
  override readonly name = 'XmlRpcError'
}

/** How deep values may nest, in both directions. */
export const MOST_NESTED = 20

/** The member itself, and never what objects inherit. */
export function memberOf(value: XmlRpcValue | undefined, name: string): XmlRpcValue | undefined {
  return isStruct(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

export function isStruct(value: XmlRpcValue | undefined): value is XmlRpcStruct {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Date) &&
    !(value instanceof Uint8Array)
  )
}
