import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** Whether a tier has one price, or one per unit. */
export const rateCardType = { 'Block Rate': 100_000_000, 'Block Unit Rate': 100_000_001 } as const

/** Prices that depend on the quantity. The table's name is inferred from the subscription's lookup. */
export const TieredRateCard = defineTable({
  logicalName: 'work365_tieredratecard',
  displayName: 'Tiered Rate Card',
  description: 'Prices that depend on the quantity.',
  documented: false,
  primaryName: 'work365_tieredratecard_name',
  columns: {
    work365_tieredratecard_name: column.text({ label: 'Name', maxLength: 200, documented: false }),
    work365_tieredratecard_type: column.choice({ label: 'Type', options: rateCardType, documented: false }),
  },
})
