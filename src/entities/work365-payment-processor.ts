import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** A service that takes payments. Payment profiles refer to it; nothing else of it is documented. */
export const PaymentProcessor = defineTable({
  logicalName: 'work365_paymentprocessor',
  displayName: 'Payment Processor',
  documented: false,
  description: 'A service that takes payments.',
  primaryName: 'work365_paymentprocessor_name',
  columns: {
    work365_paymentprocessor_name: column.text({
      label: 'Name',
      maxLength: 200,
      documented: false,
      description: 'Ours: what the processor is called.',
    }),
  },
})
