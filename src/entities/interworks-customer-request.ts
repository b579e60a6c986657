import { column } from './column.ts'
import { defineTable } from './define-table.ts'

/** What a customer asks for. */
export const requestKind = {
  Cancellation: 100_000_000,
  'Add-on Cancellation': 100_000_001,
  Downgrade: 100_000_002,
} as const

/** When what is asked for takes effect. */
export const requestExecution = { Immediate: 100_000_000, 'End of Billing Period': 100_000_001 } as const

/** What becomes of a request: the values of its Status Reason. */
export const requestStatus = { Pending: 1, Cancelled: 2, Completed: 100_000_000, Rejected: 100_000_001 } as const

/**
 * interworks.cloud: a customer asks to cancel or to downgrade. It is carried out by itself or waits for an operator, as the
 * product type says.
 *
 * The names of the states are inferred; only what is Pending can still become something else.
 */
export const InterworksCustomerRequest = defineTable({
  logicalName: 'iw_customerrequest',
  displayName: 'Customer Request',
  documented: false,
  description: 'A customer asks to cancel or to downgrade.',
  primaryName: 'iw_requestcode',
  states: {
    Open: {
      value: 0,
      reasons: { Pending: 1 },
      transitions: { Pending: ['Completed', 'Rejected', 'Cancelled'] },
    },
    Closed: {
      value: 1,
      // Cancelled comes first: to deactivate a request without saying more is to withdraw it, not to carry it out.
      reasons: { Cancelled: 2, Completed: 100_000_000, Rejected: 100_000_001 },
      transitions: { Cancelled: [], Completed: [], Rejected: [] },
    },
  },
  columns: {
    iw_requestcode: column.autonumber({ label: 'Request Code', format: 'REQ-{SEQNUM:6}', documented: false }),
    iw_kind: column.choice({ label: 'Kind', options: requestKind, required: 'application', documented: false }),
    iw_subscription: column.lookup({
      label: 'Subscription',
      to: ['work365_subscription'],
      required: 'application',
      documented: false,
      description: 'The subscription or add-on that the request is about.',
    }),
    iw_quantity: column.decimal({
      label: 'Quantity',
      documented: false,
      description: 'How many licenses are given up, or move to the other product; left empty, all of them.',
    }),
    iw_executiontype: column.choice({
      label: 'Execution Type',
      options: requestExecution,
      default: requestExecution.Immediate,
      documented: false,
    }),
    iw_product: column.lookup({
      label: 'Downgrade To',
      to: ['product'],
      documented: false,
      description: 'Of a downgrade: the lower product of the same type; left empty, there are fewer licenses.',
    }),
    iw_submittedby: column.lookup({
      label: 'Submitted By',
      to: ['contact', 'systemuser'],
      documented: false,
      description: 'Left empty, whoever made the request.',
    }),
    iw_submittedon: column.dateTime({ label: 'Submission Date', documented: false }),
    iw_instructions: column.memo({ label: 'Instructions', documented: false }),
    iw_sendconfirmation: column.boolean({
      label: 'Send Confirmation',
      documented: false,
      description: "Whether the customer's primary contact is told too.",
    }),
    iw_isautomatic: column.boolean({
      label: 'Automatic',
      documented: false,
      description: 'Whether it was carried out without a person.',
    }),
    iw_answer: column.memo({ label: 'Answer', documented: false, description: 'What the operator says to it.' }),
    iw_effectiveon: column.dateOnly({
      label: 'Effective On',
      documented: false,
      description: 'Of a completed request: the day from which it holds.',
    }),
    iw_newsubscription: column.lookup({
      label: 'New Subscription',
      to: ['work365_subscription'],
      documented: false,
      description: 'Of a completed downgrade to another product: its subscription.',
    }),
  },
})
