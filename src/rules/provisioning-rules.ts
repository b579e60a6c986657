import { startOfDay } from '../internal/time-zone.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import type { ProvisioningFacts, ProvisioningOutcome } from './provisioning-facts.ts'

const PORTAL =
  'https://support.work365apps.com/support/solutions/articles/150000215623-enable-provider-auto-assignment-when-customers-order-new-products-from-the-portal'
const PROVIDERS = 'https://help.work365apps.com/documentation/billing/work-365-providers/configuring-providers/'
const CHANGE_LOGS = 'https://help.work365apps.com/documentation/billing/subscriptions/license-change-logs/'
const STUCK =
  'https://support.work365apps.com/support/solutions/articles/150000199064-why-are-my-subscriptions-stuck-in-awaiting-provisioning-status-'
const FAILED = 'https://portal.iotap.com/knowledgebase/article/KA-01222'
const WHY_FAILED =
  'https://help.work365apps.com/knowledgebase/why-do-the-subscriptions-show-up-in-the-change-log-as-failed-provisioning'

const failed: ProvisioningOutcome = { status: 'Failed Provisioning', queue: false }
const waiting: ProvisioningOutcome = { status: 'Awaiting Provisioning', queue: false, waits: true }
const notApplicable: ProvisioningOutcome = { status: 'Not Applicable', queue: false }

const requeue = ({ subject }: ProvisioningFacts) =>
  `then re-queue the ${subject}: set Failed Provisioning, save, set Awaiting Provisioning, save.`
/** What is provisioned, by its name. */
const named = ({ subject, subscription }: ProvisioningFacts) =>
  `${subject === 'item' ? 'Item' : 'Subscription'} '${subscription.name}'`
const owner = ({ subject }: ProvisioningFacts) => (subject === 'item' ? 'item' : 'subscription')

const rule = (options: RuleOptions<ProvisioningFacts, ProvisioningOutcome>) => defineRule(options)
const nameOf = (thing: { readonly name: string } | null) => `'${thing?.name ?? '?'}'`
/** Where what is missing comes from: an auto-provisioned order takes it from its product. */
const whereFrom = (facts: ProvisioningFacts) =>
  facts.subscription.isAutoProvisioned && facts.product ? `the product ${nameOf(facts.product)}` : `the ${owner(facts)}`
const isAutomatic = ({ provider }: ProvisioningFacts) => provider?.type === 'Automatic' || provider?.type === 'Rest'

/**
 * What becomes of a licence change log or a non-recurring item that is new, was re-queued or is about to be sent: the documented rules, in the
 * order in which they are asked. Add your own with {@link defineRule}.
 */
export const provisioningRules = Object.freeze([
  rule({
    id: 'L16',
    title: 'A change of price alone is kept for the record and not sent to the provider.',
    source: 'https://docs.work365apps.com/docs/update-schedule-license-change',
    priority: 100,
    when: ({ changeLog }) => changeLog.isAudit,
    then: notApplicable,
    because: 'Only the price changed.',
  }),
  rule({
    id: 'L17',
    title: 'A change of an inactive subscription is not sent to the provider.',
    source: WHY_FAILED,
    priority: 150,
    when: ({ subscription, changeLog }) =>
      !subscription.isActive && (changeLog.type === 'Create' || changeLog.type === 'Update'),
    then: notApplicable,
    because: (facts) => `${named(facts)} is not active.`,
  }),
  rule({
    // A6: what is not mapped comes without customer and contract.
    id: 'A9',
    title: 'What was bought at the provider has no customer while its provider account is not mapped.',
    source: 'https://portal.iotap.com/knowledgebase/article/KA-01161',
    priority: 160,
    when: ({ changeLog, account }) => changeLog.source === 'Provider' && account === null,
    then: failed,
    because: (facts) =>
      facts.providerAccount
        ? `${named(facts)} was synced in, and its provider account ${nameOf(facts.providerAccount)} has given it no customer.`
        : `${named(facts)} was synced in without a provider account and a customer.`,
    fix: (facts) =>
      `Choose the account of the provider account, put the ${owner(facts)} on a billing contract of that customer, ${requeue(facts)}`,
  }),
  rule({
    id: 'L5',
    title: 'A change that came from the provider is not sent back to it.',
    source: CHANGE_LOGS,
    priority: 200,
    when: ({ changeLog }) => changeLog.source === 'Provider',
    then: notApplicable,
    because: 'The change was made at the provider and synced in.',
  }),
  rule({
    id: 'L3',
    title: 'A Do Nothing provider has nothing to provision.',
    source: PROVIDERS,
    priority: 300,
    when: ({ provider }) => provider?.type === 'Do Nothing',
    then: notApplicable,
    because: ({ provider }) => `Provider ${nameOf(provider)} is of the type Do Nothing.`,
  }),
  rule({
    id: 'L10',
    title: 'A subscription without an account cannot be provisioned.',
    source: FAILED,
    priority: 400,
    when: ({ account }) => account === null,
    then: failed,
    because: (facts) => `${named(facts)} has no account.`,
    fix: (facts) => `Choose the customer on the ${owner(facts)}, or put it on a billing contract, ${requeue(facts)}`,
  }),
  rule({
    id: 'P2',
    title: 'A portal order placed while auto-provisioning is off gets no provider and waits for a person.',
    source: PORTAL,
    priority: 500,
    when: ({ provider, subscription, occasion }) =>
      !provider && subscription.isPortalOrder && !subscription.isAutoProvisioned && occasion === 'created',
    then: waiting,
    because: 'The order came from the portal while Work365.Portal.AutoProvisionNewSubscription was not exactly true.',
    fix: (facts) => `Choose provider, provider account and part number on the ${owner(facts)}, ${requeue(facts)}`,
  }),
  rule({
    id: 'P6-mapping',
    title: 'Without a provider nothing can be provisioned.',
    source: PORTAL,
    priority: 600,
    when: ({ provider }) => provider === null,
    then: failed,
    because: (facts) =>
      facts.product && !facts.product.hasProvider
        ? `Product ${nameOf(facts.product)} is not mapped to a provider.`
        : `${named(facts)} has no provider.`,
    fix: (facts) => `Choose the provider on ${whereFrom(facts)}, ${requeue(facts)}`,
  }),
  rule({
    id: 'P6-inactive',
    title: 'An inactive provider makes provisioning fail.',
    source: PORTAL,
    priority: 700,
    when: ({ provider }) => !provider!.isActive,
    then: failed,
    because: ({ provider }) => `Provider ${nameOf(provider)} is inactive.`,
    fix: (facts) => `Activate the provider ${nameOf(facts.provider)} or choose another one, ${requeue(facts)}`,
  }),
  rule({
    id: 'L18',
    title: 'A Linked Subscription needs the subscription it is linked to.',
    source: 'https://pvdocs.work365apps.com/docs/linked-subscription-provider',
    priority: 800,
    when: ({ provider, subscription }) => provider!.type === 'Linked Subscription' && !subscription.isLinked,
    then: failed,
    because: (facts) => `${named(facts)} is linked to no other subscription.`,
    fix: (facts) => `Choose the linked subscription on the ${owner(facts)}, ${requeue(facts)}`,
  }),
  rule({
    id: 'P6-consent',
    title: 'A provider whose consent has expired cannot be reached.',
    source: PORTAL,
    priority: 900,
    when: ({ provider }) => provider!.consentExpired,
    then: failed,
    because: ({ provider }) => `The consent of provider ${nameOf(provider)} has expired.`,
    fix: (facts) =>
      `Renew the consent of ${nameOf(facts.provider)} with an integration account that uses MFA, ${requeue(facts)}`,
  }),
  rule({
    id: 'P6-part-number',
    title: 'Without a provider part number the provider does not know what to provision.',
    source: PORTAL,
    priority: 1000,
    when: (facts) => isAutomatic(facts) && !facts.subscription.partNumber,
    then: failed,
    because: (facts) => `${named(facts)} has no provider part number.`,
    fix: (facts) => `Enter the provider part number on ${whereFrom(facts)}, ${requeue(facts)}`,
  }),
  rule({
    id: 'P5',
    title: 'A portal order is provisioned only when exactly one provider account matches the customer.',
    source: PORTAL,
    priority: 1100,
    // An item names no provider account: it is always the one that matches.
    when: (facts) =>
      isAutomatic(facts) &&
      facts.providerAccount === null &&
      (facts.subscription.isAutoProvisioned || facts.subject === 'item'),
    then: failed,
    because: ({ matchingProviderAccounts: matching, account, provider }) =>
      matching.length === 0
        ? `No provider account at ${nameOf(provider)} belongs to ${nameOf(account)}.`
        : `${matching.length} provider accounts at ${nameOf(provider)} belong to ${nameOf(account)}: ${matching.join(', ')}.`,
    fix: (facts) =>
      facts.matchingProviderAccounts.length === 0
        ? `Map one provider account to ${nameOf(facts.account)}, ${requeue(facts)}`
        : `Leave one of them mapped to ${nameOf(facts.account)}${facts.subject === 'item' ? '' : ' or choose it on the subscription'}, ${requeue(facts)}`,
  }),
  rule({
    id: 'L13',
    title: 'Without an active provider account with an id at the provider nothing can be provisioned.',
    source: STUCK,
    priority: 1200,
    when: (facts) =>
      isAutomatic(facts) && (!facts.providerAccount?.isActive || !facts.providerAccount.providerSpecificId),
    then: failed,
    because: (facts) => {
      const { providerAccount } = facts
      if (!providerAccount) return `${named(facts)} has no provider account.`
      if (!providerAccount.isActive) return `Provider account ${nameOf(providerAccount)} is inactive.`
      return `Provider account ${nameOf(providerAccount)} has no id at the provider.`
    },
    fix: (facts) =>
      `Choose an active provider account with a provider specific id on the ${owner(facts)}, ${requeue(facts)}`,
  }),
  rule({
    id: 'L9',
    title: 'Behind a failed change log of its subscription a later one fails too.',
    source: FAILED,
    priority: 1250,
    when: ({ failedBefore }) => failedBefore !== null,
    then: failed,
    because: ({ failedBefore }) => `The prior change log '${failedBefore}' of the subscription has failed.`,
    fix: (facts) => `Repair the prior change logs, the oldest first, ${requeue(facts)}`,
  }),
  rule({
    id: 'G6',
    title: 'An automatic provider is sent nothing before the customer has accepted its agreements.',
    source: 'https://docs.work365apps.com/docs/work-365-agreements',
    priority: 1275,
    when: ({ agreement }) => agreement.status === 'missing',
    then: failed,
    because: ({ account, provider, agreement: { missing } }) =>
      `${nameOf(account)} has not accepted what provider ${nameOf(provider)} demands: ${missing.map((name) => `'${name}'`).join(', ')}.`,
    fix: (facts) =>
      `Have the customer accept it (create the agreement first where there is none): the ${facts.subject} then goes on by itself. Or switch Work365.Agreements.RequireAcceptance off, ${requeue(facts)}`,
  }),
  rule({
    // C2, C3: it looks at the account and changes nothing there, and nothing but provisioning asks it.
    id: 'C1',
    title: 'While its account is on credit hold nothing is provisioned.',
    source: 'https://help.work365apps.com/documentation/billing/configuration-page-for-version-3-0-and-above/',
    priority: 1300,
    when: ({ settings, account }) => settings.enableCreditHold && account!.creditOnHold,
    then: ({ settings }) => ({ status: settings.heldStatus, queue: false, waits: true }),
    because: ({ account }) => `Account ${nameOf(account)} is on credit hold, and Enable Credit Hold is on.`,
    fix: ({ account, subject }) =>
      `Set Credit Hold of ${nameOf(account)} to No: the ${subject} then goes on by itself.`,
  }),
  rule({
    id: 'L12',
    title: 'An add-on waits for its parent subscription.',
    source: STUCK,
    priority: 1350,
    // What goes does not wait: an add-on may be cancelled together with its parent.
    when: ({ subscription: { parent }, changeLog }) =>
      parent !== null && !parent.isReady && changeLog.type !== 'Deactivate',
    then: waiting,
    because: ({ subscription: { parent } }) => `Its parent subscription ${nameOf(parent)} is not provisioned yet.`,
    fix: (facts) =>
      `Provision ${nameOf(facts.subscription.parent)} first: the change log then goes on by itself, unless Release add-ons is off; ${requeue(facts)}`,
  }),
  rule({
    id: 'L4',
    title: 'A Manual provider is served by a person: the change log stays Awaiting Provisioning.',
    source: PROVIDERS,
    priority: 1400,
    when: ({ provider }) => provider!.type === 'Manual',
    then: { ...waiting, remind: true },
    because: ({ provider }) => `Provider ${nameOf(provider)} is of the type Manual.`,
    fix: ({ subject }) => `Make the change at the provider by hand, then set the ${subject} to Provisioned.`,
  }),
  rule({
    id: 'L11',
    title: 'Nothing is sent before the start date of the subscription and the effective date of the change.',
    source: STUCK,
    priority: 1500,
    when: (facts) => dueDay(facts) > facts.today,
    then: (facts) => ({ status: 'Awaiting Provisioning', queue: true, notBefore: dueMoment(facts) }),
    because: (facts) => `The change takes effect on ${dueDay(facts)}.`,
  }),
  rule({
    id: 'L6',
    title: 'A change log in Awaiting Provisioning is sent to its provider by a job.',
    source: CHANGE_LOGS,
    priority: 1600,
    when: () => true,
    then: { status: 'Awaiting Provisioning', queue: true },
    because: ({ provider }) => `Provider ${nameOf(provider)} is of the type ${provider?.type}.`,
  }),
])

/** Where that day begins. */
function dueMoment(facts: ProvisioningFacts): Date {
  return startOfDay(facts.settings.defaultTimeZone, dueDay(facts))
}

/** The later of the two days that a change waits for. */
function dueDay({ subscription, changeLog }: ProvisioningFacts): string {
  return [subscription.startDate ?? '', changeLog.effectiveDate ?? ''].sort()[1]!
}
