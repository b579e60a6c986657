import type { Json } from '../json.ts'
import { isStruct, type XmlRpcValue } from './value.ts'

/** The same as JSON has it: moments as texts of ISO 8601, bytes in Base64, numbers that JSON would round as texts. */
export function toJson(value: XmlRpcValue): Json {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isStruct(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, toJson(part)]))
  return Array.isArray(value) ? value.map(toJson) : (value as Json)
}
