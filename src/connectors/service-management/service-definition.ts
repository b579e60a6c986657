import type { BillingCycle } from '../change.ts'
import type { Connector } from '../connector.ts'
import type { ConnectorContext } from '../connector-context.ts'
import type { CatalogProduct } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import { listFromConnector } from '../run-connector.ts'
import type { Wire } from './models.ts'
import { productAttributes, productId } from './products.ts'

/** What a definition may hold: it is one answer, and the platform makes a product of each. */
const MOST_PRODUCTS = 10_000

const cycles: Readonly<Partial<Record<BillingCycle, string>>> = {
  monthly: 'Monthly',
  annual: 'Annually',
  triennial: 'ThreeYears',
}

const attributes = {
  [productAttributes.partNumber]: { title: 'Part Number', help: "The provider's part number.", isRequired: true },
  [productAttributes.term]: {
    title: 'Term',
    help: 'Such as P1Y; empty where the product has none.',
    isRequired: false,
  },
  [productAttributes.billingCycle]: {
    title: 'Billing Cycle',
    help: 'monthly, annual or triennial.',
    isRequired: false,
  },
}

/** One product type, and the catalogue of the connector as its products, where it has one. */
export async function serviceDefinitionOf(
  connector: Connector,
  context: ConnectorContext,
): Promise<Wire<'ProductTypeCollection'>> {
  return {
    ProductTypes: [
      {
        ID: connector.name,
        Name: connector.title,
        Description: `Subscriptions sold through ${connector.title}.`,
        Derivative: 'SUBSCRIPTION',
        AttributeList: Object.entries(attributes).map(
          ([ID, { title: Name, help: Description, isRequired }], SortOrder) => ({
            ...{
              ID,
              SortOrder,
              Name,
              Description,
              Kind: 'Text',
              Usage: 'ProductCharacteristic',
              IsRequired: isRequired,
            },
          }),
        ),
        ProductsCollection: { Products: await productsOf(connector, context) },
      },
    ],
  }
}

async function productsOf(connector: Connector, context: ConnectorContext): Promise<Wire<'Product'>[]> {
  const { catalog, title } = connector
  const products = new Map<string, Wire<'Product'>>()
  if (!catalog) return []
  for await (const product of listFromConnector(connector, context, () => catalog.products(context))) {
    const one = toProduct(product)
    products.set(one.ID!, one)
    if (products.size <= MOST_PRODUCTS) continue
    const message = `${title} has more than ${MOST_PRODUCTS} products, which no service definition can hold: make the products by hand.`
    throw new ProviderError('notEligible', message)
  }
  return [...products.values()]
}

function toProduct(product: CatalogProduct): Wire<'Product'> {
  const { id, name, term, billingCycle, currency, unitPrice, retailPrice } = product
  const ID = productId(product)
  const cycle = billingCycle && cycles[billingCycle]
  const values = { [productAttributes.partNumber]: id, term, billingCycle }
  const price = { BillingCycle: cycle ?? null, Cost: unitPrice ?? null, Price: retailPrice ?? null }
  return {
    ID,
    Code: ID,
    Name: name,
    UnitBillingCycles: cycle ? [cycle] : [],
    Attributes: Object.entries(values).flatMap(([ID, value]) => (value ? [{ ID, Values: [value] }] : [])),
    Prices: currency && (unitPrice ?? retailPrice) !== undefined ? [{ Currency: currency, Units: [price] }] : [],
  }
}
