import type { SettingValues } from './settings.ts'

/** The labels of a change log's provisioning status. */
export type ProvisioningStatus = 'Awaiting Provisioning' | 'Not Applicable' | 'Provisioned' | 'Failed Provisioning'

export type ProviderType = 'Automatic' | 'Manual' | 'Do Nothing' | 'Linked Subscription' | 'Rest'

/**
 * All that decides what becomes of a licence change log, or of a non-recurring item: gathered by the steps, looked at by
 * the rules. Days are `'YYYY-MM-DD'` in the time zone of the settings.
 */
export interface ProvisioningFacts {
  readonly today: string
  /** What is decided about, in the words of messages. */
  readonly subject: 'change log' | 'item'
  /** Whether it is new, was put back into Awaiting Provisioning, or is about to be sent to its provider. */
  readonly occasion: 'created' | 'requeued' | 'processing'
  readonly settings: Pick<
    SettingValues,
    'autoProvisionNewSubscription' | 'enableCreditHold' | 'heldStatus' | 'defaultTimeZone'
  >
  readonly changeLog: {
    readonly source: 'Portal' | 'Provider' | 'System'
    /** A change of price alone, kept for the record. */
    readonly isAudit: boolean
    readonly type: 'Create' | 'Update' | 'Activate' | 'Deactivate'
    readonly effectiveDate: string | null
  }
  /** The first of the earlier change logs of its subscription that has failed; looked for when it is processed. */
  readonly failedBefore: string | null
  /** The subscription, or the item itself. */
  readonly subscription: {
    readonly name: string
    /** Neither suspended nor cancelled nor expired. */
    readonly isActive: boolean
    readonly isPortalOrder: boolean
    /** Whether it was ordered while auto-provisioning was on. */
    readonly isAutoProvisioned: boolean
    readonly startDate: string | null
    readonly partNumber: string | null
    readonly isLinked: boolean
    /** The subscription whose add-on it is, and whether that is active and provisioned. */
    readonly parent: { readonly name: string; readonly isReady: boolean } | null
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
  /** The agreements that an automatic provider demands: its templates in effect, while acceptance is required. */
  readonly agreement: {
    readonly status: 'notDemanded' | 'accepted' | 'missing'
    /** The names of those that the customer has not accepted. */
    readonly missing: readonly string[]
  }
}

/** What becomes of the change log. */
export interface ProvisioningOutcome {
  readonly status: ProvisioningStatus
  /** Whether a job is queued that sends it to its provider. */
  readonly queue: boolean
  /** Not before this moment. */
  readonly notBefore?: Date
  /** Whether it stays where it is until something else happens, which its message names. */
  readonly waits?: boolean
  /** Whether a person has to be asked to do it. */
  readonly remind?: boolean
}
