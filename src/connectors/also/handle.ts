import { parseHandle as parse, waitWithin } from '../handle.ts'
import type { Json } from '../json.ts'
import type { Accepted } from '../outcome.ts'
import type { AlsoContext } from './settings.ts'
import type { NewSubscription } from './wire.ts'

/** Where a change stands, for whoever goes on with it. */
export type Handle =
  /** To be bought. `known`: the subscriptions that look alike and were there before. */
  | { readonly step: 'purchase'; readonly order: NewSubscription; readonly known: readonly string[] }
  /** The subscription was asked to become this. */
  | {
      readonly step: 'change'
      readonly id: string
      readonly customerId: string
      readonly target: { readonly quantity: number } | { readonly cancelled: true }
      readonly since: string
    }

/** Asks again in a minute; after a day it is `pending` instead. */
export function waitForChange(
  { clock }: Pick<AlsoContext, 'clock'>,
  handle: Extract<Handle, { readonly step: 'change' }>,
  state: string | null | undefined,
): Accepted {
  const message = `ALSO has not finished with subscription ${handle.id}: it is ${state ?? 'not listed'}.`
  return waitWithin(clock, handle, message)
}

export const parseHandle = (json: Json): Handle => parse<Handle>(json, 'ALSO', ['purchase', 'change'])
