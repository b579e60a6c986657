import type { DocumentedRule } from './documented-rule.ts'

const PROVIDER_ACCOUNT = 'https://docs.work365apps.com/docs/provider-account'
const SYNCHING = 'https://pvdocs.work365apps.com/page/synching-provider-accounts'
const MAPPING = 'https://help.work365apps.com/documentation/billing/work-365-providers/work-365-provider-accounts/'
const NEW_ACCOUNTS = 'https://portal.iotap.com/knowledgebase/article/KA-01161'

export const providerAccounts = [
  {
    id: 'A1',
    title: 'a provider account maps one customer of a provider to one account, made by hand or by a sync',
    when: 'A person creates a provider account, or the sync of an automatic provider finds a customer.',
    then: 'One row per customer of the provider, with at most one account. Providers that are not automatic have nothing to sync.',
    source: PROVIDER_ACCOUNT,
    basis: 'documented',
  },
  {
    id: 'A2',
    title: 'a background job creates and updates the provider accounts of a provider, also daily',
    when: 'A job Sync Provider Accounts runs.',
    then: 'Each customer is one row, told apart by provider and provider specific id; running again changes nothing. One that cannot be written is reported by name and stops no other. New rows have no account until they are matched or mapped by hand.',
    source: SYNCHING,
    basis: 'documented',
  },
  {
    id: 'A3',
    title: 'only provider accounts whose sync status is Enabled have their subscriptions synced',
    when: 'Subscriptions or usage are about to be synced.',
    then: 'Enabled and active provider accounts are; Disabled, inactive and empty ones are not. New ones are Enabled.',
    source: SYNCHING,
    basis: 'documented',
  },
  {
    id: 'A4',
    title: "auto-match maps a synced customer to the account one of whose contacts has the customer's e-mail domain",
    when: 'Provider Account Match is on and a synced provider account has no account.',
    then: 'The one account whose active contacts have that domain becomes its account, without regard to case. Public mail domains match nothing; several accounts leave it unmapped, or by setting the oldest is taken.',
    source: MAPPING,
    basis: 'documented',
    settings: ['providerAccountMatch', 'severalAccountsMatch'],
  },
  {
    id: 'A5',
    title: 'many provider accounts may belong to one account',
    when: 'A second provider account is mapped to an account.',
    then: 'Both stay, also at the same provider.',
    source: MAPPING,
    basis: 'documented',
  },
  {
    id: 'A6',
    title: 'the subscriptions of an unmapped provider account have no customer, and their change logs fail',
    when: 'A subscription arrives from a customer whose provider account has no account.',
    then: 'Its change log is Failed Provisioning and says that the account is missing.',
    source: 'https://support.work365apps.com/support/solutions/articles/150000165239',
    basis: 'documented',
  },
  {
    id: 'A7',
    title: 'an automatic provider is offered for a sales order only if the customer has a provider account there',
    when: 'A provider is to be chosen for a customer.',
    then: 'Active providers are offered; automatic ones only with an active provider account of the customer.',
    source: 'https://help.work365apps.com/documentation/billing/sales-order-provisioning/',
    basis: 'documented',
  },
  {
    id: 'A8',
    title: 'each new provider account that a sync finds can be announced by e-mail',
    when: 'A sync creates a provider account and somebody is to be notified.',
    then: 'A job, created together with it, sends one e-mail.',
    source: NEW_ACCOUNTS,
    basis: 'documented',
    settings: ['notifyNewProviderAccount'],
  },
  {
    id: 'A9',
    title: 'what was bought at the provider arrives with a failed change log while its mapping is incomplete',
    when: 'A subscription is synced in from the provider before its provider account is mapped.',
    then: 'Failed Provisioning with what to map; once the customer is filled in and the change log re-queued it is Not Applicable.',
    source: NEW_ACCOUNTS,
    basis: 'documented',
  },
] as const satisfies readonly DocumentedRule[]
