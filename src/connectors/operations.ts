import type { BillingCycle, CustomerRef, ProductRef, SubscriptionRef } from './change.ts'
import type { ConnectorContext } from './connector-context.ts'
import type { FieldMap } from './field.ts'
import type { Json } from './json.ts'
import type { NeedsPerson, NotApplicable } from './outcome.ts'
import type { FailureCode } from './retry-table.ts'

/** What Verify Connectivity found out. A refusal is a report, not an exception. */
export interface ConnectivityReport {
  readonly ok: boolean
  /** Whose account the credentials open, for the administrator to recognise. */
  readonly account?: string | undefined
  readonly findings?: readonly ConnectivityFinding[]
}

/** One thing that was looked at: the endpoint, the token, a role. */
export interface ConnectivityFinding {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

/** What would become of a change, found out without writing anything. */
export type Preview =
  | { readonly ok: true; readonly notes: readonly string[] }
  | { readonly ok: false; readonly refusals: readonly Refusal[] }

/** Why a change would be refused; `apply` would throw the same. */
export interface Refusal {
  readonly code: FailureCode
  readonly message: string
  readonly field?: string
}

export interface Address {
  /** Two letters, as ISO 3166 has them. */
  readonly country: string
  readonly line1?: string | undefined
  readonly line2?: string | undefined
  readonly city?: string | undefined
  readonly region?: string | undefined
  readonly postalCode?: string | undefined
}

export interface Contact {
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
}

export interface NewCustomer {
  readonly name: string
  readonly email?: string | undefined
  readonly domain?: string | undefined
  readonly language?: string | undefined
  readonly culture?: string | undefined
  readonly registrationNumber?: string | undefined
  readonly address?: Address | undefined
  readonly contact?: Contact | undefined
}

/** A customer as the provider has it. */
export interface RemoteCustomer extends NewCustomer {
  readonly id: string
  readonly raw?: Json | undefined
}

/** A customer just made, with the first user's credentials, which the provider tells only once. */
export interface CreatedCustomer extends RemoteCustomer {
  readonly firstUser?: { readonly userName: string; readonly password: string } | undefined
}

export interface AddressReport {
  readonly status: 'valid' | 'invalid' | 'unknown'
  readonly suggestions: readonly Address[]
  readonly message?: string | undefined
}

export interface CustomerOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  list(context: ConnectorContext<S, C>): AsyncIterable<RemoteCustomer>
  /** The customer with this id; `null` when the provider does not know it. */
  find?(context: ConnectorContext<S, C>, id: string): Promise<RemoteCustomer | null>
  create?(context: ConnectorContext<S, C>, customer: NewCustomer): Promise<CreatedCustomer>
  validateAddress?(context: ConnectorContext<S, C>, address: Address): Promise<AddressReport>
  isDomainAvailable?(context: ConnectorContext<S, C>, domain: string): Promise<boolean>
}

/** A customer's agreement at the provider. Without `signedOn` it is not signed. */
export interface RemoteAgreement {
  readonly id: string
  readonly customerId: string
  readonly templateId: string
  readonly signedBy?: Contact | undefined
  readonly signedOn?: Date | undefined
}

/** Who accepts which agreement, and when. */
export interface Acceptance {
  readonly templateId: string
  readonly signedBy: Contact
  readonly signedOn: Date
}

/** The agreement that a provider wants its customers to accept now. */
export interface AgreementTemplate {
  readonly id: string
  /** Where its text is. */
  readonly url?: string | undefined
}

export interface AgreementOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  list(context: ConnectorContext<S, C>, customer: CustomerRef): AsyncIterable<RemoteAgreement>
  accept?(context: ConnectorContext<S, C>, customer: CustomerRef, acceptance: Acceptance): Promise<RemoteAgreement>
  template?(context: ConnectorContext<S, C>): Promise<AgreementTemplate>
  /** Whether the provider would sell to the customer, in whatever way the agreement was accepted. */
  isAccepted?(context: ConnectorContext<S, C>, customer: CustomerRef): Promise<boolean>
}

/** One line of the provider's price list. */
export interface CatalogProduct {
  /** The provider's part number. */
  readonly id: string
  readonly name: string
  readonly publisher?: string | undefined
  readonly term?: string | undefined
  readonly billingCycle?: BillingCycle | undefined
  readonly currency?: string | undefined
  /** What the partner pays for one. */
  readonly unitPrice?: number | undefined
  /** What the provider recommends to charge for one. */
  readonly retailPrice?: number | undefined
  readonly raw?: Json | undefined
}

export interface CatalogOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  products(context: ConnectorContext<S, C>): AsyncIterable<CatalogProduct>
}

/** Something sold once, to be bought: a reservation, a perpetual licence. */
export interface ItemPurchase {
  readonly customer: CustomerRef
  readonly product: ProductRef
  readonly quantity: number
  readonly name?: string | undefined
  readonly description?: string | undefined
  /** What one of it costs the customer, in the currency of the connection. */
  readonly unitPrice?: number | undefined
  /** The days of its term, `'YYYY-MM-DD'`. */
  readonly effectiveOn?: string | undefined
  readonly expiresOn?: string | undefined
}

/** What was bought once, as the provider has it. */
export interface RemoteItem {
  /** The provider's id. */
  readonly id: string
  readonly quantity: number
  readonly raw?: Json | undefined
}

/** What became of a purchase. `changed: false`: an earlier delivery had bought it already. */
export type ItemOutcome =
  | { readonly status: 'done'; readonly item: RemoteItem; readonly changed: boolean }
  | NeedsPerson
  | NotApplicable

export interface ItemOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  /** Buys it once for each `context.key`: delivered twice, the second time finds what the first one bought. */
  buy(context: ConnectorContext<S, C>, purchase: ItemPurchase): Promise<ItemOutcome>
}

/** What the provider has charged the partner. */
export interface RemoteInvoice {
  readonly id: string
  readonly name?: string | undefined
  readonly issuedOn?: Date | undefined
  readonly currency?: string | undefined
  readonly total?: number | undefined
  readonly paid?: number | undefined
  readonly raw?: Json | undefined
}

/** What every charge tells, as far as the provider does. */
interface Charge {
  readonly id?: string | undefined
  readonly invoiceId?: string | undefined
  readonly customer?: CustomerRef | undefined
  readonly subscriptionId?: string | undefined
  readonly from?: Date | undefined
  readonly until?: Date | undefined
  readonly currency?: string | undefined
  readonly quantity?: number | undefined
  readonly unitPrice?: number | undefined
  readonly tax?: number | undefined
  readonly total?: number | undefined
  readonly raw?: Json | undefined
}

/** What an invoice charges for: a subscription, or something sold once, which has an `itemId`. */
export interface InvoiceLine extends Charge {
  readonly kind: 'subscription' | 'item'
  readonly itemId?: string | undefined
  /** The provider's part number. */
  readonly sku?: string | undefined
  readonly description?: string | undefined
  readonly billingCycle?: BillingCycle | undefined
  readonly orderId?: string | undefined
  readonly discount?: number | undefined
  readonly publisher?: string | undefined
}

/** What was consumed. Without `invoiceId` nobody has charged for it yet. */
export interface UsageLine extends Charge {
  readonly service?: string | undefined
  readonly resource?: string | undefined
  readonly chargeType?: string | undefined
  readonly unit?: string | undefined
  readonly region?: string | undefined
}

export interface BillingOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  invoices(context: ConnectorContext<S, C>): AsyncIterable<RemoteInvoice>
  /** The invoice with this id; `null` when the provider does not know it. */
  find?(context: ConnectorContext<S, C>, id: string): Promise<RemoteInvoice | null>
  lines?(context: ConnectorContext<S, C>, invoice: { readonly id: string }): AsyncIterable<InvoiceLine>
  /** What an invoice charges for by consumption; without one, what none has charged for yet. */
  usage?(context: ConnectorContext<S, C>, invoice?: { readonly id: string }): AsyncIterable<UsageLine>
}

/** What a provider says has happened: to a subscription, or to something that only it has a name for. */
export type ProviderEvent =
  | { readonly kind: 'subscriptionChanged'; readonly subscription: SubscriptionRef; readonly at: Date }
  | { readonly kind: 'other'; readonly name: string; readonly resource?: string | undefined; readonly at: Date }

/** A request that a provider made, as it came. */
export interface ReceivedEvent {
  /** The bytes that are signed: before anything has parsed them. */
  readonly body: Uint8Array
  /** By their lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** Where a provider shall post its events. */
export interface EventRegistration {
  /** Reached from the internet. */
  readonly url: string
  /** By the provider's names. Default: those that tell of subscriptions. */
  readonly events?: readonly string[]
}

export interface EventOperations<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  /**
   * The events in a request, once its signature is verified.
   *
   * @throws ProviderError `invalid` when it is not the provider's, or cannot be read.
   */
  verify(context: ConnectorContext<S, C>, received: ReceivedEvent): Promise<readonly ProviderEvent[]>
  /** Has the provider post its events there; what is registered already is left as it is. */
  register?(context: ConnectorContext<S, C>, wanted: EventRegistration): Promise<{ readonly changed: boolean }>
}
