import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether it is the secret. Digests have one length, so that comparing them tells nothing about it, not even how long it is. */
export function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
