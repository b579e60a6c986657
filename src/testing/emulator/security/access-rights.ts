import { dataverseError } from '../../../service/index.ts'

/**
 * What one may do with a row, with the platform's bits.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/accessrights
 */
export const accessRights = {
  Read: 1,
  Write: 2,
  Append: 4,
  AppendTo: 16,
  Create: 32,
  Delete: 65_536,
  Share: 262_144,
  Assign: 524_288,
} as const
export type AccessRight = keyof typeof accessRights

const rights = Object.keys(accessRights) as AccessRight[]

/** Every right there is. */
export const ALL_RIGHTS = rights.reduce((mask, right) => mask | accessRights[right], 0)

/** What can be shared: all but creating. */
export const SHAREABLE_RIGHTS = ALL_RIGHTS & ~accessRights.Create

/** `'ReadAccess, WriteAccess'` as bits, also from an array of the names or from the bits themselves. */
export function parseAccessMask(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && (value & ~ALL_RIGHTS) === 0) return value
  const names = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : undefined
  if (!names)
    throw dataverseError('InvalidArgument', { reason: 'AccessMask is a text such as ReadAccess, WriteAccess.' })
  return names.reduce<number>((mask, text) => {
    const name = String(text).trim()
    if (name === '' || name === 'None') return mask
    const right = rights.find((known) => `${known}Access` === name)
    if (!right) throw dataverseError('InvalidArgument', { reason: `'${name}' is not an access right.` })
    return mask | accessRights[right]
  }, 0)
}

/** Bits as the Web API prints them. */
export function printAccessMask(mask: number): string {
  return (
    rights
      .filter((right) => mask & accessRights[right])
      .map((right) => `${right}Access`)
      .join(', ') || 'None'
  )
}
