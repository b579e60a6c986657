import { qualifies, SETUP_PATH, statusPurposes } from '../order-status/choose-status.ts'
import type { Objection } from '../order-status/decide-status-change.ts'
import type { OrderStatus } from '../order-status/order-status.ts'

const FLAG = "'Non automatic execution of new orders' (iw_nonautomaticexecution)"

/** A product type that is about to have the flag. */
export interface FlaggedType {
  readonly name: string
  readonly isAsset: boolean
}

/** I5, I7: what speaks against {@link FLAG} of a product type; `undefined`: nothing. */
export function objectionToFlag(type: FlaggedType, statuses: readonly OrderStatus[]): Objection | undefined {
  if (type.isAsset) {
    return {
      rule: 'I7',
      problem: `${FLAG} is not available for the product type '${type.name}': it is an asset type (iw_isassettype), which has no Customer Request section.`,
      fix: 'Leave the flag off, or make it a type of services.',
    }
  }
  const { manualOrder } = statusPurposes
  if (statuses.some((status) => qualifies(status, manualOrder))) return undefined
  return {
    rule: 'I5',
    problem: `${FLAG} of the product type '${type.name}' needs an order status that is ${manualOrder.requirement}, and there is none.`,
    fix: `Create or activate one under ${SETUP_PATH}, then switch the flag on.`,
  }
}
