import { Agreement, stateOfReason } from '../../../entities/index.ts'

const { Active, Inactive } = Agreement.states!

/** The values of an agreement's status reasons. */
export const agreementStatus = Object.freeze({
  pending: Active!.reasons.Pending as 1,
  active: Active!.reasons.Active as 100_000_000,
  inactive: Inactive!.reasons.Inactive as 2,
})

/** The status reason that a row has after a change: the one asked for, that of the state asked for, or the one before. */
export function statusAfter(
  change: { readonly statecode?: number | null | undefined; readonly statuscode?: number | null | undefined },
  before: number | undefined,
): number {
  if (change.statuscode != null) return change.statuscode
  const { pending, inactive } = agreementStatus
  if (change.statecode == null) return before ?? pending
  if (before !== undefined && stateOfReason(Agreement.states!, before) === change.statecode) return before
  return change.statecode === Inactive!.value ? inactive : pending
}
