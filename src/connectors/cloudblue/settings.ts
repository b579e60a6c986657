import type { ConnectorContext } from '../connector-context.ts'
import { field } from '../field.ts'

export const settings = {
  accessPoint: field.url({
    title: 'Access Point',
    help: 'The address of the Public API. CloudBlue shows it under System > Settings > Public API; it has to allow the network of this machine.',
  }),
  accountId: field.text({
    title: 'Account ID',
    help: 'The id of your own account, whose customers are sold to.',
    pattern: '\\d{1,10}',
  }),
  quantityResources: field.text({
    title: 'Quantity Resources',
    help: 'The ids of the resource types whose limits are quantities, with commas between them. Without it, a subscription has to have one that is the only leaf of its tree.',
    pattern: '\\d{1,10}(\\s*,\\s*\\d{1,10})*',
    optional: true,
  }),
  customersParameter: field.text({
    title: 'Customers Parameter',
    help: 'What pem.getVendorCustomers calls the account whose customers it lists. Default: account_id.',
    pattern: '\\w{1,40}',
    optional: true,
  }),
  lostOrders: field.choice({
    title: 'Lost Orders',
    help: 'What becomes of a purchase whose answer was lost and that is not found after 15 minutes. Default: ask a person.',
    of: ['ask', 'repeat'],
    optional: true,
  }),
}

export const credentials = {
  userName: field.text({
    title: 'User Name',
    help: 'Only where the Public API asks for one (HTTP Basic) beside the networks that it allows.',
    optional: true,
  }),
  password: field.secret({ title: 'Password', help: 'The same.', optional: true }),
}

export type CloudBlueContext = ConnectorContext<typeof settings, typeof credentials>
