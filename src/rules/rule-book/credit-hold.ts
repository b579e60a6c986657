import type { DocumentedRule } from './documented-rule.ts'

const CREDIT_HOLD = 'https://help.work365apps.com/documentation/billing/configuration-page-for-version-3-0-and-above/'

export const creditHold = [
  {
    id: 'C1',
    title: 'only the switch and the account together hold provisioning back',
    when: 'Enable Credit Hold is on and the account has Credit Hold.',
    then: 'Nothing of the account is sent to a provider. Either of them off: no effect.',
    source: CREDIT_HOLD,
    basis: 'documented',
    settings: ['enableCreditHold'],
  },
  {
    id: 'C2',
    title: 'accounts are not on hold unless somebody says so, and the switch changes no account',
    when: 'The switch is turned on.',
    then: 'Every account stays as it was; new ones have No.',
    source: CREDIT_HOLD,
    basis: 'documented',
    settings: ['enableCreditHold'],
  },
  {
    id: 'C3',
    title: 'while held, subscriptions, contracts, orders and items can still be created and changed',
    when: 'The account is on hold.',
    then: 'Everything but provisioning goes on.',
    source: CREDIT_HOLD,
    basis: 'documented',
  },
  {
    id: 'C4',
    title: 'taking an account off hold provisions what was held by itself, in order',
    when: 'Credit Hold of the account is set to No.',
    then: 'Each held change log and item is decided and queued once, the oldest first, as its provider dictates.',
    source: CREDIT_HOLD,
    basis: 'documented',
  },
  {
    id: 'C5',
    title: 'what is held keeps its place, makes no call to a provider, and says why it waits and since when',
    when: 'A change log or an item is held.',
    then: 'Its status is that of the setting, its message names the hold and the way out; items carry the Credit Hold flag of their account.',
    source: CREDIT_HOLD,
    basis: 'open',
    settings: ['heldStatus'],
  },
  {
    id: 'C6',
    title: 'the switch is off unless it is turned on, and turning it off releases what it held',
    when: 'Enable Credit Hold is turned off, or its row is deleted or deactivated.',
    then: 'What was held is released as by C4, by setting not.',
    source: CREDIT_HOLD,
    basis: 'open',
    settings: ['enableCreditHold', 'releaseWhenSwitchedOff'],
  },
] as const satisfies readonly DocumentedRule[]
