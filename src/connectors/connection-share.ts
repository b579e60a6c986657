import { createHash } from 'node:crypto'
import type { Clock } from '../internal/clock.ts'
import type { TokenMemory } from './access-token.ts'
import type { Connector } from './connector.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { createLearnedSecrets, type LearnedSecrets } from './redaction.ts'
import { type ConnectionState, memoryState } from './state.ts'

/** What the contexts of one connection have in common within a process. */
export interface ConnectionShare {
  readonly limiter: Limiter
  readonly state: ConnectionState
  readonly tokens: TokenMemory
  readonly secrets: LearnedSecrets
}

/** By clock, so that what a test leaves behind goes with its clock. */
const shares = new WeakMap<Clock, Map<string, ConnectionShare>>()

/** The share of this connection, which is: the connector with these settings and credentials. */
export function shareOf(
  { name, limits = {} }: Pick<Connector, 'name' | 'limits'>,
  values: { readonly settings: object; readonly credentials: object },
  clock: Clock,
): ConnectionShare {
  const ofClock = shares.get(clock) ?? new Map<string, ConnectionShare>()
  shares.set(clock, ofClock)
  const id = createHash('sha256')
    .update(JSON.stringify([name, limits, values.settings, values.credentials]))
    .digest('base64')
  const known = ofClock.get(id)
  if (known) return known
  const share = {
    limiter: createLimiter(limits, clock),
    state: memoryState(),
    tokens: new Map(),
    secrets: createLearnedSecrets(),
  }
  ofClock.set(id, share)
  return share
}
