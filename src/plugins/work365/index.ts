import { inOrder, provisioningRules } from '../../rules/index.ts'
import type { Step } from '../define-step.ts'
import { releaseCreditHold } from './account/release-credit-hold.ts'
import { decideNew } from './license-change-log/decide-new.ts'
import { decideRequeued } from './license-change-log/decide-requeued.ts'
import { queueNew } from './license-change-log/queue-new.ts'
import { queueRequeued } from './license-change-log/queue-requeued.ts'
import { refuseDeletion } from './license-change-log/refuse-deletion.ts'
import { stampProvisioned } from './license-change-log/stamp-provisioned.ts'
import type { ProvisioningRule } from './provisioning-decision.ts'
import { createChangeLog } from './subscription/create-change-log.ts'
import { fillProvider } from './subscription/fill-provider.ts'
import { logChange } from './subscription/log-change.ts'

export interface Work365Options {
  /** Rules of your own, asked beside the built-in ones by their priority. */
  readonly rules?: readonly ProvisioningRule[]
}

/**
 * The steps that make Work 365's documented behaviour: from a portal order to the job that provisions it.
 *
 * @example createEmulator({ tables: work365Tables, steps: createWork365Steps({ rules: [noTrialsAtNight] }) })
 */
export function createWork365Steps({ rules = [] }: Work365Options = {}): readonly Step[] {
  const all = inOrder([...rules, ...provisioningRules])
  return Object.freeze([
    fillProvider,
    createChangeLog,
    logChange,
    decideNew(all),
    queueNew,
    decideRequeued(all),
    stampProvisioned,
    queueRequeued,
    refuseDeletion,
    releaseCreditHold(all),
  ])
}

/** {@link createWork365Steps} with the built-in rules alone. */
export const work365Steps = createWork365Steps()

export { changeSourceTags } from './change-source.ts'
export type { ChangeLogExplanation } from './explain-change-log.ts'
export { explainChangeLog } from './explain-change-log.ts'
export { gatherFacts } from './gather-facts.ts'
export { loadSettings } from './load-settings.ts'
export type { ProvisioningDecision, ProvisioningRule } from './provisioning-decision.ts'
