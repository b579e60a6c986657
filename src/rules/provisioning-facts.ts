/** The labels of a change log's provisioning status. */
export type ProvisioningStatus = 'Awaiting Provisioning' | 'Not Applicable' | 'Provisioned' | 'Failed Provisioning'

export type ProviderType = 'Automatic' | 'Manual' | 'Do Nothing' | 'Linked Subscription' | 'Rest'

/**
 * All that decides what becomes of a licence change log: gathered by the steps, looked at by the rules.
 * Days are `'YYYY-MM-DD'`.
 */
export interface ProvisioningFacts {
  readonly today: string
  /** Whether the change log is new, was put back into Awaiting Provisioning, or is about to be sent to its provider. */
  readonly occasion: 'created' | 'requeued' | 'processing'
  readonly settings: {
    readonly autoProvisionNewSubscription: boolean
    readonly enableCreditHold: boolean
  }
  readonly changeLog: {
    readonly source: 'Portal' | 'Provider' | 'System'
    /** A change of price alone, kept for the record. */
    readonly isAudit: boolean
    readonly effectiveDate: string | null
  }
  readonly subscription: {
    readonly name: string
    readonly isPortalOrder: boolean
    /** Whether it was ordered while auto-provisioning was on. */
    readonly isAutoProvisioned: boolean
    readonly startDate: string | null
    readonly partNumber: string | null
    readonly isLinked: boolean
  }
  readonly account: { readonly name: string; readonly creditOnHold: boolean } | null
  readonly product: { readonly name: string; readonly hasProvider: boolean } | null
  readonly provider: {
    readonly name: string
    readonly type: ProviderType
    readonly isActive: boolean
    readonly consentExpired: boolean
  } | null
  readonly providerAccount: {
    readonly name: string
    readonly isActive: boolean
    readonly providerSpecificId: string | null
  } | null
  /** The names of the customer's active accounts at the provider. */
  readonly matchingProviderAccounts: readonly string[]
}

/** What becomes of the change log. */
export interface ProvisioningOutcome {
  readonly status: ProvisioningStatus
  /** Whether a job is queued that sends it to its provider. */
  readonly queue: boolean
  /** Not before this day. */
  readonly notBefore?: string
  /** Whether a person has to be asked to do it. */
  readonly remind?: boolean
}
