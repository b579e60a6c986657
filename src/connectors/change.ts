/** A customer, as the provider knows it. */
export interface CustomerRef {
  readonly id: string
  readonly name?: string | undefined
}

/** A subscription, as the provider knows it. */
export interface SubscriptionRef {
  readonly id: string
  readonly customerId: string
  readonly name?: string | undefined
}

/** A product of the provider's catalogue; `id` is the provider's part number, such as `CFQ7TTC0LH31:001B`. */
export interface ProductRef {
  readonly id: string
  readonly name?: string | undefined
  readonly term?: string | undefined
  readonly billingCycle?: BillingCycle | undefined
}

export type BillingCycle = 'monthly' | 'annual' | 'triennial' | 'oneTime' | 'none'

/** What every change carries from its license change log. */
interface ChangeOrigin {
  /**
   * The quantity of the license change log, which is the difference to the total before it. For information, and for the
   * linked subscription: whoever adds it to what the provider has buys twice when the change is delivered twice.
   */
  readonly delta?: number | undefined
  /** The id of the Work 365 subscription that this one is linked to. */
  readonly linkedSubscriptionId?: string | undefined
}

/** Buy a subscription that the provider does not have yet. */
export interface CreateChange extends ChangeOrigin {
  readonly kind: 'create'
  readonly customer: CustomerRef
  readonly product: ProductRef
  /** The total to buy. */
  readonly quantity: number
  /** Default: the provider decides. */
  readonly startsAt?: Date | undefined
  readonly autoRenew?: boolean | undefined
  /** The subscription whose add-on this is. */
  readonly parent?: SubscriptionRef | undefined
  /** What this provider wants to know beyond that, by its own names. */
  readonly fields?: Readonly<Record<string, string>> | undefined
}

/** Make the subscription's quantity this total. */
export interface QuantityChange extends ChangeOrigin {
  readonly kind: 'setQuantity'
  readonly subscription: SubscriptionRef
  /** The resulting total, never a difference. */
  readonly quantity: number
  /** Default: `now`. */
  readonly when?: 'now' | 'renewal' | undefined
}

interface StatusChange<K extends 'pause' | 'resume' | 'cancel'> extends ChangeOrigin {
  readonly kind: K
  readonly subscription: SubscriptionRef
}

/** Stop the subscription until it is resumed. */
export type PauseChange = StatusChange<'pause'>
/** Let a paused subscription go on. */
export type ResumeChange = StatusChange<'resume'>
/** End the subscription for good. */
export type CancelChange = StatusChange<'cancel'>

/** Let the subscription renew itself at its end, or not. */
export interface AutoRenewChange extends ChangeOrigin {
  readonly kind: 'setAutoRenew'
  readonly subscription: SubscriptionRef
  readonly enabled: boolean
}

/**
 * Decide what the subscription becomes when it renews. What is left out stays as it is; with nothing said, an earlier
 * decision is withdrawn.
 */
export interface RenewalChange extends ChangeOrigin {
  readonly kind: 'setRenewal'
  readonly subscription: SubscriptionRef
  /** The total from the renewal on. */
  readonly quantity?: number | undefined
  /** Another product, term or billing cycle. */
  readonly product?: ProductRef | undefined
  /** The day on which the new term ends, `'YYYY-MM-DD'`, so that it ends together with others. */
  readonly endsOn?: string | undefined
}

/** Move the subscription to another product now, such as a higher edition. */
export interface TransitionChange extends ChangeOrigin {
  readonly kind: 'transition'
  readonly subscription: SubscriptionRef
  readonly product: ProductRef
  /** How much of it moves. Default: all. */
  readonly quantity?: number | undefined
}

interface ChangesByKind {
  readonly create: CreateChange
  readonly setQuantity: QuantityChange
  readonly pause: PauseChange
  readonly resume: ResumeChange
  readonly cancel: CancelChange
  readonly setAutoRenew: AutoRenewChange
  readonly setRenewal: RenewalChange
  readonly transition: TransitionChange
}

export type ChangeKind = keyof ChangesByKind

/** What a connector is asked to bring about: a target to converge on, not an increment. */
export type Change<K extends ChangeKind = ChangeKind> = ChangesByKind[K]

/** Every kind of change, for a connector that takes them all. */
export const changeKinds = Object.freeze([
  'create',
  'setQuantity',
  'pause',
  'resume',
  'cancel',
  'setAutoRenew',
  'setRenewal',
  'transition',
] as const)

/** The change in a few words: `set the quantity of subscription Sub002 to 25`. */
export function describeChange(change: Change): string {
  if (change.kind === 'create') {
    const { quantity, product, customer } = change
    return `buy ${quantity} of product ${naming(product)} for customer ${naming(customer)}`
  }
  const subscription = `subscription ${naming(change.subscription)} of customer ${change.subscription.customerId}`
  if (change.kind === 'setQuantity') {
    return `set the quantity of ${subscription} to ${change.quantity}${change.when === 'renewal' ? ' at its renewal' : ''}`
  }
  if (change.kind === 'setAutoRenew') return `turn auto-renew of ${subscription} ${change.enabled ? 'on' : 'off'}`
  if (change.kind === 'setRenewal') return `set what ${subscription} becomes at its renewal`
  if (change.kind === 'transition') return `move ${subscription} to product ${naming(change.product)}`
  return `${change.kind} ${subscription}`
}

function naming({ id, name }: { readonly id: string; readonly name?: string | undefined }): string {
  return name ? `${name} (${id})` : id
}
