import { InterworksProduct, InterworksProductUpgrade } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { EntityReference, OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { refusal } from '../refusal.ts'
import { typeOfProduct } from './product-type.ts'

/** What a product can be changed into. */
export interface ProductChanges {
  readonly upgrades: readonly EntityReference[]
  readonly downgrades: readonly EntityReference[]
}

/** The upgrades and downgrades of a product (I25): what upgrades to it is a downgrade of it. */
export async function productChangesOf(service: OrganizationService, product: string): Promise<ProductChanges> {
  const upgrades = await definitions(service, 'iw_from', product)
  const downgrades = await definitions(service, 'iw_to', product)
  return {
    upgrades: upgrades.flatMap(({ iw_to: to }) => (to ? [to] : [])),
    downgrades: downgrades.flatMap(({ iw_from: from }) => (from ? [from] : [])),
  }
}

async function definitions(service: OrganizationService, column: 'iw_from' | 'iw_to', product: string) {
  const { rows } = await service.retrieveMultiple(
    select(InterworksProductUpgrade, ['iw_from', 'iw_to']).where(column, 'eq', product).where('statecode', 'eq', 0),
  )
  return rows
}

/** I25: an upgrade leads to another product of the same type, and in one direction only. */
export const guardUpgrade = defineStep({
  name: 'interworks: check an upgrade',
  table: InterworksProductUpgrade,
  message: 'Create',
  stage: 'preOperation',
  rank: 10,
  rules: ['I25'],

  async run({ target: { iw_from: from, iw_to: to }, service }) {
    if (!from || !to) {
      throw refusal(
        'I25',
        'An upgrade needs both products (iw_from, iw_to).',
        'Give what customers have, and the upgrade.',
      )
    }
    if (from.id === to.id) {
      throw refusal('I25', 'A product cannot be an upgrade (iw_to) of itself.', 'Choose another product of its type.')
    }
    const [type, other] = [await typeOfProduct(service, from.id), await typeOfProduct(service, to.id)]
    if (!type || type.id !== other?.id) {
      throw refusal(
        'I25',
        'Upgrades and downgrades stay within one product type, and the products (iw_from, iw_to) are not of the same one.',
        'Choose products of one type.',
      )
    }
    const { upgrades } = await productChangesOf(service, to.id)
    if (upgrades.some(({ id }) => id === from.id)) {
      throw refusal(
        'I25',
        'The product (iw_from) is an upgrade of the other (iw_to) already, so it cannot be a downgrade of it too.',
        'Remove the other definition first.',
      )
    }
  },
})

/** I25: nor are the two ends of one changed; a definition is removed and another one made. */
export const guardUpgradeChange = defineStep({
  name: 'interworks: keep the ends of an upgrade',
  table: InterworksProductUpgrade,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_from', 'iw_to'],
  rules: ['I25'],

  run() {
    throw refusal('I25', 'The products (iw_from, iw_to) of an upgrade cannot change.', 'Remove it and define another.')
  },
})

/** I25: a product with upgrades or downgrades stays in its type. */
export const guardTypeChange = defineStep({
  name: 'interworks: keep products with upgrades in their type',
  table: InterworksProduct,
  message: 'Update',
  stage: 'preOperation',
  rank: 10,
  filter: ['iw_producttype', 'iw_product'],
  preImage: ['iw_name', 'iw_product', 'iw_producttype'],
  rules: ['I25'],

  async run({ target, preImage, service }) {
    const sameType = target.iw_producttype === undefined || target.iw_producttype?.id === preImage.iw_producttype?.id
    const sameProduct = target.iw_product === undefined || target.iw_product?.id === preImage.iw_product?.id
    if ((sameType && sameProduct) || !preImage.iw_product) return
    const { upgrades, downgrades } = await productChangesOf(service, preImage.iw_product.id)
    if (upgrades.length + downgrades.length === 0) return
    throw refusal(
      'I25',
      `The product type (iw_producttype) of '${preImage.iw_name ?? preImage.iw_product.name}' cannot change: it has upgrades or downgrades within it.`,
      'Remove those first.',
    )
  },
})
