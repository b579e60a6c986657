import type { XmlContent } from '../../internal/xml.ts'
import { MOST_NESTED, XmlRpcError, type XmlRpcValue } from './value.ts'

/** What a `value` element has to hold. @throws XmlRpcError for what XML-RPC has no words for */
export function encodeValue(value: XmlRpcValue, depth = 0): XmlContent {
  if (depth > MOST_NESTED) throw new XmlRpcError(`values nest more than ${MOST_NESTED} deep`)
  if (value === null) return { nil: '' }
  if (typeof value === 'string') return { string: value }
  if (typeof value === 'boolean') return { boolean: value ? '1' : '0' }
  if (typeof value === 'bigint') return { i8: encodeBig(value) }
  if (typeof value === 'number') return encodeNumber(value)
  if (value instanceof Date) return { 'dateTime.iso8601': encodeDate(value) }
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (isArray(value)) return { array: { data: { value: value.map((part) => encodeValue(part, depth + 1)) } } }
  if (typeof value !== 'object') throw new XmlRpcError(`there is no type for a ${typeof value}`)
  const member = Object.entries(value).map(([name, part]) => ({ name, value: encodeValue(part, depth + 1) }))
  return { struct: { member } }
}

const isArray = (value: XmlRpcValue): value is readonly XmlRpcValue[] => Array.isArray(value)

function encodeNumber(value: number): XmlContent {
  if (!Number.isFinite(value)) throw new XmlRpcError(`${value} is not a number that can be sent`)
  return value === (value | 0) ? { i4: String(value) } : { double: withoutExponent(value) }
}

function encodeBig(value: bigint): string {
  if (value !== BigInt.asIntN(64, value)) throw new XmlRpcError('a number has more than 64 bits')
  return String(value)
}

function encodeDate(value: Date): string {
  const [year] = Number.isNaN(value.getTime()) ? [Number.NaN] : [value.getUTCFullYear()]
  if (!(year! >= 0 && year! <= 9999)) throw new XmlRpcError('a date is none, or not within the years 0 to 9999')
  return value.toISOString().slice(0, 19).replaceAll('-', '')
}

/** The specification has no exponents. */
function withoutExponent(value: number): string {
  const [digits = '', exponent] = String(value).split('e')
  if (exponent === undefined) return digits
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(digits) ?? []
  const shift = Number(exponent)
  return shift > 0
    ? `${sign}${(whole + part).padEnd(whole.length + shift, '0')}`
    : `${sign}0.${(whole + part).padStart(part.length - shift, '0')}`
}
