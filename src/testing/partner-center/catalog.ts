import type { SeedProduct } from './state.ts'
import { type Asked, availabilityOf, page, productOf, Refused, type World } from './world.ts'

/** Products, their editions, and what of them is sold today. */
export const catalog = {
  products(world: World, asked: Asked) {
    const ids = [...new Set(world.state.products.map(({ id }) => partsOf(id)[0]))]
    const titleOf = (id: string) => world.state.products.find((one) => one.id.startsWith(`${id}:`))?.title
    return page(
      ids.map((id) => ({ id, title: titleOf(id!) })),
      asked,
      world,
      '/products',
    )
  },

  skus(world: World, asked: Asked) {
    const skus = world.state.products.filter(({ id }) => partsOf(id)[0] === asked.params.product)
    if (skus.length === 0) throw new Refused(404, '400013', "Product wasn't found.")
    return { totalCount: skus.length, items: skus.map(toSku) }
  },

  sku: (world: World, asked: Asked) => toSku(skuOf(world, asked)),

  availabilities(world: World, asked: Asked) {
    const { id, terms = [{ duration: 'P1Y', billingCycle: 'monthly' }] } = skuOf(world, asked)
    const availability = availabilityOf(world)
    const item = { id: availability, catalogItemId: `${id}:${availability}`, isPurchasable: true, terms }
    return { totalCount: 1, items: [{ ...item, defaultCurrency: { code: 'USD', symbol: '$' } }] }
  },
}

const partsOf = (id: string) => id.split(':')

function skuOf(world: World, { params }: Asked): SeedProduct {
  const found = productOf(world, `${params.product}:${params.sku}`)
  if (found) return found
  throw new Refused(404, '400018', "SKU wasn't found.")
}

function toSku({ id, title, minimum = 1, maximum = 1000 }: SeedProduct) {
  return { id: partsOf(id)[1], title, minimumQuantity: minimum, maximumQuantity: maximum }
}
