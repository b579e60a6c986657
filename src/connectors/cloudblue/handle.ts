import { parseHandle as parse } from '../handle.ts'
import type { Json } from '../json.ts'
import type { NewSubscription } from './api.ts'

/** What a subscription is to become. */
export type Target = { readonly quantity: number } | { readonly active: boolean }

/** Where a change stands, for whoever goes on with it. */
export type Handle =
  /** It was sent, its answer was lost, and it may still appear. */
  | { readonly step: 'purchase'; readonly order: NewSubscription }
  /** The subscription was asked to become this. */
  | {
      readonly step: 'change'
      readonly id: string
      /** All of it has to be so. */
      readonly targets: readonly Target[]
      readonly since: string
    }
  /** To be removed. What is gone cannot be asked any more, so this is what it was. */
  | { readonly step: 'remove'; readonly last: Json; readonly since: string }

export const parseHandle = (json: Json): Handle => parse<Handle>(json, 'CloudBlue', ['purchase', 'change', 'remove'])
