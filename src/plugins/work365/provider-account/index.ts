import type { Step } from '../../define-step.ts'
import { announceProviderAccount } from './announce.ts'
import { makeAgreementsOfMapped, makeAgreementsOfNew } from './make-agreements.ts'

/** The steps of provider accounts. */
export const providerAccountSteps: readonly Step[] = Object.freeze([
  makeAgreementsOfNew,
  makeAgreementsOfMapped,
  announceProviderAccount,
])
