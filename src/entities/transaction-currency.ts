import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A currency in which money columns are kept. */
export const TransactionCurrency = defineTable({
  logicalName: 'transactioncurrency',
  displayName: 'Currency',
  primaryName: 'currencyname',
  ownership: 'organization',
  columns: {
    currencyname: column.text({ label: 'Currency Name', maxLength: 100, required: 'system', standard: true }),
    isocurrencycode: column.text({ label: 'Currency Code', maxLength: 5, required: 'system', standard: true }),
    currencysymbol: column.text({ label: 'Currency Symbol', maxLength: 13, required: 'system', standard: true }),
    currencyprecision: column.integer({
      label: 'Currency Precision',
      min: 0,
      max: 4,
      default: 2,
      standard: true,
      description: 'Digits after the decimal point.',
    }),
    exchangerate: column.decimal({
      label: 'Exchange Rate',
      precision: 12,
      required: 'system',
      standard: true,
      description: "How much of this currency one unit of the organization's base currency buys.",
    }),
  },
})
