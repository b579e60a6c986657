import type { Json } from '../json.ts'
import type { Address, AddressReport, CreatedCustomer, NewCustomer, RemoteAgreement } from '../operations.ts'
import type { RemoteStatus, RemoteSubscription } from '../outcome.ts'
import type { WireAddress, WireAddressReport, WireAgreement, WireCustomer, WireSubscription } from './wire.ts'

/** What Partner Center sends, in the SDK's words. */

const statuses: Readonly<Record<string, RemoteStatus>> = {
  active: 'active',
  suspended: 'paused',
  deleted: 'cancelled',
  expired: 'expired',
  pending: 'pending',
}

export function toRemoteSubscription(wire: WireSubscription, customerId: string): RemoteSubscription {
  return {
    id: wire.id,
    customerId,
    sku: wire.offerId,
    name: wire.friendlyName ?? wire.offerName,
    quantity: wire.quantity,
    status: statuses[wire.status.toLowerCase()] ?? 'unknown',
    autoRenew: wire.autoRenewEnabled,
    startsAt: toDate(wire.effectiveStartDate),
    renewsAt: toDate(wire.commitmentEndDate),
    cancellableUntil: toDate(wire.cancellationAllowedUntilDate),
    reducible: wire.refundableQuantity?.details?.map(({ quantity, allowedUntilDateTime }) => ({
      quantity,
      until: new Date(allowedUntilDateTime),
    })),
    etag: wire.attributes?.etag,
    raw: wire as unknown as Json,
  }
}

export function toDate(text: string | null | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN)
  return Number.isNaN(date.getTime()) ? undefined : date
}

export function toRemoteCustomer({ userCredentials, ...wire }: WireCustomer): CreatedCustomer {
  const { companyProfile, billingProfile } = wire
  const address = billingProfile?.defaultAddress
  return {
    id: wire.id,
    name: companyProfile?.companyName ?? billingProfile?.companyName ?? '',
    email: billingProfile?.email,
    domain: companyProfile?.domain,
    language: billingProfile?.language,
    culture: billingProfile?.culture,
    registrationNumber: companyProfile?.organizationRegistrationNumber,
    address: address && toAddress(address),
    contact: address && { firstName: address.firstName, lastName: address.lastName, phone: address.phoneNumber },
    raw: wire as unknown as Json,
    ...(userCredentials?.userName !== undefined && {
      firstUser: { userName: userCredentials.userName, password: userCredentials.password ?? '' },
    }),
  }
}

export function toWireCustomer(customer: NewCustomer, country: string): WireCustomerToCreate {
  const { name, email, domain, language = 'en', culture = 'en-US', registrationNumber, address, contact } = customer
  return {
    companyProfile: { domain, organizationRegistrationNumber: registrationNumber },
    billingProfile: {
      email: email ?? contact?.email,
      culture,
      language,
      companyName: name,
      defaultAddress: {
        ...toWireAddress(address ?? { country }),
        firstName: contact?.firstName,
        lastName: contact?.lastName,
        phoneNumber: contact?.phone,
      },
    },
  }
}

interface WireCustomerToCreate {
  readonly companyProfile: object
  readonly billingProfile: object
}

export function toWireAddress({ country, line1, line2, city, region, postalCode }: Address): WireAddress {
  return { country, addressLine1: line1, addressLine2: line2, city, state: region, postalCode }
}

function toAddress(wire: WireAddress): Address {
  return {
    country: wire.country ?? '',
    line1: wire.addressLine1,
    line2: wire.addressLine2,
    city: wire.city,
    region: wire.state ?? wire.region,
    postalCode: wire.postalCode,
  }
}

const addressStatuses: Readonly<Record<string, AddressReport['status']>> = {
  verifiedshippable: 'valid',
  verified: 'valid',
  interactionrequired: 'invalid',
  streetpartial: 'invalid',
  premisespartial: 'invalid',
  multiple: 'invalid',
  none: 'invalid',
}

export function toAddressReport({ status, suggestedAddresses, validationMessage }: WireAddressReport): AddressReport {
  return {
    status: addressStatuses[status?.toLowerCase() ?? ''] ?? 'unknown',
    suggestions: (suggestedAddresses ?? []).map(toAddress),
    message: validationMessage,
  }
}

export function toRemoteAgreement(wire: WireAgreement, customerId: string): RemoteAgreement {
  const { templateId = '', primaryContact, dateAgreed } = wire
  return {
    id: `${customerId}:${templateId}`,
    customerId,
    templateId,
    signedBy: primaryContact && {
      firstName: primaryContact.firstName,
      lastName: primaryContact.lastName,
      email: primaryContact.email,
      phone: primaryContact.phoneNumber,
    },
    signedOn: toDate(dateAgreed),
  }
}
