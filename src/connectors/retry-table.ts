import { deepFreeze } from '../internal/freeze.ts'

/** `never`: a person acts first. `sameKey`: again soon, under the same idempotency key. `later`: when the provider is ready. */
export type Retry = 'never' | 'sameKey' | 'later'

/** What a failure with this code means to whoever runs the connector. */
export interface RetryRule {
  readonly retry: Retry
  /** Whether the attempt counts towards the job's five. */
  readonly counted: boolean
  /** What becomes of the connection: it goes on, rests until the provider is ready, or stops until an administrator acts. */
  readonly connection: 'continue' | 'pause' | 'suspend'
  /** Who has to do what. */
  readonly means: string
}

const refused = { retry: 'never', counted: false, connection: 'continue' } as const

/**
 * From failure code to what happens next: the one table that every job and every connector shares.
 * A connector chooses a code; it never chooses how often it is tried.
 */
export const retryTable = deepFreeze({
  throttled: { retry: 'later', counted: false, connection: 'pause', means: 'The provider asks for fewer requests.' },
  transient: { retry: 'sameKey', counted: true, connection: 'continue', means: 'A fault that may pass by itself.' },
  pending: { retry: 'later', counted: false, connection: 'continue', means: 'The provider has not finished yet.' },
  conflict: { retry: 'sameKey', counted: true, connection: 'continue', means: 'Someone else changed it: read again.' },
  auth: { retry: 'never', counted: false, connection: 'suspend', means: 'The credentials are refused.' },
  consentExpired: {
    retry: 'never',
    counted: false,
    connection: 'suspend',
    means: 'An administrator must consent again.',
  },
  notFound: { ...refused, means: 'The provider does not know the customer, product or subscription.' },
  quantityInvalid: { ...refused, means: 'The quantity is below the minimum or above the maximum.' },
  reductionNotAllowed: { ...refused, means: 'The quantity may not be reduced.' },
  windowClosed: { ...refused, means: 'The time in which this was allowed is over.' },
  agreementRequired: { ...refused, means: 'The customer has to accept an agreement first.' },
  notEligible: { ...refused, means: 'The provider does not offer this here.' },
  invalid: { ...refused, means: 'The request or a setting is wrong.' },
  bug: { ...refused, means: 'The connector is at fault: report it to its author.' },
} as const satisfies Record<string, RetryRule>)

/** Why a provider could not do what was asked: a closed list. */
export type FailureCode = keyof typeof retryTable
