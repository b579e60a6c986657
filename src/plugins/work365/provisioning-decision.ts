import { provisioningStatus } from '../../entities/index.ts'
import type { Decision, ProvisioningFacts, ProvisioningOutcome, Rule } from '../../rules/index.ts'
import type { ExecutionContext } from '../execution-context.ts'

export type ProvisioningRule = Rule<ProvisioningFacts, ProvisioningOutcome>
export type ProvisioningDecision = Decision<ProvisioningFacts, ProvisioningOutcome>

/** The shared variable in which the step that decides hands the outcome to the step that queues. */
export const OUTCOME = 'work365.provisioningOutcome'

/** What a decision writes on the row that it is about. */
export interface Settled {
  readonly status: number
  readonly message: string | null
  /** The id of the rule. */
  readonly decidedBy: string
  readonly waitingSince: Date | null
}

/** Where a row already waits, and for what. */
export interface WaitingBefore {
  readonly decidedBy?: string | null | undefined
  readonly waitingSince?: Date | null | undefined
}

/** What a decision comes to. A row that goes on waiting for the same thing has been waiting since it began to. */
export function settle(
  { outcome, rule, because, fix }: ProvisioningDecision,
  now: Date,
  before: WaitingBefore = {},
): Settled {
  const goesItsWay = outcome.queue && outcome.notBefore === undefined
  const since = before.decidedBy === rule.id ? before.waitingSince : undefined
  return {
    status: provisioningStatus[outcome.status],
    message: goesItsWay ? null : [because, fix].filter(Boolean).join(' '),
    decidedBy: rule.id,
    waitingSince: outcome.waits ? (since ?? now) : null,
  }
}

/** Hands a decision to the step that queues, and tells the trace why it was made. */
export function handOn(
  { outcome, rule, because }: ProvisioningDecision,
  { sharedVariables, trace }: Pick<ExecutionContext, 'sharedVariables'> & { readonly trace: (message: string) => void },
): void {
  sharedVariables[OUTCOME] = outcome
  trace(`${rule.id}: ${outcome.status}. ${because}`)
}

/** The columns of a change log that a decision sets. */
export const settledChangeLogColumns = [
  'work365_licensechangelog_provisioningstatus',
  'work365_licensechangelog_provisioningmessage',
  'work365_licensechangelog_decidedby',
  'work365_licensechangelog_waitingsince',
] as const

/** What was settled, as columns of a change log. */
export function toChangeLog({ status, message, decidedBy, waitingSince }: Settled) {
  return {
    work365_licensechangelog_provisioningstatus: status as (typeof provisioningStatus)[keyof typeof provisioningStatus],
    work365_licensechangelog_provisioningmessage: message,
    work365_licensechangelog_decidedby: decidedBy,
    work365_licensechangelog_waitingsince: waitingSince,
  }
}

/** The columns of a non-recurring item that a decision sets. */
export const settledItemColumns = [
  'work365_nonrecurringitem_provisioningstatus',
  'work365_nonrecurringitem_provisioningmessage',
  'work365_nonrecurringitem_decidedby',
  'work365_nonrecurringitem_waitingsince',
] as const

/** What was settled, as columns of a non-recurring item. */
export function toItem({ status, message, decidedBy, waitingSince }: Settled) {
  return {
    work365_nonrecurringitem_provisioningstatus: status as (typeof provisioningStatus)[keyof typeof provisioningStatus],
    work365_nonrecurringitem_provisioningmessage: message,
    work365_nonrecurringitem_decidedby: decidedBy,
    work365_nonrecurringitem_waitingsince: waitingSince,
  }
}
