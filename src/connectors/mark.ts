import { createHash } from 'node:crypto'

/** What marks a purchase as the one of this key, wherever the order or the subscription shows its name. */
export function markOf(key: string): string {
  return `#${createHash('sha256').update(key).digest('hex').slice(0, 12)}`
}
