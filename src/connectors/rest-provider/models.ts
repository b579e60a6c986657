import { deepFreeze } from '../../internal/freeze.ts'
import type { WireOf } from '../serving/read-model.ts'

const model = { id: 'string', name: 'string', createdOn: 'date', modifiedOn: 'date' } as const

const summary = {
  ...model,
  partNumber: 'string',
  customer: 'ModelRef',
  subscription: 'ModelRef',
  invoice: 'ModelRef',
  billingCycleType: 'number',
  orderId: 'string',
  chargeStartDate: 'date',
  chargeEndDate: 'date',
  chargeDescription: 'string',
  unitPrice: 'number',
  quantity: 'number',
  tax: 'number',
  discount: 'number',
  total: 'number',
  currency: 'string',
  manufacturer: 'string',
} as const

/**
 * The models that travel between Work 365 and a Rest Provider, as data: reading in any case, the types below, and the
 * server's checks all follow from this one table. Enums travel as numbers, dates as ISO 8601.
 *
 * @see https://docs.work365apps.com/docs/rest-provider
 */
export const models = deepFreeze({
  ModelRef: { id: 'string', name: 'string' },
  Contact: { firstName: 'string', lastName: 'string', phoneNumber: 'string', email: 'string' },
  UserCredentials: { userName: 'string', password: 'string' },
  Address: {
    country: 'string',
    city: 'string',
    regionOrState: 'string',
    addressLine1: 'string',
    addressLine2: 'string',
    postalOrZipCode: 'string',
  },
  AddressValidationResponse: {
    originalAddress: 'Address',
    suggestedAddresses: 'Address[]',
    validationMessage: 'string',
    addressValidationStatus: 'number',
  },
  ValidationRulesForCountry: {
    defaultSupportedLanguage: 'string',
    defaultCulture: 'string',
    isStateRequired: 'boolean',
    isCityRequired: 'boolean',
    isPostalCodeRequired: 'boolean',
    stateList: 'string[]',
    phoneNumberRegex: 'string',
    postalCodeRegex: 'string',
    isTaxIdSupported: 'boolean',
    isVatIdSupported: 'boolean',
    vatIdRegex: 'string',
    taxIdFormat: 'string',
    isTaxIdOptional: 'boolean',
  },
  ProviderProperty: {
    supportsAgreementConfirmation: 'boolean',
    supportsAddressVerification: 'boolean',
    supportsCustomerCreation: 'boolean',
  },
  Customer: {
    ...model,
    email: 'string',
    language: 'string',
    culture: 'string',
    defaultAddress: 'Address',
    domain: 'string',
    organizationRegistrationNumber: 'string',
    userCredentials: 'UserCredentials',
    contact: 'Contact',
  },
  Agreement: { ...model, signedBy: 'Contact', customer: 'ModelRef', signedOn: 'date', templateId: 'string' },
  Pricing: { currency: 'string', price: 'number', retailPrice: 'number' },
  Subscription: {
    ...model,
    partNumber: 'string',
    autoRenew: 'boolean',
    provisioningFrequency: 'number',
    billingType: 'number',
    customer: 'ModelRef',
    friendlyName: 'string',
    startDate: 'date',
    status: 'number',
    quantity: 'number',
    pricing: 'Pricing',
  },
  NonRecurringItem: {
    ...model,
    partNumber: 'string',
    friendlyName: 'string',
    description: 'string',
    customer: 'ModelRef',
    quantity: 'number',
    pricing: 'Pricing',
    effectiveDate: 'date',
    expiryDate: 'date',
  },
  PriceList: {
    ...model,
    type: 'string',
    productTitle: 'string',
    productId: 'string',
    skuId: 'string',
    skuTitle: 'string',
    publisher: 'string',
    skuDescription: 'string',
    unitOfMeasure: 'string',
    termDuration: 'string',
    market: 'string',
    currency: 'string',
    unitPrice: 'number',
    pricingTierRangeMin: 'string',
    pricingTierRangeMax: 'string',
    effectiveStartDate: 'date',
    effectiveEndDate: 'date',
    tags: 'string',
    meterIds: 'string',
    meterType: 'string',
    billingPlan: 'string',
    erpPrice: 'number',
    segment: 'string',
  },
  Invoice: { ...model, invoiceDate: 'date', paidAmount: 'number', totalCharges: 'number', currency: 'string' },
  ConsumptionLine: {
    ...model,
    cycleStartDate: 'date',
    cycleEndDate: 'date',
    subscription: 'ModelRef',
    invoice: 'ModelRef',
    customer: 'ModelRef',
    currency: 'string',
    service: 'string',
    resource: 'string',
    chargeType: 'string',
    unit: 'string',
    region: 'string',
    tax: 'number',
    total: 'number',
    unitPrice: 'number',
    quantity: 'number',
  },
  LicenseSummary: summary,
  NonRecurringItemSummary: { ...summary, nonRecurringItem: 'ModelRef' },
} as const)

export type ModelName = keyof typeof models

/** A model on the wire. Providers leave out what they do not know, or send `null`. */
export type Wire<N extends ModelName> = WireOf<typeof models, N>

export const subscriptionStatus = Object.freeze({ active: 1, suspended: 2, cancelled: 3, expired: 4 } as const)
export const billingCycleType = Object.freeze({
  unknown: 0,
  monthly: 1,
  annual: 2,
  none: 3,
  oneTime: 4,
  triennial: 5,
} as const)
export const billingType = Object.freeze({
  licenseBased: 1,
  usageBased: 2,
  serviceBased: 3,
  tieredBased: 4,
  nonRecurringItem: 5,
} as const)
export const addressValidationStatus = Object.freeze({ success: 0, error: 1, couldNotValidate: 2 } as const)
export const priceListTypes = Object.freeze([
  'legacy',
  'licensebased',
  'software',
  'azure_reservations',
  'marketplace',
] as const)
