import type { BillingCycle } from '../change.ts'
import type { Json } from '../json.ts'
import type {
  Address,
  AddressReport,
  CatalogProduct,
  Contact,
  CreatedCustomer,
  NewCustomer,
  RemoteAgreement,
} from '../operations.ts'
import type { RemoteStatus, RemoteSubscription } from '../outcome.ts'
import { ProviderError } from '../provider-error.ts'
import { addressValidationStatus, billingCycleType, subscriptionStatus, type Wire } from './models.ts'
import { fromWireDate } from './wire.ts'

/** What comes over the wire, in the SDK's words. */

const statuses: Readonly<Record<number, RemoteStatus>> = {
  [subscriptionStatus.active]: 'active',
  [subscriptionStatus.suspended]: 'paused',
  [subscriptionStatus.cancelled]: 'cancelled',
  [subscriptionStatus.expired]: 'expired',
}

export function toRemoteSubscription(wire: Wire<'Subscription'>): RemoteSubscription {
  return {
    id: required(wire.id, 'A subscription', 'id'),
    customerId: text(wire.customer?.id),
    sku: text(wire.partNumber),
    name: text(wire.friendlyName) ?? text(wire.name),
    quantity: required(wire.quantity, `Subscription ${wire.id}`, 'quantity'),
    status: statuses[wire.status ?? 0] ?? 'unknown',
    autoRenew: wire.autoRenew ?? undefined,
    startsAt: fromWireDate(wire.startDate),
    raw: wire as Json,
  }
}

export function toRemoteCustomer({ userCredentials, ...wire }: Wire<'Customer'>): CreatedCustomer {
  return {
    id: required(wire.id, 'A customer', 'id'),
    ...toCustomerDetails(wire),
    raw: wire as Json,
    ...(userCredentials?.userName && {
      firstUser: { userName: userCredentials.userName, password: userCredentials.password ?? '' },
    }),
  }
}

export function toCustomerDetails(wire: Wire<'Customer'>): NewCustomer {
  return {
    name: wire.name ?? '',
    email: text(wire.email),
    domain: text(wire.domain),
    language: text(wire.language),
    culture: text(wire.culture),
    registrationNumber: text(wire.organizationRegistrationNumber),
    address: wire.defaultAddress ? toAddress(wire.defaultAddress) : undefined,
    contact: wire.contact ? toContact(wire.contact) : undefined,
  }
}

export function toAddressReport(wire: Wire<'AddressValidationResponse'>): AddressReport {
  const status = wire.addressValidationStatus
  return {
    status:
      status === addressValidationStatus.success
        ? 'valid'
        : status === addressValidationStatus.error
          ? 'invalid'
          : 'unknown',
    suggestions: (wire.suggestedAddresses ?? []).map(toAddress),
    message: text(wire.validationMessage),
  }
}

export function toRemoteAgreement(wire: Wire<'Agreement'>): RemoteAgreement {
  return {
    id: required(wire.id, 'An agreement', 'id'),
    customerId: wire.customer?.id ?? '',
    templateId: wire.templateId ?? '',
    signedBy: wire.signedBy ? toContact(wire.signedBy) : undefined,
    signedOn: fromWireDate(wire.signedOn),
  }
}

export function toCatalogProduct(wire: Wire<'PriceList'>): CatalogProduct {
  return {
    id: [wire.productId, wire.skuId].filter(Boolean).join(':'),
    name: text(wire.skuTitle) ?? text(wire.productTitle) ?? '',
    publisher: text(wire.publisher),
    term: text(wire.termDuration),
    billingCycle: cycles[wire.billingPlan?.toLowerCase() ?? ''],
    currency: text(wire.currency),
    unitPrice: wire.unitPrice ?? undefined,
    retailPrice: wire.erpPrice ?? undefined,
    raw: wire as Json,
  }
}

/** The price list names its billing plans; subscriptions number them. */
const cycles: Readonly<Record<string, BillingCycle>> = Object.fromEntries(
  (Object.keys(billingCycleType) as (keyof typeof billingCycleType)[]).flatMap((name) =>
    name === 'unknown' ? [] : [[name.toLowerCase(), name]],
  ),
)

export function toAddress(wire: Wire<'Address'>): Address {
  return {
    country: wire.country ?? '',
    line1: text(wire.addressLine1),
    line2: text(wire.addressLine2),
    city: text(wire.city),
    region: text(wire.regionOrState),
    postalCode: text(wire.postalOrZipCode),
  }
}

export function toContact(wire: Wire<'Contact'>): Contact {
  return {
    firstName: text(wire.firstName),
    lastName: text(wire.lastName),
    email: text(wire.email),
    phone: text(wire.phoneNumber),
  }
}

const text = (value: string | null | undefined) => value || undefined

/** Without it, nothing later would be right; the request may well have been carried out, so it is worth a second look. */
function required<T>(value: T | null | undefined, what: string, property: string): T {
  if (value !== null && value !== undefined && value !== '') return value
  throw new ProviderError('transient', `${what} came from the provider without its ${property}.`)
}
