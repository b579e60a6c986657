import type { BillingCycle } from '../change.ts'
import { billingCycleType } from './models.ts'

/** By the numbers that travel; an unknown one has no name. */
export const billingCycles: ReadonlyMap<number, BillingCycle> = new Map(
  (['monthly', 'annual', 'triennial', 'oneTime', 'none'] as const).map((name) => [billingCycleType[name], name]),
)
