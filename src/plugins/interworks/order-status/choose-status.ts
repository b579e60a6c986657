import { orderStatusType, storefrontType } from '../../../entities/index.ts'
import type { RuleId } from '../../../rules/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { refusal } from '../refusal.ts'
import { type OrderStatus, readOrderStatuses } from './order-status.ts'

/** Where operators find the order statuses. */
export const SETUP_PATH = 'Setup > Sales > Orders > Order Status'

/** What a status is looked for. */
export interface StatusPurpose {
  readonly rule: RuleId
  /** What needs it. */
  readonly who: string
  /** What it has to be, as the end of a sentence. */
  readonly requirement: string
  readonly type: number
  /** Left out: any. */
  readonly storefrontType?: number
}

/** The statuses that orders get by themselves. */
export const statusPurposes = Object.freeze({
  basket: {
    rule: 'I1',
    who: 'A new basket',
    requirement: 'Active, of type In Progress and of storefront type Draft',
    type: orderStatusType['In Progress'],
    storefrontType: storefrontType.Draft,
  },
  manualOrder: {
    rule: 'I6',
    who: 'A new manual order',
    requirement: 'Active, of type In Progress and of storefront type Viewable',
    type: orderStatusType['In Progress'],
    storefrontType: storefrontType.Viewable,
  },
  executedOrder: {
    rule: 'I2',
    who: 'An executed order',
    requirement: 'Active and of type Automatic Execute',
    type: orderStatusType['Automatic Execute'],
  },
} as const satisfies Record<string, StatusPurpose>)

/** Whether a status can be used for a purpose. */
export function qualifies(status: OrderStatus, purpose: StatusPurpose): boolean {
  if (!status.isActive || status.type !== purpose.type) return false
  return purpose.storefrontType === undefined || status.storefrontType === purpose.storefrontType
}

/** I2, I6: the default one of those that qualify, else the only one; `undefined` where there is none or no telling which. */
export function chooseStatus(statuses: readonly OrderStatus[], purpose: StatusPurpose): OrderStatus | undefined {
  const candidates = statuses.filter((status) => qualifies(status, purpose))
  return candidates.find(({ isDefault }) => isDefault) ?? (candidates.length === 1 ? candidates[0] : undefined)
}

/** The status for a purpose; refuses with what to set up where nobody can say which. */
export async function statusFor(service: OrganizationService, purpose: StatusPurpose): Promise<OrderStatus> {
  const statuses = await readOrderStatuses(service)
  const chosen = chooseStatus(statuses, purpose)
  if (chosen) return chosen
  const names = statuses.filter((status) => qualifies(status, purpose)).map(({ name }) => `'${name}'`)
  const { rule, who, requirement } = purpose
  if (names.length === 0) {
    throw refusal(
      rule,
      `${who} needs an order status that is ${requirement}, and there is none.`,
      `Create or activate one under ${SETUP_PATH}.`,
    )
  }
  throw refusal(
    'I2',
    `${who} could get any of the order statuses ${names.join(', ')}: none of them is the default (iw_isdefault).`,
    `Make one of them the default under ${SETUP_PATH}.`,
  )
}
