import type { DocumentedRule } from './documented-rule.ts'

const AUTO_PROVISION =
  'https://support.work365apps.com/support/solutions/articles/150000215623-enable-provider-auto-assignment-when-customers-order-new-products-from-the-portal'
const ADD = 'https://portal.iotap.com/knowledgebase/article/KA-01283'
const CONFIGURE = 'https://docs.work365apps.com/page/configure-products-and-subscriptions'

export const portal = [
  {
    id: 'P1',
    title: 'auto-provisioning is on only while its configuration row says exactly true',
    when: 'A portal order is placed.',
    then: 'It is auto-provisioned if the active row Work365.Portal.AutoProvisionNewSubscription has the value true, letter by letter; a space, a capital, 1, yes or no row leave it off.',
    source: AUTO_PROVISION,
    basis: 'documented',
    settings: ['autoProvisionNewSubscription'],
  },
  {
    id: 'P2',
    title: 'a portal order placed while it is off gets no provider details, and its change log waits for a person',
    when: 'Auto-provisioning is off and a customer orders.',
    then: 'The subscription has no provider, provider account or part number; its change log stays Awaiting Provisioning without a job.',
    source: AUTO_PROVISION,
    basis: 'inferred',
    settings: ['autoProvisionNewSubscription', 'changeLogWithoutAutoProvision'],
  },
  {
    id: 'P3',
    title: "a portal order placed while it is on gets its product's provider details and is provisioned at once",
    when: 'Auto-provisioning is on and a customer orders.',
    then: 'Provider, part number and provider account are filled in, and one change log with its job exists at once.',
    source: AUTO_PROVISION,
    basis: 'documented',
    settings: ['autoProvisionNewSubscription'],
  },
  {
    id: 'P4',
    title: 'each new subscription has exactly one change log; an order of several lines makes one of each per line',
    when: 'An order has n lines.',
    then: 'There are n subscriptions and n change logs.',
    source: AUTO_PROVISION,
    basis: 'documented',
  },
  {
    id: 'P5',
    title: 'with no matching provider account, or several, the order stands and its change log fails',
    when: 'Auto-provisioning is on and not exactly one provider account matches.',
    then: 'The subscription is created; its change log is Failed Provisioning and says which accounts match.',
    source: AUTO_PROVISION,
    basis: 'documented',
    settings: ['providerAccountScope', 'providerAccountsCounted'],
  },
  {
    id: 'P6',
    title:
      'a missing part number or provider mapping, an inactive provider or an expired consent fail the change log until mended and re-queued',
    when: 'Something that the provider needs is missing.',
    then: 'Failed Provisioning with a message that says what to mend; after mending, a re-queue provisions.',
    source: AUTO_PROVISION,
    basis: 'documented',
  },
  {
    id: 'P7',
    title: 'a product of a Do Nothing provider needs nothing, one of a Manual provider waits for a person',
    when: 'The product is mapped to a Do Nothing or a Manual provider.',
    then: 'Not Applicable; or Awaiting Provisioning with a reminder by e-mail.',
    source: AUTO_PROVISION,
    basis: 'inferred',
  },
  {
    id: 'P8',
    title: 'only portal orders placed while it was on are auto-provisioned, never earlier ones or others',
    when: 'Auto-provisioning is switched on after an order was placed.',
    then: 'That order gets no provider details, not even when its change log is re-queued.',
    source: AUTO_PROVISION,
    basis: 'documented',
    settings: ['autoProvisionNewSubscription'],
  },
  {
    id: 'P9',
    title:
      'customers order what is enabled for the portal and on the price list of their contract, in a quantity above zero',
    when: 'A portal user lists products, places an order or ends a subscription.',
    then: 'The default contract counts unless another is chosen; quantity and, where required, start date are asked for; order reference, ordered-by, source and date are filled in and read-only; deactivating is refused.',
    source: ADD,
    basis: 'documented',
    settings: ['requireStartDate'],
  },
  {
    id: 'P10',
    title: 'only administrators, subscription managers and finance managers order, and only for their own account',
    when: 'A portal user orders or changes a quantity.',
    then: 'Work 365 Administrator and Subscription Manager may, Finance Manager by setting; rows of other accounts do not exist for them.',
    source: 'https://docs.work365apps.com/docs/work-365-portal-security-roles',
    basis: 'documented',
    settings: ['financeManagersOrder'],
  },
  {
    id: 'P11',
    title:
      'a new subscription is visible on the portal if it is billable, and non-billable ones cannot be changed there',
    when: 'A subscription is created without saying whether the portal shows it.',
    then: 'Display on Portal is Visible if billable, else Not Visible; it can be edited later. Changing a non-billable one on the portal is refused.',
    source: CONFIGURE,
    basis: 'documented',
  },
  {
    id: 'P12',
    title: 'a calculated subscription has the quantity 1 and nothing to provision, and cannot be changed on the portal',
    when: 'A subscription has a Calculation %.',
    then: 'Its quantity is 1 whatever is sent, its provider the Do Nothing one, and the portal refuses to change it.',
    source: 'https://docs.work365apps.com/docs/calculated-subscription',
    basis: 'documented',
  },
] as const satisfies readonly DocumentedRule[]
