import type { Clock } from '../../internal/clock.ts'
import type { Connector } from '../connector.ts'
import type { ConnectorContext } from '../connector-context.ts'

/** A connector, and how it is asked on behalf of who calls. */
export interface Served {
  readonly connector: Connector
  /** The context of one request; without an idempotency key it gets a new one. */
  contextFor(key?: string): ConnectorContext
  readonly clock: Clock
  /** Milliseconds that a change which takes time is waited for. */
  readonly waitMs: number
}

/** The contract has a route for it and the connector no method: answered with 501. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}

/** The method, where the connector has it. @throws NotOffered */
export function offered<T>({ connector: { title } }: Served, method: T | undefined, what: string): T {
  if (method !== undefined) return method
  throw new NotOffered(`${title} does not offer ${what}.`)
}
