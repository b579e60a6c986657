import { agreementStatus } from './agreement-status.ts'

/** What decides about a change of an agreement's status. */
export interface AcceptanceFacts {
  /** The status reason before; `undefined` for a new agreement. */
  readonly before: number | undefined
  /** The status reason that is asked for. */
  readonly after: number
  readonly isSigned: boolean
  /** Whether the acceptance has been seen at the provider. */
  readonly isAttested: boolean
  /** Whether an acceptance counts only once it has been seen there. */
  readonly needsAttestation: boolean
}

export type AcceptanceOutcome =
  /** Nothing about the acceptance changes. */
  | 'unchanged'
  | 'accepted'
  /** It stays Pending until it is seen at the provider. */
  | 'held'
  /** It was seen at the provider. */
  | 'attested'
  /** Active without a signer is refused. */
  | 'unsigned'
  /** Who returns accepts anew. */
  | 'reopened'

/** G5, G7, G8: what a change of an agreement's status comes to. */
export function decideAcceptance(facts: AcceptanceFacts): AcceptanceOutcome {
  const { active, inactive, pending } = agreementStatus
  const { before, after, isSigned, isAttested, needsAttestation } = facts
  if (after === pending && before === inactive) return 'reopened'
  if (after !== active) return 'unchanged'
  // What was signed elsewhere and synced in need not have a contact here.
  if (!isSigned && !isAttested) return 'unsigned'
  if (before === active) return 'unchanged'
  if (isAttested) return 'attested'
  // From Inactive to Active there is no way, and the platform says so.
  return needsAttestation && before !== inactive ? 'held' : 'accepted'
}
