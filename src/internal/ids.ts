import { randomUUID } from 'node:crypto'

/** Makes a new row id: a lower-case GUID that it has not made before. */
export type IdGenerator = () => string

export const randomIds: IdGenerator = () => randomUUID()

/** Random ids, 256 of them at a time, which count up: a third of the time that as many random ones take. */
export function randomBlocksOfIds(): IdGenerator {
  let block = ''
  let next = endings.length
  return () => {
    if (next === endings.length) {
      block = randomUUID().slice(0, -2)
      next = 0
    }
    return block + endings[next++]
  }
}

const endings = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'))

/**
 * Ids that count up from one, so that two runs of one test print the same ids.
 * `scope` (at most 8 hexadecimal digits) keeps the ids of two generators apart.
 */
export function sequentialIds(scope = '0'): IdGenerator {
  const prefix = scope.toLowerCase().padStart(8, '0')
  let next = 0
  return () => `${prefix}-0000-4000-8000-${(++next).toString(16).padStart(12, '0')}`
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export function isGuid(value: unknown): value is string {
  return typeof value === 'string' && GUID.test(value)
}
