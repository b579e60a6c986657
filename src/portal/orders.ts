import { BillingContract, billableStatus, channel, displayOnPortal, Product, Subscription } from '../entities/index.ts'
import { isDay } from '../internal/date-text.ts'
import { dayIn } from '../internal/time-zone.ts'
import { changeSourceTags, loadSettings } from '../plugins/index.ts'
import { select } from '../query/index.ts'
import { type OrganizationService, type Row, reference, type WriteRequest } from '../service/index.ts'
import type { PortalUser } from './portal-user.ts'
import { type OrderableProduct, orderingContract, productsOn } from './products.ts'
import { invalid, notFound } from './refusals.ts'

/** One product of an order. */
export interface OrderLine {
  /** The product's id. */
  readonly product: string
  /** More than 0, at most two decimals. */
  readonly quantity: number
  /** The id of the unit; needed when the price list has the product in several. */
  readonly unit?: string
  /** `YYYY-MM-DD`. Default: today, unless the settings require one. */
  readonly startDate?: string
  /** The subscription whose add-on it is. */
  readonly parent?: string
}

export interface Order {
  readonly lines: readonly OrderLine[]
  /** The billing contract; default: the account's default one. */
  readonly contract?: string
}

/** What became of an order: its reference, and a subscription for each line, in their order. */
export interface PlacedOrder {
  readonly reference: string
  readonly subscriptions: readonly string[]
}

/** The most lines of one order. */
export const MAX_LINES = 100

/**
 * P4, P9: one subscription for each line, all in one transaction. What makes the change log and fills in the provider are
 * the steps on subscriptions, so that an order is the same however it was placed.
 */
export async function placeOrder(
  service: OrganizationService,
  user: PortalUser,
  { lines, contract: chosen }: Order,
  { now, orderReference }: { readonly now: Date; readonly orderReference: string },
): Promise<PlacedOrder> {
  if (!Array.isArray(lines) || lines.length === 0) throw invalid('lines', 'An order has no lines.', 'Add a product.')
  if (lines.length > MAX_LINES) {
    throw invalid('lines', `An order has ${lines.length} lines.`, `Place orders of at most ${MAX_LINES} lines.`)
  }
  const { values } = await loadSettings(service)
  const contract = await orderingContract(service, user, chosen)
  const ids = [...new Set(lines.map(({ product }) => String(product).toLowerCase()))]
  const products = await productsOn(service, contract, ids)
  const checked = lines.map((line, at) => {
    const where = `lines[${at}]`
    refuseQuantity(`${where}.quantity`, line.quantity)
    return {
      line,
      product: productOf(where, line, products),
      startDate: startDateOf(where, line, values.requireStartDate) ?? dayIn(values.defaultTimeZone, now),
    }
  })
  for (const [at, { line }] of checked.entries()) {
    if (line.parent !== undefined) await readOwn(service, user, line.parent, `lines[${at}].parent`)
  }
  const behaviours = await reductionOf(service, ids)
  const Requests = checked.map(({ line, product, startDate }): WriteRequest => {
    const row: Row = {
      work365_subscription_subscriptionname: product.name,
      work365_subscription_product: reference(Product, product.id),
      work365_subscription_customer: reference('account', user.accountId),
      work365_subscription_billingcontract: reference(BillingContract, contract.id),
      work365_subscription_effectivestartdate: startDate,
      work365_subscription_billablestatus: billableStatus.Billable,
      work365_subscription_channel: channel.Portal,
      work365_subscription_ordersource: channel.Portal,
      work365_subscription_ordernum: orderReference,
      work365_subscription_orderby: user.name.slice(0, 100),
      work365_subscription_quantity: line.quantity,
      work365_subscription_pricelist: contract.priceList,
      work365_subscription_salesunit: product.unit,
      work365_subscription_sellingpriceperunit: product.price,
      transactioncurrencyid: product.currency ?? contract.currency,
      ...behaviours.get(product.id),
      ...(line.parent === undefined
        ? {}
        : { work365_subscription_parentsubscription: reference(Subscription, line.parent) }),
    }
    return { message: 'Create', table: Subscription, row }
  })
  const { Responses } = await service.execute('ExecuteTransaction', { Requests }, { tag: changeSourceTags.portal })
  return { reference: orderReference, subscriptions: Responses.map(({ id }) => id!) }
}

/** P9, P11, P12: changes the quantity of a subscription of the user's account. */
export async function changeQuantity(
  service: OrganizationService,
  user: PortalUser,
  subscription: string,
  quantity: number,
): Promise<void> {
  await readOwn(service, user, subscription, 'subscription')
  refuseQuantity('quantity', quantity)
  await service.update(
    Subscription,
    subscription,
    { work365_subscription_quantity: quantity },
    { tag: changeSourceTags.portal },
  )
}

/** A subscription as its customer sees it. */
export interface PortalSubscription {
  readonly id: string
  readonly name: string | null
  readonly product: string | null
  readonly quantity: number | null
  readonly startDate: string | null
  readonly orderReference: string | null
  /** Whether its status is active. */
  readonly isActive: boolean
  /** Whether its quantity can be changed on the portal. */
  readonly canBeChanged: boolean
}

/** P10, P11: the subscriptions of the user's account that are visible on the portal, by name. */
export async function visibleSubscriptions(
  service: OrganizationService,
  { accountId }: PortalUser,
): Promise<readonly PortalSubscription[]> {
  const { rows } = await service.retrieveMultiple(
    select(Subscription, portalColumns)
      .where('work365_subscription_customer', 'eq', accountId)
      .where('work365_subscription_displayonportal', 'eq', displayOnPortal.Visible)
      .orderBy('work365_subscription_subscriptionname'),
  )
  return rows.map((row) => ({
    id: row.work365_subscriptionid,
    name: row.work365_subscription_friendlyname ?? row.work365_subscription_subscriptionname,
    product: row.work365_subscription_product?.name ?? null,
    quantity: row.work365_subscription_quantity,
    startDate: row.work365_subscription_effectivestartdate,
    orderReference: row.work365_subscription_ordernum,
    isActive: row.statecode === 0,
    canBeChanged:
      row.statecode === 0 &&
      row.work365_subscription_billablestatus !== billableStatus['Non-Billable'] &&
      row.work365_subscription_calculationpercent === null,
  }))
}

const portalColumns = [
  'work365_subscriptionid',
  'work365_subscription_subscriptionname',
  'work365_subscription_friendlyname',
  'work365_subscription_product',
  'work365_subscription_quantity',
  'work365_subscription_effectivestartdate',
  'work365_subscription_ordernum',
  'work365_subscription_billablestatus',
  'work365_subscription_calculationpercent',
  'statecode',
] as const

function refuseQuantity(part: string, quantity: unknown): void {
  const isWhole = typeof quantity === 'number' && Math.abs(Math.round(quantity * 100) - quantity * 100) < 1e-6
  if (isWhole && quantity > 0 && quantity <= 100_000_000_000) return
  throw invalid(part, `It is ${String(quantity)}.`, 'Order more than 0, with at most two decimals.')
}

function productOf(
  where: string,
  { product, unit }: OrderLine,
  products: readonly OrderableProduct[],
): OrderableProduct {
  const units = products.filter(({ id }) => id === String(product).toLowerCase())
  if (units.length === 0) {
    throw invalid(
      `${where}.product`,
      `'${product}' is not shown on the portal, or not on the price list of the billing contract.`,
      'Choose one of the orderable products.',
    )
  }
  const chosen = unit === undefined ? units : units.filter((candidate) => candidate.unit.id === unit.toLowerCase())
  if (chosen.length === 1) return chosen[0]!
  const names = units.map((candidate) => candidate.unit.name ?? candidate.unit.id).join(', ')
  throw invalid(`${where}.unit`, `'${units[0]!.name}' is sold in the units ${names}.`, 'Choose one of them.')
}

function startDateOf(where: string, { startDate }: OrderLine, isRequired: boolean): string | undefined {
  if (startDate === undefined) {
    if (!isRequired) return undefined
    throw invalid(`${where}.startDate`, 'It is missing, and the settings require it.', 'Say from which day.')
  }
  if (isDay(startDate)) return startDate
  throw invalid(`${where}.startDate`, `'${String(startDate)}' is no day.`, "Write it as 'YYYY-MM-DD'.")
}

/** The subscription, if it is the user's account's; another one does not exist for the user. */
async function readOwn(service: OrganizationService, user: PortalUser, id: string, part: string): Promise<void> {
  if (typeof id !== 'string') throw invalid(part, `'${String(id)}' is no id.`, 'Send the id of a subscription.')
  const { work365_subscription_customer: customer } = await service.retrieve(Subscription, id, [
    'work365_subscription_customer',
  ])
  if (customer?.id !== user.accountId) throw notFound(Subscription.logicalName, id)
}

/** Q5: how subscriptions may be reduced is copied from their products. */
async function reductionOf(service: OrganizationService, products: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await service.retrieveMultiple(
    select(Product, [
      'productid',
      'work365_product_quantityreductionbehavior',
      'work365_product_quantityreductionwindow',
    ]).where('productid', 'in', ...products),
  )
  return new Map(
    rows.map((row) => [
      row.productid,
      {
        work365_subscription_quantityreductionbehavior: row.work365_product_quantityreductionbehavior,
        work365_subscription_quantityreductionwindow: row.work365_product_quantityreductionwindow,
      },
    ]),
  )
}
