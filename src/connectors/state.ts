import { isDeepStrictEqual } from 'node:util'
import type { Json } from './json.ts'

/**
 * What a connection keeps between runs, such as a refresh token that may be used once. It is written by compare-and-set,
 * because several processes may hold the same connection.
 */
export interface ConnectionState {
  get(): Promise<Json>
  /** Whether `next` was written; `false` when the state is no longer `expected`: read it again instead of overwriting. */
  set(next: Json, expected: Json): Promise<boolean>
}

/** State that ends with the process. */
export function memoryState(initial: Json = null): ConnectionState {
  let current = initial
  return {
    get: async () => current,
    async set(next, expected) {
      if (!isDeepStrictEqual(current, expected)) return false
      current = next
      return true
    },
  }
}
