import { parseHandle as parse } from '../handle.ts'
import type { Json } from '../json.ts'
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

export const parseHandle = (json: Json): Handle => parse<Handle>(json, 'Pax8', ['order', 'ordered', 'change'])
