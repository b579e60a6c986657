import { LicenseChangeLog, labelOf, provisioningStatus } from '../../entities/index.ts'
import { decide, explain, provisioningRules } from '../../rules/index.ts'
import type { OrganizationService } from '../../service/index.ts'
import { changeLogFactColumns, changeLogFactsOf, gatherFacts } from './gather-facts.ts'
import type { ProvisioningDecision, ProvisioningRule } from './provisioning-decision.ts'

/** Why a change log is where it is. */
export interface ChangeLogExplanation {
  /** The label of its provisioning status. */
  readonly status: string
  /** What it says itself. */
  readonly message: string | null
  /** What the rules say of it now. */
  readonly decision: ProvisioningDecision
  /** All of it as a text for a person. */
  readonly text: string
}

/**
 * Answers why a licence change log has the provisioning status that it has: the rule, the facts and the fix.
 * Reads only. Rules of your own are given as to `createWork365Steps`.
 *
 * @example console.log((await explainChangeLog(service, id, { now: new Date() })).text)
 */
export async function explainChangeLog(
  service: OrganizationService,
  id: string,
  { now, rules = [] }: { readonly now: Date; readonly rules?: readonly ProvisioningRule[] },
): Promise<ChangeLogExplanation> {
  const row = await service.retrieve(LicenseChangeLog, id, [
    'work365_licensechangelog_name',
    'work365_licensechangelog_provisioningstatus',
    'work365_licensechangelog_provisioningmessage',
    ...changeLogFactColumns,
  ])
  const status = labelOf(provisioningStatus, row.work365_licensechangelog_provisioningstatus ?? -1) ?? 'without status'
  const facts = await gatherFacts(
    service,
    changeLogFactsOf(row)!,
    // Of one that failed the question is what a re-queue would make of it.
    status === 'Failed Provisioning' ? 'requeued' : 'created',
    now,
  )
  const decision = decide([...rules, ...provisioningRules], facts)
  const message = row.work365_licensechangelog_provisioningmessage
  const text = [
    `Change log '${row.work365_licensechangelog_name ?? id}' is ${status}.`,
    ...(message ? [`It says: ${message}`] : []),
    ...(decision.outcome.status === status ? [] : [`By the rules it would now become ${decision.outcome.status}.`]),
    explain(decision),
  ].join('\n')
  return { status, message, decision, text }
}
