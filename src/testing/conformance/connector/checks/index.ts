import { deepFreeze } from '../../../../internal/freeze.ts'
import type { ConformanceCheck } from '../check.ts'
import { changes } from './changes.ts'
import { connectivity } from './connectivity.ts'
import { crashes } from './crashes.ts'
import { declaration } from './declaration.ts'
import { faults } from './faults.ts'
import { limits } from './limits.ts'
import { listing } from './listing.ts'
import { refusals } from './refusals.ts'
import { secrets } from './secrets.ts'
import { signingIn } from './signing-in.ts'
import { waiting } from './waiting.ts'

/** The checks that every connector is put to, C01 to C30, by their ids. */
export const conformanceChecks: readonly ConformanceCheck[] = deepFreeze(
  [
    ...declaration,
    ...connectivity,
    ...secrets,
    ...changes,
    ...crashes,
    ...waiting,
    ...faults,
    ...refusals,
    ...listing,
    ...signingIn,
    ...limits,
  ].sort((one, other) => one.id.localeCompare(other.id)),
)
