import type { Objection } from '../order-status/decide-status-change.ts'
import { type OrderStatus, stageOf } from '../order-status/order-status.ts'

/** An order's status is set by somebody. */
export interface StatusEdit {
  readonly code: string
  /** `null`: the order had none, as a basket. */
  readonly from: OrderStatus | null
  readonly to: OrderStatus
}

/**
 * Whether a person may set an order's status so: within what is open, from open to executed (which executes it, I16) and
 * to cancelled. A basket is submitted, not set.
 */
export function objectionToStatusEdit({ code, from, to }: StatusEdit): Objection | undefined {
  if (from?.id === to.id) return undefined
  const problem = `The status (iw_status) of order ${code} cannot become '${to.name}'`
  if (!to.isActive) {
    return { rule: 'I1', problem: `${problem}: that order status is not active.`, fix: 'Choose an active one.' }
  }
  const [before, after] = [from ? stageOf(from) : 'draft', stageOf(to)]
  if (before === 'executed') {
    return { rule: 'I16', problem: `${problem}: the order is executed.`, fix: 'Cancel its subscriptions instead.' }
  }
  if (before === 'cancelled') {
    return { rule: 'I1', problem: `${problem}: the order is cancelled.`, fix: 'Place a new order.' }
  }
  if (before === 'draft' && (after === 'open' || after === 'executed')) {
    return { rule: 'I13', problem: `${problem}: the order is not submitted.`, fix: 'Submit it with iw_SubmitOrder.' }
  }
  if (before === 'open' && after === 'draft') {
    return { rule: 'I13', problem: `${problem}: the order is submitted.`, fix: 'Cancel it and place a new order.' }
  }
  return undefined
}
