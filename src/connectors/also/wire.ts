/** What SimpleAPI sends and takes, as far as it is used. Names are case-sensitive. */

export interface NewSubscription {
  readonly ParentAccountId: string
  readonly ServiceId: string
  readonly Quantity: number
  readonly Fields: readonly { readonly Id: string; readonly Value: string }[]
}

export interface Subscription {
  /** The id of the subscription, which is an account below its customer's. */
  readonly AccountId: string | number
  readonly ServiceId?: string | null
  readonly ServiceDisplayName?: string | null
  readonly Quantity?: number | null
  readonly AccountState?: string | null
  readonly Fields?: readonly { readonly Id: string; readonly Value?: string | null }[] | null
}
