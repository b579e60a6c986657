import { isPlainObject, type Json } from '../json.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Context } from './settings.ts'

/** What the connection remembers of a purchase: when the order was sent, and which order it became. */
export type Attempt = { readonly at: string; readonly orderId?: string }

const KEPT_MS = 48 * 3_600_000
const MOST_TRIES = 5
const NAME = 'pax8Orders'

/** The attempts that the state of the connection holds, by idempotency key. */
export async function attemptsIn({ state }: Pick<Pax8Context, 'state'>): Promise<Readonly<Record<string, Attempt>>> {
  return read(await state.get())
}

/** Writes this key's attempt by compare-and-set, or forgets it. Old ones are dropped. */
export async function remember({ state, clock, key }: Pax8Context, attempt: Attempt | undefined): Promise<void> {
  for (let tries = 1; tries <= MOST_TRIES; tries++) {
    const before = await state.get()
    const oldest = new Date(clock.now().getTime() - KEPT_MS).toISOString()
    const kept = Object.fromEntries(
      Object.entries(read(before)).filter(([other, { at }]) => other !== key && at > oldest),
    )
    const after: Json = {
      ...(isPlainObject(before) && before),
      [NAME]: { ...kept, ...(attempt && { [key]: attempt }) },
    }
    if (await state.set(after, before)) return
  }
  throw new ProviderError('transient', 'Other processes keep changing the state of this connection.')
}

function read(state: Json): Record<string, Attempt> {
  return isPlainObject(state) && isPlainObject(state[NAME]) ? (state[NAME] as unknown as Record<string, Attempt>) : {}
}
