import { inOrder, provisioningRules } from '../../rules/index.ts'
import type { CustomApi } from '../define-custom-api.ts'
import type { Step } from '../define-step.ts'
import { mirrorCreditHold } from './account/mirror-credit-hold.ts'
import { releaseCreditHold } from './account/release-credit-hold.ts'
import { agreementCustomApis, agreementSteps } from './agreement/index.ts'
import { releaseWhenDeleted, releaseWhenSwitchedOff } from './configuration/release-when-switched-off.ts'
import { archiveChangeLogsApi } from './license-change-log/archive-change-logs.ts'
import { checkChangeLogsApi } from './license-change-log/check-change-logs.ts'
import { decideNew } from './license-change-log/decide-new.ts'
import { decideRequeued } from './license-change-log/decide-requeued.ts'
import { queueNew } from './license-change-log/queue-new.ts'
import { queueRequeued } from './license-change-log/queue-requeued.ts'
import { recheckDecision } from './license-change-log/recheck-decision.ts'
import { refuseDeletion } from './license-change-log/refuse-deletion.ts'
import { releaseAddOns, releaseAddOnsOfActivated } from './license-change-log/release-add-ons.ts'
import { stampProvisioned } from './license-change-log/stamp-provisioned.ts'
import { decideItemAgain, decideNewItem } from './non-recurring-item/decide-item.ts'
import { queueItemAgain, queueNewItem } from './non-recurring-item/queue-item.ts'
import { recheckItem } from './non-recurring-item/recheck-item.ts'
import { providerAccountSteps } from './provider-account/index.ts'
import type { ProvisioningRule } from './provisioning-decision.ts'
import { createChangeLog } from './subscription/create-change-log.ts'
import { fillAccountOfChangeLogs, fillCustomer, fillCustomerLater } from './subscription/fill-customer.ts'
import { fillProvider } from './subscription/fill-provider.ts'
import { guardPortal } from './subscription/guard-portal.ts'
import { logChange } from './subscription/log-change.ts'
import { keepCalculated, settleCalculated, settleDisplayOnPortal } from './subscription/prepare.ts'

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
    // A subscription
    guardPortal,
    fillCustomer,
    fillCustomerLater,
    settleDisplayOnPortal,
    settleCalculated,
    keepCalculated,
    fillProvider,
    createChangeLog,
    logChange,
    fillAccountOfChangeLogs,
    releaseAddOnsOfActivated,
    // A change log
    decideNew(all),
    queueNew,
    decideRequeued(all),
    stampProvisioned,
    queueRequeued,
    recheckDecision(all),
    releaseAddOns,
    refuseDeletion,
    // A non-recurring item
    decideNewItem(all),
    queueNewItem,
    decideItemAgain(all),
    queueItemAgain,
    recheckItem(all),
    // A credit hold
    releaseCreditHold,
    mirrorCreditHold,
    releaseWhenSwitchedOff,
    releaseWhenDeleted,
    // Provider accounts and agreements
    ...providerAccountSteps,
    ...agreementSteps,
  ])
}

/** {@link createWork365Steps} with the built-in rules alone. */
export const work365Steps = createWork365Steps()

/** The custom APIs of Work 365; their names are this package's own. */
export const work365CustomApis: readonly CustomApi[] = Object.freeze([
  checkChangeLogsApi,
  archiveChangeLogsApi,
  ...agreementCustomApis,
])

export { agreementStatus } from './agreement/agreement-status.ts'
export type {
  AgreementProgress,
  CreateAgreementsOptions,
  CreatedAgreements,
} from './agreement/create-agreements.ts'
export { createAgreements, createAgreementsApi } from './agreement/create-agreements.ts'
export type { SkippedProviderAccount } from './agreement/create-missing.ts'
export { agreementsOfContract } from './agreement/find-agreements.ts'
export { onboardAgreementApi } from './agreement/onboard.ts'
export { changeSourceTags } from './change-source.ts'
export type { ConfiguredSetting } from './configuration/configured-settings.ts'
export {
  changeSetting,
  configuredSettings,
  explainSetting,
  settingCalled,
  showSetting,
} from './configuration/configured-settings.ts'
export type { ChangeLogExplanation } from './explain-change-log.ts'
export { explainChangeLog } from './explain-change-log.ts'
export { changeLogFactsOf, gatherFacts } from './gather-facts.ts'
export { archiveChangeLogsApi } from './license-change-log/archive-change-logs.ts'
export type { CheckOptions, MissingChangeLog } from './license-change-log/check-change-logs.ts'
export { checkChangeLogs, checkChangeLogsApi } from './license-change-log/check-change-logs.ts'
export { loadSettings } from './load-settings.ts'
export { gatherItemFacts } from './non-recurring-item/gather-item-facts.ts'
export { publicMailDomains } from './provider-account/match-account.ts'
export type { OfferedProvider } from './provider-account/providers-for.ts'
export { providersFor } from './provider-account/providers-for.ts'
export { queueProviderSync } from './provider-account/queue-sync.ts'
export { syncsSubscriptions } from './provider-account/syncs-subscriptions.ts'
export type { ProvisioningDecision, ProvisioningRule } from './provisioning-decision.ts'
export { settle, toChangeLog, toItem } from './provisioning-decision.ts'
