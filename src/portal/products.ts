import { BillingContract, billingType, Product, ProductPriceLevel } from '../entities/index.ts'
import { select } from '../query/index.ts'
import type { EntityReference, OrganizationService, Row } from '../service/index.ts'
import type { PortalUser } from './portal-user.ts'
import { invalid } from './refusals.ts'

/** A product as it can be ordered: in which unit, at which price. */
export interface OrderableProduct {
  readonly id: string
  readonly name: string
  readonly productNumber: string | null
  readonly unit: EntityReference
  /** `null`: the price list has the product without a price. */
  readonly price: number | null
  readonly currency: EntityReference | null
}

/** The contract that an order is placed on. */
export interface OrderingContract {
  readonly id: string
  readonly priceList: EntityReference | null
  readonly currency: EntityReference | null
}

/** P9: the contract that was chosen, or the account's default one; the only one, when there is just one. */
export async function orderingContract(
  service: OrganizationService,
  { accountId, accountName }: PortalUser,
  chosen: string | undefined,
): Promise<OrderingContract> {
  const { rows } = await service.retrieveMultiple(
    select(BillingContract, [
      'work365_billingcontractid',
      'work365_billingcontract_isdefault',
      'work365_billingcontract_pricelist',
      'transactioncurrencyid',
    ])
      .where('work365_billingcontract_customer', 'eq', accountId)
      .where('statecode', 'eq', 0)
      .orderBy('createdon'),
  )
  const defaults = rows.filter((row) => row.work365_billingcontract_isdefault === true)
  const row =
    chosen === undefined
      ? defaults.length === 1
        ? defaults[0]
        : rows.length === 1
          ? rows[0]
          : undefined
      : rows.find((candidate) => candidate.work365_billingcontractid === chosen.toLowerCase())
  if (row) {
    return {
      id: row.work365_billingcontractid,
      priceList: row.work365_billingcontract_pricelist,
      currency: row.transactioncurrencyid,
    }
  }
  if (chosen !== undefined) {
    throw invalid(
      'contract',
      `'${chosen}' is not an active billing contract of '${accountName}'.`,
      'Choose one of yours.',
    )
  }
  throw invalid(
    'contract',
    `'${accountName}' has ${rows.length} active billing contracts, ${defaults.length} of which are marked Is Default.`,
    'Name the contract, or mark exactly one as default.',
  )
}

/**
 * P9: what can be ordered on a contract: active products that are shown on the portal and are on the price list of the
 * contract, once for each unit that they have a price in. Sorted by name.
 */
export async function productsOn(
  service: OrganizationService,
  { priceList }: OrderingContract,
  products?: readonly string[],
): Promise<readonly OrderableProduct[]> {
  if (!priceList) return []
  const query = select(ProductPriceLevel.logicalName, ['productid', 'uomid', 'amount', 'transactioncurrencyid'])
    .where('pricelevelid', 'eq', priceList.id)
    .linked({
      table: Product.logicalName,
      from: 'productid',
      to: 'productid',
      alias: 'product',
      type: 'inner',
      columns: ['name', 'productnumber', 'work365_product_billingtype'],
      filter: {
        kind: 'and',
        conditions: [
          { kind: 'compare', column: 'statecode', operator: 'eq', values: [0] },
          { kind: 'compare', column: 'work365_product_showonportal', operator: 'eq', values: [true] },
        ],
      },
    })
  const { rows } = await service.retrieveMultiple(
    products === undefined ? query : query.where('productid', 'in', ...products),
  )
  return rows
    .filter((row) => row['product.work365_product_billingtype'] !== billingType['Non-Recurring'])
    .map(toOrderable)
    .sort((a, b) => a.name.localeCompare(b.name) || (a.unit.name ?? '').localeCompare(b.unit.name ?? ''))
}

function toOrderable(row: Row): OrderableProduct {
  const product = row.productid as EntityReference
  return {
    id: product.id,
    name: (row['product.name'] as string | null) ?? product.id,
    productNumber: row['product.productnumber'] as string | null,
    unit: row.uomid as EntityReference,
    price: row.amount as number | null,
    currency: (row.transactioncurrencyid as EntityReference | null) ?? null,
  }
}
