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

/** A company to make. What is wrong with one is found out by Pax8. */
export interface NewCompany {
  readonly name: string
  readonly address: {
    readonly street: string
    readonly street2?: string
    readonly city: string
    readonly stateOrProvince?: string
    readonly postalCode: string
    readonly country: string
  }
  readonly phone: string
  readonly website: string
  readonly billOnBehalfOfEnabled: boolean
  readonly selfServiceAllowed: boolean
  readonly orderApprovalRequired: boolean
}

/** A company is active once it has a primary contact of each type. */
export const contactTypes = Object.freeze(['Admin', 'Billing', 'Technical'] as const)

export interface NewContact {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly phone: string
  readonly types: readonly { readonly type: (typeof contactTypes)[number]; readonly primary: boolean }[]
}

export interface Contact {
  readonly id: string
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
