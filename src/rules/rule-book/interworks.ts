import type { DocumentedRule } from './documented-rule.ts'

const page = (id: number) => `https://interworkscloud.atlassian.net/wiki/spaces/ICPD/pages/${id}` as const

const ORDER_STATUSES = page(503742724)
const NON_AUTOMATIC = page(512393548)
const ORDERING = page(322835143)
const EXECUTING = page(322835155)
const EXECUTE_ORDER = page(1286930466)
const CUSTOMER_REQUESTS = page(331318614)
const UPGRADES = page(1258979342)

export const interworks = [
  {
    id: 'I1',
    title: 'the four mandatory order statuses are always there: neither deleted nor deactivated nor given another type',
    when: 'Somebody changes Draft, Submitted, Executed or Canceled.',
    then: 'Deleting, deactivating, another type or storefront type and taking Mandatory away are refused; the name may change.',
    source: ORDER_STATUSES,
    basis: 'documented',
  },
  {
    id: 'I2',
    title: 'of several statuses that fit, the default one is taken, else the only one, else nobody can say which',
    when: 'A status is looked for by its type.',
    then: 'Default first; one candidate is taken as it is; several without a default are refused with their names. A type has one default: setting another moves it.',
    source: ORDER_STATUSES,
    basis: 'inferred',
  },
  {
    id: 'I3',
    title: 'non automatic execution of new orders is off unless it is turned on',
    when: 'A product type is created, by hand or by Get Services Definition.',
    then: 'The flag is off.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I4',
    title: 'an order with a service whose type has the flag is not executed, it waits for a person',
    when: 'The flag is on and an order contains a service of that type.',
    then: 'The order is placed for manual management; nothing is executed.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I5',
    title: 'the flag cannot be turned on without a status that is Active, In Progress and Viewable',
    when: 'No order status is Active, of type In Progress and of storefront type Viewable, and the flag is turned on.',
    then: 'Refused with the three requirements and Setup > Sales > Orders > Order Status; the flag stays off.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I6',
    title: 'a new manual order gets the default one of the statuses that are Active, In Progress and Viewable',
    when: 'Several statuses qualify and a manual order is submitted.',
    then: 'It gets the default one.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I7',
    title: 'asset types do not have the flag',
    when: 'The flag is turned on for an asset type, or a type with the flag is made one.',
    then: 'Refused: asset types have no Customer Request section.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I8',
    title: 'turning the flag on leaves the automatic cancellation and downgrade settings as they are',
    when: 'The flag is turned on or off.',
    then: 'Automatic Cancellation and Automatic Downgrade stay.',
    source: NON_AUTOMATIC,
    basis: 'documented',
  },
  {
    id: 'I9',
    title: 'a status that new manual orders need cannot be taken away while a product type has the flag',
    when: 'The flag is on somewhere, and the status that new manual orders get is deactivated, deleted, given another type, or the choice would become ambiguous.',
    then: 'Refused, with the product types that need it. A spare status may go.',
    source: NON_AUTOMATIC,
    basis: 'inferred',
  },
  {
    id: 'I10',
    title: 'orders that are placed keep the mode they were placed with when the flag changes',
    when: 'The flag changes while orders wait.',
    then: 'They stay as they are. By setting not: what no longer needs a person is executed.',
    source: NON_AUTOMATIC,
    basis: 'open',
    settings: ['ordersKeepTheirMode'],
  },
  {
    id: 'I11',
    title: 'a basket cannot mix services that are executed automatically and services that are not',
    when: 'An item of the other kind is added, or a flag changed before checkout.',
    then: 'Refused with a service of either kind; two orders it is. Assets go with both.',
    source: ORDERING,
    basis: 'documented',
  },
  {
    id: 'I12',
    title:
      'a basket with a non-automatic service shows a banner, and its last step says that the operator will be in touch',
    when: 'The storefront shows a basket.',
    then: 'The banner shows while it holds a non-automatic service, and not otherwise.',
    source: ORDERING,
    basis: 'documented',
  },
  {
    id: 'I13',
    title: 'checking out a non-automatic basket makes an order that waits: no charge, no invoice, no subscription',
    when: 'A basket with non-automatic services is submitted.',
    then: 'The order has the status of I6 and the mode Manual, and nothing else comes of it.',
    source: ORDERING,
    basis: 'documented',
  },
  {
    id: 'I14',
    title: 'checking out an automatic basket executes the order: invoice and provisioning start',
    when: 'A basket with automatic services is submitted.',
    then: 'The order is Executed; each service has a subscription, each asset an entry, and there is an invoice.',
    source: ORDERING,
    basis: 'documented',
  },
  {
    id: 'I15',
    title:
      'orders for manual management are shown, up to 50, by order date, with code, account, date and total without tax',
    when: 'The dashboard asks.',
    then: 'Orders in progress with a non-automatic item that is neither executed nor delivered.',
    source: EXECUTING,
    basis: 'documented',
  },
  {
    id: 'I16',
    title:
      'executing a whole order creates its subscriptions or asset entries and its invoice, from the start date that the operator picks',
    when: 'Execute Order, or the status becomes one of type Automatic Execute.',
    then: 'What is still open is created once, invoiced from the start date; executing again creates nothing.',
    source: EXECUTE_ORDER,
    basis: 'documented',
  },
  {
    id: 'I17',
    title: 'delivering part of an order makes a sub-order of the chosen items, which is executed; the rest stays open',
    when: 'Order Delivery with some items.',
    then: 'The sub-order has its own total and invoice; the other items stay Pending.',
    source: EXECUTING,
    basis: 'documented',
  },
  {
    id: 'I18',
    title: 'the order page shows a delivery status for each item',
    when: 'A customer looks at an order.',
    then: 'Pending until it exists, then Executed with the whole order or Delivered before the rest. The labels are ours.',
    source: ORDERING,
    basis: 'documented',
  },
  {
    id: 'I19',
    title: 'operations can be told of new manual orders',
    when: 'A manual order is submitted and the setting names an address.',
    then: 'One Send Email job per order.',
    source: NON_AUTOMATIC,
    basis: 'documented',
    settings: ['manualOrderNotification'],
  },
  {
    id: 'I20',
    title: 'an order whose items are all delivered is Executed and leaves the dashboard',
    when: 'The last open item is delivered.',
    then: 'The order itself becomes Executed, without an invoice of its own.',
    source: EXECUTING,
    basis: 'inferred',
  },
  {
    id: 'I21',
    title:
      'a customer request is carried out by itself or waits for an operator who accepts or rejects, as its product type says',
    when: 'A customer asks to cancel or to downgrade.',
    then: 'Automatic: Completed at once. Otherwise Pending, until an operator accepts (Completed) or rejects (Rejected).',
    source: CUSTOMER_REQUESTS,
    basis: 'documented',
  },
  {
    id: 'I22',
    title:
      'a cancellation is immediate or at the end of the billing period, of all licenses or of some, of add-ons too',
    when: 'A cancellation is carried out.',
    then: 'Immediate: fewer licenses, or inactive with its add-ons. End of period: the day is recorded, or the reduction scheduled for it.',
    source: CUSTOMER_REQUESTS,
    basis: 'documented',
  },
  {
    id: 'I23',
    title:
      'a request says who submitted it, when, of what, how many and how, with instructions, and shows while it is pending',
    when: 'A request is pending.',
    then: 'It is a ribbon on its subscription, and cancellations stand in Pending Subscription Cancellation Requests.',
    source: CUSTOMER_REQUESTS,
    basis: 'documented',
  },
  {
    id: 'I24',
    title: 'requested, completed and cancelled requests of each kind are notified, and a customer may withdraw one',
    when: 'A request is made, completed, rejected or withdrawn.',
    then: 'Operations get a mail if the setting names an address, the customer one if a confirmation was asked for. Withdrawn is Cancelled; only Pending can be.',
    source: CUSTOMER_REQUESTS,
    basis: 'documented',
    settings: ['customerRequestNotification'],
  },
  {
    id: 'I25',
    title: 'upgrades and downgrades stay within one product type, and an upgrade makes the other a downgrade',
    when: 'B is defined as an upgrade of A.',
    then: 'A is a downgrade of B; across types, onto itself or the other way round it is refused, and so is a downgrade to anything else.',
    source: UPGRADES,
    basis: 'documented',
  },
] as const satisfies readonly DocumentedRule[]
