import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Kinds of work that this package adds to those that Work 365 lists. */
export const ourJobTypes = {
  'Sync Provider Accounts': 100_000_100,
  'Notify of New Provider Account': 100_000_101,
  'Sync Agreements': 100_000_102,
  'Create Agreement at Provider': 100_000_103,
} as const

/** What a job does. */
export const jobType = {
  'Charge Invoice': 100_000_000,
  'Confirm Customer Acceptance of Provider Agreement': 100_000_001,
  'Create PDF': 100_000_002,
  'Send Email': 100_000_003,
  'Send Portal Invite': 100_000_004,
  'Sync Invoice': 100_000_005,
  'Sync License Change Log': 100_000_006,
  'Sync Non-Recurring Item': 100_000_007,
  'Update Payment Status of Invoice': 100_000_008,
  'Manual Provider Reminder Email': 100_000_009,
  'Update Next Invoice Date': 100_000_010,
  'Merge Scheduled License Change Log': 100_000_011,
  'Invoice Post Processing': 100_000_012,
  ...ourJobTypes,
} as const

/** What this package's job runner keeps on the row, beyond what Work 365 documents. */
const runnerColumns = {
  work365_job_leaseowner: column.text({
    label: 'Lease Owner',
    maxLength: 200,
    documented: false,
    description: 'Ours: the worker that has claimed the job.',
  }),
  work365_job_leaseuntil: column.dateTime({
    label: 'Lease Until',
    documented: false,
    description: 'Ours: until when the claim holds; after that another worker may take the job.',
  }),
  work365_job_handle: column.memo({
    label: 'Handle',
    maxLength: 100_000,
    documented: false,
    description:
      'Ours: what the provider answered when it accepted the work, as JSON, to ask it for the outcome later.',
  }),
  work365_job_deadline: column.dateTime({
    label: 'Deadline',
    documented: false,
    description: 'Ours: when waiting for a throttling or pending provider ends.',
  }),
  work365_job_subscription: column.lookup({
    label: 'Subscription',
    to: ['work365_subscription'],
    documented: false,
    description: 'Ours: jobs of one subscription never run at the same time.',
  }),
  work365_job_attempt: column.integer({
    label: 'Attempt',
    min: 0,
    documented: false,
    description: 'Ours: how often the job has been claimed.',
  }),
}

/** What jobs of ours are about, where Regarding has no place for it. */
const subjectColumns = {
  work365_job_provider: column.lookup({
    label: 'Provider',
    to: ['work365_provider'],
    behavior: 'referential',
    documented: false,
    description: 'Ours: the provider that is synced.',
  }),
  work365_job_provideraccount: column.lookup({
    label: 'Provider Account',
    to: ['work365_provideraccount'],
    behavior: 'referential',
    documented: false,
    description: 'Ours: the provider account that the job is about.',
  }),
}

/**
 * One piece of background work, such as telling a provider of a change. The row is the truth: whoever runs jobs claims
 * them here, by optimistic concurrency.
 *
 * The status reasons are documented; which of them are inactive, and the moves between them, are inferred. A job that is
 * deactivated by hand becomes Cancelled. Failed is left only by a person, for Waiting.
 */
export const Job = defineTable({
  logicalName: 'work365_job',
  displayName: 'Work 365 Job',
  description: 'One piece of background work.',
  documented: false,
  primaryName: 'work365_job_name',
  states: {
    Active: {
      value: 0,
      reasons: { Waiting: 1, Dispatched: 100_000_000, 'In progress': 100_000_001, Retry: 100_000_002 },
      transitions: {
        Waiting: ['Dispatched', 'Cancelled'],
        Dispatched: ['In progress', 'Failed', 'Cancelled'],
        // To Dispatched: the provider accepted and is asked again later. To Cancelled: by a person; the runner then stops at its next safe point.
        'In progress': ['Succeeded', 'Failed', 'Not Applicable', 'Retry', 'Dispatched', 'Cancelled'],
        Retry: ['Dispatched', 'In progress', 'Failed', 'Cancelled'],
      },
    },
    Inactive: {
      value: 1,
      reasons: {
        Cancelled: 2,
        Failed: 100_000_003,
        Succeeded: 100_000_004,
        'Not Applicable': 100_000_005,
      },
      transitions: { Cancelled: [], Failed: ['Waiting'], Succeeded: [], 'Not Applicable': [] },
    },
  },
  columns: {
    work365_job_name: column.text({ label: 'Name', maxLength: 200, documented: false }),
    work365_job_jobtype: column.choice({
      label: 'Job Type',
      required: 'application',
      options: jobType,
      documented: false,
    }),
    work365_job_scheduledfor: column.dateTime({
      label: 'Scheduled For',
      documented: false,
      description: 'The job is Waiting until then; left empty, it is due at once.',
    }),
    work365_job_parameters: column.memo({
      label: 'Parameters',
      maxLength: 100_000,
      documented: false,
      description: 'The format is not documented.',
    }),
    work365_job_jobresults: column.memo({
      label: 'Job Results',
      maxLength: 100_000,
      documented: false,
      description: 'Why the job is Failed or Not Applicable.',
    }),
    work365_job_retrycount: column.integer({
      label: 'Retry Count',
      documented: false,
      description: 'Counted failures; after five retries a job is Failed.',
    }),
    work365_job_regarding: column.lookup({
      label: 'Regarding',
      to: [
        'work365_licensechangelog',
        'work365_scheduledlicensechangelog',
        'work365_nonrecurringitem',
        'invoice',
        'work365_billingcontract',
        'work365_agreement',
        'contact',
      ],
      behavior: 'referential',
      documented: false,
      description: 'The row that the job is about.',
    }),
    ...runnerColumns,
    ...subjectColumns,
  },
})
