import type { CreateChange } from '../change.ts'
import type { Acceptance, Address, Contact, ItemPurchase, NewCustomer } from '../operations.ts'
import { billingCycleType, billingType, subscriptionStatus, type Wire } from './models.ts'
import { toWireDate } from './wire.ts'

/** What the SDK wants, in the provider's words. */

/**
 * The subscription to buy. Its `name` is the idempotency key: the contract has no other place where a provider that
 * ignores the header would keep it, and by it a repeated delivery finds what the first one bought.
 */
export function toNewSubscription(
  change: CreateChange,
  { key, currencyCode }: { readonly key: string; readonly currencyCode: string },
): Wire<'Subscription'> {
  const { product, customer, quantity, startsAt, autoRenew } = change
  return {
    name: key,
    friendlyName: product.name ?? product.id,
    partNumber: product.id,
    customer: { id: customer.id, name: customer.name ?? null },
    quantity,
    autoRenew: autoRenew ?? false,
    provisioningFrequency: billingCycleType[product.billingCycle ?? 'unknown'],
    billingType: billingType.licenseBased,
    ...(startsAt && { startDate: toWireDate(startsAt) }),
    status: subscriptionStatus.active,
    pricing: { currency: currencyCode },
  }
}

/** The item to buy; its `name` is the idempotency key, as of subscriptions. */
export function toNewItem(
  { customer, product, quantity, name, description, unitPrice, effectiveOn, expiresOn }: ItemPurchase,
  { key, currencyCode }: { readonly key: string; readonly currencyCode: string },
): Wire<'NonRecurringItem'> {
  const day = (text: string) => `${text}T00:00:00`
  return {
    name: key,
    friendlyName: name ?? product.name ?? product.id,
    description: description ?? null,
    partNumber: product.id,
    customer: { id: customer.id, name: customer.name ?? null },
    quantity,
    pricing: { currency: currencyCode, price: unitPrice ?? null },
    effectiveDate: effectiveOn ? day(effectiveOn) : null,
    expiryDate: expiresOn ? day(expiresOn) : null,
  }
}

export function toNewCustomer(customer: NewCustomer): Wire<'Customer'> {
  return {
    name: customer.name,
    email: customer.email ?? null,
    domain: customer.domain ?? null,
    language: customer.language ?? null,
    culture: customer.culture ?? null,
    organizationRegistrationNumber: customer.registrationNumber ?? null,
    defaultAddress: customer.address ? toWireAddress(customer.address) : null,
    contact: customer.contact ? toWireContact(customer.contact) : null,
  }
}

export function toNewAgreement(customerId: string, { templateId, signedBy, signedOn }: Acceptance): Wire<'Agreement'> {
  return {
    templateId,
    customer: { id: customerId },
    signedBy: toWireContact(signedBy),
    signedOn: toWireDate(signedOn),
  }
}

export function toWireAddress(address: Address): Wire<'Address'> {
  return {
    country: address.country,
    addressLine1: address.line1 ?? null,
    addressLine2: address.line2 ?? null,
    city: address.city ?? null,
    regionOrState: address.region ?? null,
    postalOrZipCode: address.postalCode ?? null,
  }
}

export function toWireContact(contact: Contact): Wire<'Contact'> {
  return {
    firstName: contact.firstName ?? null,
    lastName: contact.lastName ?? null,
    email: contact.email ?? null,
    phoneNumber: contact.phone ?? null,
  }
}
