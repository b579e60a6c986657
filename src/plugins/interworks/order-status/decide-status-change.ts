import { labelOf, orderStatusType, storefrontType } from '../../../entities/index.ts'
import type { RuleId } from '../../../rules/index.ts'
import { chooseStatus, qualifies, SETUP_PATH, statusPurposes } from './choose-status.ts'
import type { OrderStatus } from './order-status.ts'

/** A change of the order statuses. */
export interface StatusChange {
  /** `null`: the status is new. */
  readonly before: OrderStatus | null
  /** `null`: it is deleted. */
  readonly after: OrderStatus | null
  /** All statuses as they are before the change. */
  readonly all: readonly OrderStatus[]
  /** The names of the product types with non automatic execution. */
  readonly manualTypes: readonly string[]
}

export interface Objection {
  readonly rule: RuleId
  readonly problem: string
  readonly fix: string
}

/** The four combinations of which a mandatory status exists (I1). */
const MANDATORY: readonly (readonly [number, number])[] = [
  [orderStatusType['In Progress'], storefrontType.Draft],
  [orderStatusType['In Progress'], storefrontType.Viewable],
  [orderStatusType['Automatic Execute'], storefrontType.Submitted],
  [orderStatusType.Cancelled, storefrontType.Viewable],
]

/** I1, I9: what speaks against a change of the order statuses; `undefined`: nothing. */
export function objectionTo(change: StatusChange): Objection | undefined {
  return againstMandatory(change) ?? againstNewMandatory(change) ?? againstNeeded(change)
}

function againstMandatory({ before, after }: StatusChange): Objection | undefined {
  if (!before?.isMandatory) return undefined
  const refused = (what: string, fix: string): Objection => ({
    rule: 'I1',
    problem: `The order status '${before.name}' is mandatory and cannot ${what}.`,
    fix,
  })
  if (!after) return refused('be deleted', 'Leave it; you may give it another name.')
  if (!after.isActive) return refused('be deactivated (iw_isactive)', 'Leave it Active.')
  if (after.type !== before.type) return refused('get another type (iw_type)', 'Create another status of that type.')
  if (after.storefrontType !== before.storefrontType) {
    return refused('get another storefront type (iw_storefronttype)', 'Create another status of that storefront type.')
  }
  if (!after.isMandatory) return refused('become optional (iw_ismandatory)', 'Leave it Mandatory.')
  return undefined
}

function againstNewMandatory({ before, after, all }: StatusChange): Objection | undefined {
  if (!after?.isMandatory || before?.isMandatory) return undefined
  const same = ({ type, storefrontType: storefront }: OrderStatus) =>
    type === after.type && storefront === after.storefrontType
  const isOneOfTheFour = MANDATORY.some(
    ([type, storefront]) => type === after.type && storefront === after.storefrontType,
  )
  const taken = all.find((status) => status.id !== after.id && status.isMandatory && same(status))
  if (isOneOfTheFour && !taken && after.isActive) return undefined
  return {
    rule: 'I1',
    problem: taken
      ? `The order status '${after.name}' cannot be mandatory (iw_ismandatory): '${taken.name}' is the mandatory one of its type and storefront type.`
      : `The order status '${after.name}' cannot be mandatory (iw_ismandatory): only the four that there always are can be.`,
    fix: 'Leave Mandatory off.',
  }
}

/** Needed is the status that new manual orders get: without it they get another one, by decision, or none. */
function againstNeeded({ before, after, all, manualTypes }: StatusChange): Objection | undefined {
  const purpose = statusPurposes.manualOrder
  if (manualTypes.length === 0 || !before || chooseStatus(all, purpose)?.id !== before.id) return undefined
  const others = all.filter(({ id }) => id !== before.id)
  if (after && qualifies(after, purpose) && chooseStatus([...others, after], purpose)) return undefined
  const types = manualTypes.map((name) => `'${name}'`).join(', ')
  return {
    rule: 'I9',
    problem: `New orders for manual management get the order status '${before.name}' as long as Non automatic execution of new orders is on for ${types}: it cannot be ${whatHappens(before, after)}.`,
    fix: `Make another status that is ${purpose.requirement} the default under ${SETUP_PATH} first, or switch the flag off.`,
  }
}

function whatHappens(before: OrderStatus, after: OrderStatus | null): string {
  if (!after) return 'deleted'
  if (!after.isActive) return 'deactivated (iw_isactive)'
  if (after.type !== before.type) {
    return `given the type ${labelOf(orderStatusType, after.type ?? -1) ?? 'of none'} (iw_type)`
  }
  if (after.storefrontType !== before.storefrontType) return 'given another storefront type (iw_storefronttype)'
  return 'taken as the default away (iw_isdefault), while several could be meant'
}
