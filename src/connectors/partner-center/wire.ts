/**
 * What Partner Center sends, as far as this connector reads it. Whatever else a resource has is sent back unread.
 *
 * @see https://learn.microsoft.com/partner-center/developer/subscription-resources
 * @see https://learn.microsoft.com/partner-center/developer/order-resources
 */
export interface WireSubscription {
  readonly id: string
  readonly offerId?: string
  readonly offerName?: string
  readonly friendlyName?: string
  readonly quantity: number
  readonly status: string
  readonly parentSubscriptionId?: string | null
  readonly effectiveStartDate?: string
  readonly commitmentEndDate?: string
  readonly cancellationAllowedUntilDate?: string | null
  readonly refundableQuantity?: WireRefundable | null
  readonly suspensionReasons?: readonly string[]
  readonly autoRenewEnabled?: boolean
  readonly billingCycle?: string
  readonly termDuration?: string
  readonly orderId?: string
  readonly scheduledNextTermInstructions?: WireInstructions | null
  readonly attributes?: { readonly etag?: string }
}

export interface WireRefundable {
  readonly totalQuantity?: number
  readonly details?: readonly { readonly quantity: number; readonly allowedUntilDateTime: string }[]
}

export interface WireInstructions {
  readonly product: {
    readonly productId: string
    readonly skuId: string
    readonly availabilityId: string
    readonly billingCycle?: string | undefined
    readonly termDuration?: string | undefined
    readonly promotionId?: string | undefined
  }
  readonly quantity: number
  readonly customTermEndDate?: string | undefined
}

/** Names of what hangs together in one subscription's catalogue item: `product:sku:availability`. */
export interface CatalogItem {
  readonly productId: string
  readonly skuId: string
  readonly availabilityId?: string | undefined
}

export interface WireOrder {
  readonly id: string
  readonly status?: string
  readonly creationDate?: string
  readonly lineItems?: readonly WireOrderLine[]
}

export interface WireOrderLine {
  readonly lineItemNumber?: number
  readonly offerId?: string
  readonly subscriptionId?: string
  readonly friendlyName?: string
  readonly quantity?: number
}

export interface WireCart {
  readonly id: string
  readonly status?: string
  readonly expirationTimestamp?: string
  readonly lineItems?: readonly { readonly error?: WireInnerError | null }[]
}

export interface WireInnerError {
  readonly errorCode?: string | number
  readonly errorDescription?: string
}

export interface WireCheckout {
  readonly orders?: readonly WireOrder[]
  readonly orderErrors?: readonly { readonly code?: string | number; readonly description?: string }[]
}

export interface WireCustomer {
  readonly id: string
  readonly companyProfile?: {
    readonly tenantId?: string
    readonly domain?: string
    readonly companyName?: string
    readonly organizationRegistrationNumber?: string
  }
  readonly billingProfile?: {
    readonly email?: string
    readonly culture?: string
    readonly language?: string
    readonly companyName?: string
    readonly defaultAddress?: WireAddress
  }
  readonly userCredentials?: { readonly userName?: string; readonly password?: string }
}

export interface WireAddress {
  readonly country?: string | undefined
  readonly region?: string | undefined
  readonly city?: string | undefined
  readonly state?: string | undefined
  readonly addressLine1?: string | undefined
  readonly addressLine2?: string | undefined
  readonly postalCode?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly phoneNumber?: string | undefined
}

export interface WireAddressReport {
  readonly status?: string
  readonly suggestedAddresses?: readonly WireAddress[]
  readonly validationMessage?: string
}

export interface WireAgreement {
  readonly templateId?: string
  readonly dateAgreed?: string
  readonly primaryContact?: {
    readonly firstName?: string | undefined
    readonly lastName?: string | undefined
    readonly email?: string | undefined
    readonly phoneNumber?: string | undefined
  }
}

export interface WireProduct {
  readonly id: string
  readonly title?: string
}

export interface WireSku {
  readonly id: string
  readonly title?: string
  readonly minimumQuantity?: number
  readonly maximumQuantity?: number
}

export interface WireAvailability {
  readonly id: string
  readonly catalogItemId?: string
  readonly isPurchasable?: boolean
  readonly defaultCurrency?: { readonly code?: string }
  readonly terms?: readonly WireTerm[]
}

export interface WireTerm {
  readonly duration?: string | undefined
  readonly billingCycle?: string | undefined
}

export interface WireTransition {
  readonly operationId?: string
  readonly toCatalogItemId?: string
  readonly toSubscriptionId?: string | null
  readonly quantity?: number
  readonly status?: string
  readonly events?: readonly {
    readonly name?: string
    readonly status?: string
    readonly errors?: readonly WireReason[]
  }[]
}

export interface WireEligibility {
  readonly catalogItemId?: string
  readonly eligibilities?: readonly {
    readonly isEligible?: boolean
    readonly transitionType?: string
    readonly errors?: readonly WireReason[]
  }[]
}

interface WireReason {
  readonly code?: string | number
  readonly description?: string
}

/** `undefined` for what is no item of new commerce, whose ids have three parts. */
export function parseCatalogItem(id: string | undefined): CatalogItem | undefined {
  const [productId, skuId, availabilityId, ...others] = id?.split(':') ?? []
  return productId && skuId && others.length === 0 ? { productId, skuId, availabilityId } : undefined
}

/** Whether it is the same product in the same edition; availabilities are reissued. */
export function isSameItem(one: string | undefined, other: CatalogItem): boolean {
  const item = parseCatalogItem(one)
  return item?.productId === other.productId && item.skuId === other.skuId
}
