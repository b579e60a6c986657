/**
 * Choices that several Work 365 tables share. A choice that one table has stands in that table's file.
 *
 * The labels are documented; the values are this package's own, because no source prints one. They start at
 * 100,000,000 as Dataverse's do. Code names a value (`provisioningStatus.Provisioned`) and never writes the number:
 * an environment's own values are put in their place at the edge, by the schema map.
 */

/** What became of a change at the provider, of license change logs and non-recurring items. */
export const provisioningStatus = {
  'Awaiting Provisioning': 100_000_000,
  'Not Applicable': 100_000_001,
  Provisioned: 100_000_002,
  'Failed Provisioning': 100_000_003,
} as const

/** Where a subscription, an order or a change came from. */
export const channel = { Portal: 100_000_000, Provider: 100_000_001, System: 100_000_002 } as const

/** Whether something is invoiced. */
export const billableStatus = { Billable: 100_000_000, 'Non-Billable': 100_000_001 } as const

/** Whether customers see a row on the portal. */
export const displayOnPortal = { Visible: 100_000_000, 'Not Visible': 100_000_001 } as const

/** Whether and when a customer may have fewer. */
export const quantityReductionBehavior = {
  Allowed: 100_000_000,
  Disallowed: 100_000_001,
  'Allowed within window': 100_000_002,
} as const

/** What a change does to its subscription. */
export const changeType = {
  Create: 100_000_000,
  Update: 100_000_001,
  Activate: 100_000_002,
  Deactivate: 100_000_003,
} as const
