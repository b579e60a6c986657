import { defineRule, type RuleOptions } from './define-rule.ts'
import type { ProvisioningFacts, ProvisioningOutcome } from './provisioning-facts.ts'

const PORTAL =
  'https://support.work365apps.com/support/solutions/articles/150000215623-enable-provider-auto-assignment-when-customers-order-new-products-from-the-portal'
const PROVIDERS = 'https://help.work365apps.com/documentation/billing/work-365-providers/configuring-providers/'
const CHANGE_LOGS = 'https://help.work365apps.com/documentation/billing/subscriptions/license-change-logs/'
const STUCK =
  'https://support.work365apps.com/support/solutions/articles/150000199064-why-are-my-subscriptions-stuck-in-awaiting-provisioning-status-'

const failed: ProvisioningOutcome = { status: 'Failed Provisioning', queue: false }
const waiting: ProvisioningOutcome = { status: 'Awaiting Provisioning', queue: false }
const notApplicable: ProvisioningOutcome = { status: 'Not Applicable', queue: false }

const requeue = 'then re-queue the change log: set Failed Provisioning, save, set Awaiting Provisioning, save.'

const rule = (options: RuleOptions<ProvisioningFacts, ProvisioningOutcome>) => defineRule(options)
const nameOf = (thing: { readonly name: string } | null) => `'${thing?.name ?? '?'}'`
const isAutomatic = ({ provider }: ProvisioningFacts) => provider?.type === 'Automatic' || provider?.type === 'Rest'

/**
 * What becomes of a licence change log that is new, was re-queued or is about to be sent: the documented rules, in the
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
    source: 'https://portal.iotap.com/knowledgebase/article/KA-01222',
    priority: 400,
    when: ({ account }) => account === null,
    then: failed,
    because: ({ subscription }) => `Subscription ${nameOf(subscription)} has no account.`,
    fix: `Choose the customer on the subscription, ${requeue}`,
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
    fix: `Choose provider, provider account and part number on the subscription, ${requeue}`,
  }),
  rule({
    id: 'P6-mapping',
    title: 'Without a provider nothing can be provisioned.',
    source: PORTAL,
    priority: 600,
    when: ({ provider }) => provider === null,
    then: failed,
    because: ({ subscription, product }) =>
      product && !product.hasProvider
        ? `Product ${nameOf(product)} is not mapped to a provider.`
        : `Subscription ${nameOf(subscription)} has no provider.`,
    fix: ({ subscription, product }) =>
      subscription.isAutoProvisioned && product
        ? `Choose the provider on the product ${nameOf(product)}, ${requeue}`
        : `Choose the provider on the subscription, ${requeue}`,
  }),
  rule({
    id: 'P6-inactive',
    title: 'An inactive provider makes provisioning fail.',
    source: PORTAL,
    priority: 700,
    when: ({ provider }) => !provider!.isActive,
    then: failed,
    because: ({ provider }) => `Provider ${nameOf(provider)} is inactive.`,
    fix: ({ provider }) => `Activate the provider ${nameOf(provider)} or choose another one, ${requeue}`,
  }),
  rule({
    id: 'L18',
    title: 'A Linked Subscription needs the subscription it is linked to.',
    source: 'https://pvdocs.work365apps.com/docs/linked-subscription-provider',
    priority: 800,
    when: ({ provider, subscription }) => provider!.type === 'Linked Subscription' && !subscription.isLinked,
    then: failed,
    because: ({ subscription }) => `Subscription ${nameOf(subscription)} is linked to no other subscription.`,
    fix: `Choose the linked subscription on the subscription, ${requeue}`,
  }),
  rule({
    id: 'P6-consent',
    title: 'A provider whose consent has expired cannot be reached.',
    source: PORTAL,
    priority: 900,
    when: ({ provider }) => provider!.consentExpired,
    then: failed,
    because: ({ provider }) => `The consent of provider ${nameOf(provider)} has expired.`,
    fix: ({ provider }) =>
      `Renew the consent of ${nameOf(provider)} with an integration account that uses MFA, ${requeue}`,
  }),
  rule({
    id: 'P6-part-number',
    title: 'Without a provider part number the provider does not know what to provision.',
    source: PORTAL,
    priority: 1000,
    when: (facts) => isAutomatic(facts) && !facts.subscription.partNumber,
    then: failed,
    because: ({ subscription }) => `Subscription ${nameOf(subscription)} has no provider part number.`,
    fix: ({ subscription, product }) =>
      subscription.isAutoProvisioned && product
        ? `Enter the provider part number on the product ${nameOf(product)}, ${requeue}`
        : `Enter the provider part number on the subscription, ${requeue}`,
  }),
  rule({
    id: 'P5',
    title: 'A portal order is provisioned only when exactly one provider account matches the customer.',
    source: PORTAL,
    priority: 1100,
    when: (facts) => isAutomatic(facts) && facts.providerAccount === null && facts.subscription.isAutoProvisioned,
    then: failed,
    because: ({ matchingProviderAccounts: matching, account, provider }) =>
      matching.length === 0
        ? `No provider account at ${nameOf(provider)} belongs to ${nameOf(account)}.`
        : `${matching.length} provider accounts at ${nameOf(provider)} belong to ${nameOf(account)}: ${matching.join(', ')}.`,
    fix: ({ matchingProviderAccounts: matching, account }) =>
      matching.length === 0
        ? `Map one provider account to ${nameOf(account)}, ${requeue}`
        : `Leave one of them mapped to ${nameOf(account)} or choose it on the subscription, ${requeue}`,
  }),
  rule({
    id: 'L13',
    title: 'Without an active provider account with an id at the provider nothing can be provisioned.',
    source: STUCK,
    priority: 1200,
    when: (facts) =>
      isAutomatic(facts) && (!facts.providerAccount?.isActive || !facts.providerAccount.providerSpecificId),
    then: failed,
    because: ({ providerAccount, subscription }) => {
      if (!providerAccount) return `Subscription ${nameOf(subscription)} has no provider account.`
      if (!providerAccount.isActive) return `Provider account ${nameOf(providerAccount)} is inactive.`
      return `Provider account ${nameOf(providerAccount)} has no id at the provider.`
    },
    fix: `Choose an active provider account with a provider specific id on the subscription, ${requeue}`,
  }),
  rule({
    id: 'C1',
    title: 'While its account is on credit hold nothing is provisioned.',
    source: 'https://help.work365apps.com/documentation/billing/configuration-page-for-version-3-0-and-above/',
    priority: 1300,
    when: ({ settings, account }) => settings.enableCreditHold && account!.creditOnHold,
    then: waiting,
    because: ({ account }) => `Account ${nameOf(account)} is on credit hold, and Enable Credit Hold is on.`,
    fix: ({ account }) => `Set Credit Hold of ${nameOf(account)} to No: the change log then goes on by itself.`,
  }),
  rule({
    id: 'L4',
    title: 'A Manual provider is served by a person: the change log stays Awaiting Provisioning.',
    source: PROVIDERS,
    priority: 1400,
    when: ({ provider }) => provider!.type === 'Manual',
    then: { ...waiting, remind: true },
    because: ({ provider }) => `Provider ${nameOf(provider)} is of the type Manual.`,
    fix: 'Make the change at the provider by hand, then set the change log to Provisioned.',
  }),
  rule({
    id: 'L11',
    title: 'Nothing is sent before the start date of the subscription and the effective date of the change.',
    source: STUCK,
    priority: 1500,
    when: (facts) => dueDay(facts) > facts.today,
    then: (facts) => ({ status: 'Awaiting Provisioning', queue: true, notBefore: dueDay(facts) }),
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

/** The later of the two days that a change waits for. */
function dueDay({ subscription, changeLog }: ProvisioningFacts): string {
  return [subscription.startDate ?? '', changeLog.effectiveDate ?? ''].sort()[1]!
}
