import type { BillingCycle, ProductRef } from '../change.ts'
import { Refused } from '../serving/refused.ts'

/** The attributes by which a product of the platform says which product of the provider it is. */
export const productAttributes = Object.freeze({
  partNumber: 'partNumber',
  term: 'term',
  billingCycle: 'billingCycle',
} as const)

const own = new Set<string>(Object.values(productAttributes))
const cycles = new Map<string, BillingCycle>(
  (['monthly', 'annual', 'triennial', 'oneTime', 'none'] as const).map((cycle) => [cycle.toLowerCase(), cycle]),
)

/** The id of a product in the service definition, which {@link readProduct} reads again. */
export function productId({ id, term, billingCycle }: ProductRef): string {
  return [id, ...(term || billingCycle ? [term ?? '', billingCycle ?? ''] : [])].join(';')
}

/** Which product of the provider is meant: by its attributes, else by the id that the service definition gave it. */
export function readProduct(
  id: string | null | undefined,
  attributes: ReadonlyMap<string, string>,
  name: string | undefined,
  at: string,
): ProductRef {
  const [fromId, term, cycle] = (id ?? '').split(';')
  const partNumber = attributes.get(productAttributes.partNumber) ?? fromId
  if (!partNumber) throw new Refused(400, `${at} names no product: neither a ProductID nor an attribute partNumber.`)
  return {
    id: partNumber,
    name,
    term: attributes.get(productAttributes.term) ?? (term || undefined),
    billingCycle: readCycle(attributes.get(productAttributes.billingCycle) ?? cycle, at),
  }
}

/** The attributes that are not about which product it is: the provider's own fields. */
export function fieldsOf(attributes: ReadonlyMap<string, string>): Record<string, string> | undefined {
  const others = [...attributes].filter(([id]) => !own.has(id))
  return others.length === 0 ? undefined : Object.fromEntries(others)
}

function readCycle(text: string | undefined, at: string): BillingCycle | undefined {
  if (!text) return undefined
  const cycle = cycles.get(text.toLowerCase())
  if (cycle) return cycle
  throw new Refused(
    400,
    `${at}: there is no billing cycle ${JSON.stringify(text)}. There are ${[...cycles.values()].join(', ')}.`,
  )
}
