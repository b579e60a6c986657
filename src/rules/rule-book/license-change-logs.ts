import type { DocumentedRule } from './documented-rule.ts'

const CHANGE_LOGS = 'https://docs.work365apps.com/docs/license-change-logs'
const HELP = 'https://help.work365apps.com/documentation/billing/subscriptions/license-change-logs/'
const PROVIDERS = 'https://help.work365apps.com/documentation/billing/work-365-providers/configuring-providers/'
const JOBS = 'https://docs.work365apps.com/docs/work-365-jobs'
const STUCK =
  'https://support.work365apps.com/support/solutions/articles/150000199064-why-are-my-subscriptions-stuck-in-awaiting-provisioning-status-'
const FAILED = 'https://portal.iotap.com/knowledgebase/article/KA-01222'
const WHY_FAILED =
  'https://help.work365apps.com/knowledgebase/why-do-the-subscriptions-show-up-in-the-change-log-as-failed-provisioning'

export const licenseChangeLogs = [
  {
    id: 'L1',
    title: 'every change of quantity or price makes a change log, and none is ever deleted',
    when: 'The quantity or a price of a subscription changes.',
    then: 'One change log is created; deleting one is refused, archiving is what there is instead.',
    source: CHANGE_LOGS,
    basis: 'documented',
  },
  {
    id: 'L2',
    title: 'the change logs of a subscription add up to its quantity, and a check finds and mends what is missing',
    when: 'The sum of the change logs differs from the quantity.',
    then: 'The check reports the subscription and the difference; asked to repair, it creates the missing change log over it.',
    source: 'https://support.work365apps.com/support/solutions/articles/150000165232',
    basis: 'documented',
  },
  {
    id: 'L3',
    title: 'with a Do Nothing provider a change log becomes Not Applicable by itself',
    when: 'The provider is of the type Do Nothing.',
    then: 'Not Applicable, no job.',
    source: PROVIDERS,
    basis: 'documented',
  },
  {
    id: 'L4',
    title: 'with a Manual provider a change log waits until a person sets it to Provisioned, who is reminded by e-mail',
    when: 'The provider is of the type Manual.',
    then: 'Awaiting Provisioning and a job that sends the reminder.',
    source: PROVIDERS,
    basis: 'documented',
  },
  {
    id: 'L5',
    title: 'a change that came from the provider is not sent back to it',
    when: 'The change was synced in.',
    then: 'Not Applicable, no job.',
    source: HELP,
    basis: 'documented',
  },
  {
    id: 'L6',
    title: 'a change log that awaits provisioning is sent by a job, and becomes Provisioned or Failed Provisioning',
    when: 'The provider is Automatic or Rest and nothing stands in the way.',
    then: 'A job Sync License Change Log; then Provisioned with its moment, or after all retries Failed Provisioning with a message. Rows of another status are left alone.',
    source: JOBS,
    basis: 'documented',
  },
  {
    id: 'L7',
    title: 'moving a change log into Awaiting Provisioning queues it again; saving Awaiting over Awaiting does nothing',
    when: 'A person sets another status, saves, sets Awaiting Provisioning and saves.',
    then: 'A new job is queued, whatever the status before.',
    source: STUCK,
    basis: 'inferred',
  },
  {
    id: 'L8',
    title: 'queueing a change log again does not buy twice',
    when: 'What is queued again has already reached the provider.',
    then: 'The total is the same, so the provider is left as it is; the status follows.',
    source: WHY_FAILED,
    basis: 'documented',
  },
  {
    id: 'L9',
    title: 'behind a failed change log of its subscription a later one fails too, naming the earlier one',
    when: 'A later change log is about to be sent while an earlier one has failed.',
    then: 'Failed Provisioning with the name of the earlier one, or by setting it waits; behind one that is still awaiting it waits. Repaired oldest first, all go through.',
    source: FAILED,
    basis: 'documented',
    settings: ['priorChangeLog'],
  },
  {
    id: 'L10',
    title:
      "without an account a change log fails; put on a billing contract, the contract's customer becomes its account",
    when: 'The subscription has no customer.',
    then: 'Failed Provisioning: no account. When it gets a billing contract, customer and open change logs are filled in.',
    source: FAILED,
    basis: 'documented',
  },
  {
    id: 'L11',
    title: 'nothing is sent before the start date of the subscription and the effective date of the change',
    when: 'One of the two lies in the future, in the time zone of the settings.',
    then: 'Awaiting Provisioning; the job is due on that day. Moving the date to today needs a re-queue.',
    source: STUCK,
    basis: 'documented',
    settings: ['defaultTimeZone'],
  },
  {
    id: 'L12',
    title: 'an add-on waits for its parent subscription and is released once that is provisioned',
    when: 'The parent of the subscription is not active and provisioned yet.',
    then: 'Awaiting Provisioning without a job, naming the parent. Once the parent is provisioned it is queued by itself, or by setting by a person.',
    source: STUCK,
    basis: 'open',
    settings: ['releaseAddOns'],
  },
  {
    id: 'L13',
    title: 'without a usable provider account or credentials nothing is provisioned until that is mended and re-queued',
    when: 'The provider account is missing, inactive or without an id, or the provider refuses the credentials.',
    then: 'Failed Provisioning, or the job waits while the credentials do not work.',
    source: STUCK,
    basis: 'documented',
  },
  {
    id: 'L14',
    title: 'a provider that is not ready is asked again several times before the change log fails',
    when: 'The provider answers with a passing fault.',
    then: 'The job is retried while the change log stays Awaiting Provisioning; after the last retry it is Failed Provisioning.',
    source: 'https://support.work365apps.com/support/solutions/articles/150000215250',
    basis: 'documented',
  },
  {
    id: 'L15',
    title: 'archiving, also of many at once, makes change logs inactive and leaves their quantities counting',
    when: 'Change logs were invoiced or are left out of billing on purpose.',
    then: 'Status reason Archived, state Inactive; one that still awaits provisioning goes on.',
    source: 'https://support.work365apps.com/support/solutions/articles/150000165235',
    basis: 'documented',
  },
  {
    id: 'L16',
    title: 'a change of price alone is kept for the record; with a change of quantity it is one standard change log',
    when: 'The price changes.',
    then: 'Price alone: an audit change log with the quantity 0, Not Applicable. Both: one change log over the difference.',
    source: 'https://docs.work365apps.com/docs/update-schedule-license-change',
    basis: 'documented',
  },
  {
    id: 'L17',
    title: "change logs are made whatever the subscription's state; those of an inactive one are not sent",
    when: 'The quantity of a suspended, cancelled or expired subscription changes.',
    then: 'A change log that is Not Applicable.',
    source: WHY_FAILED,
    basis: 'inferred',
  },
  {
    id: 'L18',
    title: 'a change of a linked subscription is made on the one it is linked to, and provisioned there',
    when: 'The provider is of the type Linked Subscription.',
    then: "The parent's quantity changes by the difference and makes its own change log; billing stays with the child.",
    source: 'https://pvdocs.work365apps.com/docs/linked-subscription-provider',
    basis: 'documented',
  },
] as const satisfies readonly DocumentedRule[]
