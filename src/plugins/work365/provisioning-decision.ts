import { provisioningStatus } from '../../entities/index.ts'
import type { Decision, ProvisioningFacts, ProvisioningOutcome, Rule } from '../../rules/index.ts'

export type ProvisioningRule = Rule<ProvisioningFacts, ProvisioningOutcome>
export type ProvisioningDecision = Decision<ProvisioningFacts, ProvisioningOutcome>

/** The shared variable in which the step that decides hands the outcome to the step that queues. */
export const OUTCOME = 'work365.provisioningOutcome'

/** The columns of a change log that a decision sets. */
export function columnsOf({ outcome, because, fix }: ProvisioningDecision) {
  const goesItsWay = outcome.queue && outcome.notBefore === undefined
  return {
    work365_licensechangelog_provisioningstatus: provisioningStatus[outcome.status],
    work365_licensechangelog_provisioningmessage: goesItsWay ? null : [because, fix].filter(Boolean).join(' '),
  }
}
