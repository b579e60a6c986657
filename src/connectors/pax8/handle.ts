import { isPlainObject, type Json } from '../json.ts'
import { ProviderError } from '../provider-error.ts'
import type { NewOrder } from './wire.ts'

/** Where a change stands, for whoever goes on with it. */
export type Handle =
  /** The order was checked and is to be placed. `known`: the orders that look alike and were there before. */
  | { readonly step: 'order'; readonly order: NewOrder; readonly known: readonly string[] }
  /** The order is placed, and its subscription is waited for. */
  | { readonly step: 'ordered'; readonly orderId: string; readonly since: string }
  /** The subscription was asked to become this. */
  | {
      readonly step: 'change'
      readonly id: string
      readonly target: { readonly quantity: number } | { readonly cancelled: true }
      readonly since: string
    }

const steps: readonly unknown[] = ['order', 'ordered', 'change']

export const toJson = (handle: Handle) => handle as unknown as Json

export function parseHandle(json: Json): Handle {
  if (isPlainObject(json) && steps.includes(json.step)) return json as unknown as Handle
  throw new ProviderError('bug', 'The handle is none that the Pax8 connector has made.')
}
