import type { Json } from './json.ts'

/** Takes note of something. What reaches it has no secrets. */
export type Log = (event: string, data?: Json) => void
