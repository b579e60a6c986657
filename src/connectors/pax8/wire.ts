/** What Pax8 sends and takes, as far as it is used. @see https://devx.pax8.com/reference */

export interface TokenAnswer {
  readonly access_token: string
  /** Seconds: a day. */
  readonly expires_in: number
}

export interface Page<T> {
  readonly content: readonly T[]
  /** Counted from 0. */
  readonly page: { readonly number: number; readonly totalPages: number }
}

export interface Company {
  readonly id: string
  readonly name: string
  readonly website?: string | null
}

export interface Product {
  readonly id: string
  readonly name: string
  readonly vendorName?: string | null
}

export const billingTerms = Object.freeze(['Monthly', 'Annual', '2-Year', '3-Year', 'One-Time'] as const)
export type BillingTerm = (typeof billingTerms)[number]

/** An order to place. Every order of this connector has one line. */
export interface NewOrder {
  readonly companyId: string
  readonly orderedBy: string
  readonly lineItems: readonly [NewLine]
}

export interface NewLine {
  readonly lineItemNumber: number
  readonly productId: string
  readonly quantity: number
  readonly billingTerm: string
  readonly commitmentTermId?: string
  readonly provisionStartDate?: string
  readonly parentSubscriptionId?: string
  readonly provisioningDetails: readonly { readonly key: string; readonly values: readonly string[] }[]
}

export interface Order {
  readonly id: string
  readonly companyId: string
  readonly lineItems: readonly {
    readonly productId: string
    readonly quantity: number
    readonly billingTerm?: string | null
    /** `null` until it is there. */
    readonly subscriptionId?: string | null
  }[]
}

export interface Subscription {
  readonly id: string
  readonly companyId: string
  readonly productId: string
  readonly quantity: number
  readonly status: string
  readonly startDate?: string | null
  readonly endDate?: string | null
}
