import { consentStatus, labelOf, providerType } from '../../entities/index.ts'
import type { LocalProviderKind } from '../local-providers/local-provider.ts'
import { kindOf } from '../local-providers/local-providers.ts'
import { NoCast } from './scene.ts'
import type { AccountRow, Cast, ProductRow, ProviderRow } from './stage.ts'

/**
 * What goes its way: an account with exactly one account at a working provider, and a product of that provider.
 *
 * @param kind what stands for the provider; default: whatever does
 */
export function automaticOrder(
  cast: Cast,
  kind?: LocalProviderKind,
): { account: AccountRow; product: ProductRow; provider: ProviderRow } {
  for (const product of cast.products) {
    const provider = providerOf(cast, product)
    if (!provider || !works(provider) || !product.work365_product_providerpartnumber) continue
    if (kind !== undefined && kindOf(provider) !== kind) continue
    const account = cast.accounts.find((row) => !row.creditonhold && cast.accountsAt(provider, row).length === 1)
    if (account) return { account, product, provider }
  }
  throw new NoCast(
    `a product with a part number at a working automatic provider${kind === undefined ? '' : ` (${kind})`}, and a customer with one account there`,
  )
}

export function orderAt(cast: Cast, what: string, test: (provider: ProviderRow) => boolean): { product: ProductRow } {
  return {
    product: choose(`a product of ${what}`, cast.products, (product) => {
      const provider = providerOf(cast, product)
      return provider !== undefined && test(provider)
    }),
  }
}

export function choose<T>(what: string, from: readonly T[], test: (candidate: T) => boolean): T {
  const found = from.find(test)
  if (found === undefined) throw new NoCast(what)
  return found
}

export function providerOf(cast: Cast, product: ProductRow): ProviderRow | undefined {
  return cast.providers.find((provider) => provider.work365_providerid === product.work365_product_provider?.id)
}

export const isOfType =
  (...types: (keyof typeof providerType)[]) =>
  ({ work365_provider_type: type }: ProviderRow) =>
    type !== null && types.includes(labelOf(providerType, type) as keyof typeof providerType)

export function isExpired({ work365_provider_consentstatus: consent }: ProviderRow): boolean {
  return consent === consentStatus.Expired
}

export function works(provider: ProviderRow): boolean {
  return provider.statecode === 0 && !isExpired(provider) && isOfType('Automatic', 'Rest')(provider)
}
