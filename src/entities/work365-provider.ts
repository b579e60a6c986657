import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** How a provider provisions. */
export const providerType = {
  Automatic: 100_000_000,
  Manual: 100_000_001,
  'Do Nothing': 100_000_002,
  'Linked Subscription': 100_000_003,
  Rest: 100_000_004,
} as const

/** Through what an automatic provider is reached. */
export const providerConnector = {
  'Microsoft CSP': 100_000_000,
  'StreamOne Ion': 100_000_001,
  'Synnex (Stellr)': 100_000_002,
  Pax8: 100_000_003,
  Crayon: 100_000_004,
  Ingram: 100_000_005,
  Rest: 100_000_006,
} as const

/** Whether a provider still lets us in. */
export const consentStatus = { Valid: 100_000_000, Expired: 100_000_001 } as const

/**
 * Where subscriptions are provisioned: a distributor reached by a connector, or a person who does it by hand. Two exist in
 * every environment, Do Nothing and Manual.
 */
export const Provider = defineTable({
  logicalName: 'work365_provider',
  displayName: 'Provider',
  description: 'Where subscriptions are provisioned.',
  documented: false,
  primaryName: 'work365_provider_name',
  columns: {
    work365_provider_name: column.text({ label: 'Name', required: 'application', maxLength: 200, documented: false }),
    work365_provider_type: column.choice({
      label: 'Provider Type',
      options: providerType,
      documented: false,
      description: 'Rest behaves like Automatic.',
    }),
    work365_provider_connector: column.choice({ label: 'Connector', options: providerConnector, documented: false }),
    work365_provider_consentstatus: column.choice({
      label: 'Consent Status',
      options: consentStatus,
      documented: false,
      description: 'The labels are inferred: a source speaks of expired consent.',
    }),
    work365_provider_endpointurl: column.text({
      label: 'EndPointUrl',
      maxLength: 2000,
      format: 'url',
      documented: false,
      description: "Of Rest providers: the API's base address.",
    }),
    work365_provider_password: column.text({
      label: 'Password',
      maxLength: 200,
      documented: false,
      description: 'Of Rest providers: the shared secret. Keep it in a vault and not here where you can.',
    }),
    work365_provider_countrycode: column.text({ label: 'Country Code', maxLength: 10, documented: false }),
    work365_provider_currencycode: column.text({ label: 'Currency Code', maxLength: 10, documented: false }),
    work365_provider_manualprovideremail: column.text({
      label: 'Manual Provider Email Recipient',
      maxLength: 100,
      format: 'email',
      documented: false,
      description: 'Who is told of manual provisioning and of thresholds.',
    }),
  },
})
