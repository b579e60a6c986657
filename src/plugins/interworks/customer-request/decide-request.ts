import { requestExecution, requestKind } from '../../../entities/index.ts'
import type { ProductType } from '../catalog/product-type.ts'
import type { Objection } from '../order-status/decide-status-change.ts'

/** What decides about a customer request. */
export interface RequestFacts {
  readonly kind: number | null
  readonly executionType: number
  /** `null`: all licenses. */
  readonly quantity: number | null
  /** The product to downgrade to. */
  readonly product: string | null
  readonly subscription: {
    readonly name: string
    readonly isActive: boolean
    readonly isAddOn: boolean
    readonly quantity: number
  }
  /** How many licenses other pending requests give up already. */
  readonly pendingQuantity: number
  /** The type of the subscription's product; `undefined` for a product of none. */
  readonly type: ProductType | undefined
  /** The products that the subscription's product may be downgraded to. */
  readonly downgrades: readonly string[]
}

/** What carrying a request out does to its subscription. */
export type RequestEffect =
  | { readonly kind: 'cancel' }
  | { readonly kind: 'reduce'; readonly by: number }
  | { readonly kind: 'move'; readonly quantity: number; readonly product: string }

/** I21: whether the product type lets the request be carried out without a person. */
export function isAutomatic({ kind, type }: RequestFacts): boolean {
  if (!type) return false
  return kind === requestKind.Downgrade ? type.downgradesAutomatically : type.cancelsAutomatically
}

/** I22, I25: what the request comes to. */
export function effectOf({ quantity, product, subscription }: RequestFacts): RequestEffect {
  const affected = quantity ?? subscription.quantity
  if (product) return { kind: 'move', quantity: affected, product }
  return affected >= subscription.quantity ? { kind: 'cancel' } : { kind: 'reduce', by: affected }
}

/** What speaks against a request, when it is made and again when it is carried out; `undefined`: nothing. */
export function objectionToRequest(facts: RequestFacts): Objection | undefined {
  const { kind, quantity, subscription, type } = facts
  const { name } = subscription
  if (kind === null) {
    return {
      rule: 'I21',
      problem: 'A customer request needs a kind (iw_kind).',
      fix: `Give one of ${Object.keys(requestKind).join(', ')}.`,
    }
  }
  if (type?.isAsset) {
    return {
      rule: 'I7',
      problem: `The product of '${name}' (iw_subscription) is an asset, for which there are no customer requests.`,
      fix: 'Ask the operator.',
    }
  }
  if (!subscription.isActive) {
    return {
      rule: 'I21',
      problem: `Subscription '${name}' (iw_subscription) is not active.`,
      fix: 'Choose one that is.',
    }
  }
  if (kind === requestKind['Add-on Cancellation'] && !subscription.isAddOn) {
    return {
      rule: 'I22',
      problem: `Subscription '${name}' (iw_subscription) is not an add-on: it has no parent subscription.`,
      fix: 'Use the kind (iw_kind) Cancellation.',
    }
  }
  if (quantity !== null && quantity <= 0) {
    return { rule: 'I22', problem: `The quantity (iw_quantity) is ${quantity}.`, fix: 'Give one of more than 0.' }
  }
  return (kind === requestKind.Downgrade ? againstDowngrade(facts) : againstProduct(facts)) ?? againstQuantity(facts)
}

function againstDowngrade({ quantity, product, executionType, subscription, downgrades }: RequestFacts) {
  if (product === null) {
    if (quantity !== null && quantity < subscription.quantity) return undefined
    return {
      rule: 'I22',
      problem: `A downgrade of '${subscription.name}' needs a lower product (iw_product) or a quantity (iw_quantity) of less than ${subscription.quantity} to give up.`,
      fix: 'To give up all licenses, use the kind (iw_kind) Cancellation.',
    } as const
  }
  if (!downgrades.includes(product)) {
    return {
      rule: 'I25',
      problem: `The product (iw_product) is not a downgrade of that of '${subscription.name}': downgrades stay within one product type, and are defined as the upgrades of the other.`,
      fix: 'Choose one of its downgrades.',
    } as const
  }
  if (executionType === requestExecution.Immediate) return undefined
  return {
    rule: 'I22',
    problem: 'A downgrade to another product cannot wait for the end of the billing period (iw_executiontype).',
    fix: 'Use the execution type Immediate, or let it be done by hand on that day.',
  } as const
}

function againstProduct({ product }: RequestFacts) {
  if (product === null) return undefined
  return {
    rule: 'I25',
    problem: 'A cancellation leads to no other product (iw_product).',
    fix: 'Leave it out, or use the kind (iw_kind) Downgrade.',
  } as const
}

function againstQuantity({ quantity, pendingQuantity, subscription }: RequestFacts): Objection | undefined {
  const affected = quantity ?? subscription.quantity
  if (affected + pendingQuantity <= subscription.quantity) return undefined
  return {
    rule: 'I22',
    problem: `Subscription '${subscription.name}' has ${subscription.quantity} licenses${pendingQuantity > 0 ? `, of which pending requests give up ${pendingQuantity}` : ''}: ${affected} (iw_quantity) are more than are left.`,
    fix: pendingQuantity > 0 ? 'Withdraw the other requests first, or give up fewer.' : 'Give up fewer.',
  }
}
