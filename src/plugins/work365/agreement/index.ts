import type { CustomApi } from '../../define-custom-api.ts'
import type { Step } from '../../define-step.ts'
import { acceptNew, acceptPending } from './accept.ts'
import { checkContract, checkNewContract } from './check-contract.ts'
import { createAgreementsApi } from './create-agreements.ts'
import { followAcceptance, followNewAcceptance } from './follow-acceptance.ts'
import { onboardAgreementApi } from './onboard.ts'
import { keepTemplate, prepareAgreement } from './prepare.ts'

/** The steps of agreements, G1 to G9. */
export const agreementSteps: readonly Step[] = Object.freeze([
  prepareAgreement,
  keepTemplate,
  acceptNew,
  acceptPending,
  checkNewContract,
  checkContract,
  followNewAcceptance,
  followAcceptance,
])

/** The custom APIs of agreements. */
export const agreementCustomApis: readonly CustomApi[] = Object.freeze([
  createAgreementsApi,
  onboardAgreementApi,
] as CustomApi[])
