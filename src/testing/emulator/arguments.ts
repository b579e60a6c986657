import { dataverseError, isEntityReference } from '../../service/index.ts'

// What a caller without types may get wrong. On the platform the wire refuses it; here nothing else stands in front.

/** Refuses what is no object of columns or of options. */
export function refuseNoObject(what: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return
  throw dataverseError('InvalidArgument', { reason: `${what} is an object, not ${nameOf(value)}.` })
}

/** Refuses what is no array of such things. */
export function refuseNoArray(what: string, value: unknown, isOne: (part: unknown) => boolean, one: string): void {
  if (Array.isArray(value) && value.every(isOne)) return
  throw dataverseError('InvalidArgument', { reason: `${what} are an array of ${one}.` })
}

export const isString = (value: unknown): value is string => typeof value === 'string'
export const isReference = (value: unknown): boolean => isEntityReference(value)

function nameOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}
