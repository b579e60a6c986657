import type { ProductType } from '../catalog/product-type.ts'

/** An item of a basket, as far as the mode of its order depends on it. */
export interface BasketItem {
  readonly name: string
  /** `undefined`: the product is of no type, and executed automatically as there is no flag that says otherwise. */
  readonly type: Pick<ProductType, 'isAsset' | 'isNonAutomatic'> | undefined
}

/** Assets have no flag (I7) and go with both kinds of services. */
type Kind = 'automatic' | 'non-automatic' | 'asset'

function kindOf({ type }: BasketItem): Kind {
  if (type?.isAsset) return 'asset'
  return type?.isNonAutomatic ? 'non-automatic' : 'automatic'
}

/** Whether a person has to execute the item. */
export function isNonAutomatic(item: BasketItem): boolean {
  return kindOf(item) === 'non-automatic'
}

/** I11: a service of either kind, if there are; a basket cannot mix them. */
export function mixOf(
  items: readonly BasketItem[],
): { readonly automatic: string; readonly nonAutomatic: string } | undefined {
  const automatic = items.find((item) => kindOf(item) === 'automatic')
  const nonAutomatic = items.find(isNonAutomatic)
  return automatic && nonAutomatic && { automatic: automatic.name, nonAutomatic: nonAutomatic.name }
}

/** I4: one service that waits for a person makes the whole order wait. */
export function isManualOrder(items: readonly BasketItem[]): boolean {
  return items.some(isNonAutomatic)
}
