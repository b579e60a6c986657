import type { BillingCycle, CreateChange } from '../change.ts'
import { ProviderError } from '../provider-error.ts'
import type { Pax8Context } from './settings.ts'
import type { BillingTerm, NewOrder } from './wire.ts'

const terms: Readonly<Partial<Record<BillingCycle, BillingTerm>>> = {
  monthly: 'Monthly',
  annual: 'Annual',
  triennial: '3-Year',
  oneTime: 'One-Time',
}

/** The field that is not one of the product's own, but the commitment that the product is bought for. */
const COMMITMENT = 'commitmentTermId'

/** @throws ProviderError `invalid` when nothing says how the product is billed. */
export function toNewOrder({ settings }: Pick<Pax8Context, 'settings'>, change: CreateChange): NewOrder {
  const { product, customer, quantity, parent, startsAt, fields = {} } = change
  const billingTerm = terms[product.billingCycle ?? 'none'] ?? settings.billingTerm
  if (billingTerm === undefined) {
    const message = `Pax8 has to be told how product ${product.id} is billed: give it a billing cycle, or fill in Billing Term.`
    throw new ProviderError('invalid', message, { field: 'billingTerm' })
  }
  const commitmentTermId = fields[COMMITMENT] ?? product.term
  return {
    companyId: customer.id,
    orderedBy: settings.orderedBy ?? 'Pax8 Partner',
    lineItems: [
      {
        lineItemNumber: 1,
        productId: product.id,
        quantity,
        billingTerm,
        ...(commitmentTermId && { commitmentTermId }),
        ...(startsAt && { provisionStartDate: startsAt.toISOString() }),
        ...(parent && { parentSubscriptionId: parent.id }),
        provisioningDetails: Object.entries(fields)
          .filter(([key]) => key !== COMMITMENT)
          .map(([key, value]) => ({ key, values: [value] })),
      },
    ],
  }
}
