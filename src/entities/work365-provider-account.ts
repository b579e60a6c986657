import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Whether a provider account's subscriptions are synced. */
export const syncStatus = { Enabled: 100_000_000, Disabled: 100_000_001 } as const

/**
 * One customer as a provider knows it, and the account that it belongs to. An account may own several (A5).
 *
 * Provider and Provider Specific Id together tell provider accounts apart. That is inferred, and so no alternate key
 * enforces it.
 */
export const ProviderAccount = defineTable({
  logicalName: 'work365_provideraccount',
  displayName: 'Provider Account',
  description: 'One customer as a provider knows it.',
  documented: false,
  primaryName: 'work365_provideraccount_name',
  columns: {
    work365_provideraccount_name: column.text({
      label: 'Provider Name',
      maxLength: 200,
      description: "The customer's name in the provider's system.",
    }),
    work365_provideraccount_account: column.lookup({
      label: 'Account',
      to: ['account'],
      description: 'Empty until mapped.',
    }),
    work365_provideraccount_providerspecificaccountid: column.text({
      label: 'Provider Specific Id',
      maxLength: 100,
      description: "The provider's id of the customer, such as a tenant id.",
    }),
    work365_provideraccount_provider: column.lookup({
      label: 'Provider',
      required: 'application',
      to: ['work365_provider'],
    }),
    work365_provideraccount_syncstatus: column.choice({
      label: 'Sync Status',
      options: syncStatus,
      documented: false,
      description: 'Subscriptions and usage are synced for Enabled ones only.',
    }),
    work365_provideraccount_domain: column.text({
      label: 'Domain',
      maxLength: 200,
      documented: false,
      description: 'For matching with accounts by the e-mail domain of their contacts.',
    }),
  },
})
