import type { ConnectorContext } from '../connector-context.ts'
import { field } from '../field.ts'
import { billingTerms } from './wire.ts'

export const settings = {
  billingTerm: field.choice({
    title: 'Billing Term',
    help: 'Bought where the product names no billing cycle.',
    of: billingTerms,
    optional: true,
  }),
  orderedBy: field.choice({
    title: 'Ordered By',
    help: 'Whose order it is at Pax8. Default: Pax8 Partner.',
    of: ['Pax8 Partner', 'Customer'],
    optional: true,
  }),
  lostOrders: field.choice({
    title: 'Lost Orders',
    help: 'What becomes of an order whose answer was lost and that is not listed after 15 minutes. Default: ask a person.',
    of: ['ask', 'repeat'],
    optional: true,
  }),
}

export const credentials = {
  clientId: field.text({ title: 'Client Id', help: 'Of the application, from Integrations in the Pax8 portal.' }),
  clientSecret: field.secret({ title: 'Client Secret', help: 'Shown once, when the application is made.' }),
}

export type Pax8Context = ConnectorContext<typeof settings, typeof credentials>
