import type { CatalogProduct, CreatedCustomer, RemoteAgreement } from '../../operations.ts'
import type { RemoteStatus, RemoteSubscription } from '../../outcome.ts'
import { billingCycleType, billingType, subscriptionStatus, type Wire } from '../models.ts'
import { toNewCustomer, toWireContact } from '../to-wire.ts'
import { NO_DATE, toWireDate } from '../wire.ts'

/** What a connector answers, in the words of the contract. */

/**
 * The contract has no status for what is not there yet, nor for what nobody knows. `suspended` promises least: nobody takes
 * such a subscription for one that runs.
 */
const statuses: Readonly<Record<RemoteStatus, number>> = {
  active: subscriptionStatus.active,
  paused: subscriptionStatus.suspended,
  cancelled: subscriptionStatus.cancelled,
  expired: subscriptionStatus.expired,
  pending: subscriptionStatus.suspended,
  unknown: subscriptionStatus.suspended,
}

/** @param order - with what words it was bought, as far as they are known: the provider keeps not all of them. */
export function toSubscription(remote: RemoteSubscription, order: Wire<'Subscription'> = {}): Wire<'Subscription'> {
  return {
    id: remote.id,
    name: order.name ?? remote.name ?? null,
    createdOn: null,
    modifiedOn: null,
    partNumber: remote.sku ?? order.partNumber ?? null,
    autoRenew: remote.autoRenew ?? order.autoRenew ?? false,
    provisioningFrequency: order.provisioningFrequency ?? billingCycleType.unknown,
    billingType: order.billingType ?? billingType.licenseBased,
    customer: { id: remote.customerId ?? order.customer?.id ?? null, name: order.customer?.name ?? null },
    friendlyName: remote.name ?? order.friendlyName ?? null,
    startDate: dateOf(remote.startsAt),
    status: statuses[remote.status],
    quantity: remote.quantity,
    pricing: order.pricing ?? null,
  }
}

export function toCustomer({ firstUser, ...customer }: CreatedCustomer): Wire<'Customer'> {
  return {
    id: customer.id,
    createdOn: null,
    modifiedOn: null,
    ...toNewCustomer(customer),
    userCredentials: firstUser ?? null,
  }
}

export function toAgreement({ id, customerId, templateId, signedBy, signedOn }: RemoteAgreement): Wire<'Agreement'> {
  return {
    id,
    name: templateId,
    createdOn: null,
    modifiedOn: null,
    customer: { id: customerId, name: null },
    templateId,
    signedBy: signedBy ? toWireContact(signedBy) : null,
    signedOn: dateOf(signedOn),
  }
}

export function toPrice(
  product: CatalogProduct,
  { market, type }: { market: string; type: string },
): Wire<'PriceList'> {
  const [productId = '', ...sku] = product.id.split(':')
  return {
    id: product.id,
    name: product.name,
    createdOn: null,
    modifiedOn: null,
    type,
    market,
    productId,
    skuId: sku.join(':') || null,
    productTitle: product.name,
    skuTitle: product.name,
    publisher: product.publisher ?? null,
    termDuration: product.term ?? null,
    billingPlan: product.billingCycle ?? null,
    currency: product.currency ?? null,
    unitPrice: product.unitPrice ?? 0,
    erpPrice: product.retailPrice ?? 0,
    effectiveStartDate: NO_DATE,
    effectiveEndDate: NO_DATE,
  }
}

/** The contract has no `null` for a date. */
export const dateOf = (date: Date | undefined) => (date ? toWireDate(date) : NO_DATE)
