import type { FailureCode } from '../retry-table.ts'
import { createModelReader } from '../serving/read-model.ts'
import { type ModelName, models, type Wire } from './models.ts'

/** The headers of the platform, by the names that the vendor's published library reads. */
export const headers = Object.freeze({
  applicationId: 'x-cloudplatform-applicationid',
  apiKey: 'x-cloudplatform-apikey',
  /** For calling the platform's own API, which a connector does not. */
  token: 'x-cloudplatform-token',
  /** Before the id of a field of `Fields/Get`: what the tenant has entered there. */
  setting: 'x-cloudplatform-setting-',
})

/** Only 0 is documented. `exists` is what the vendor's example answers for an account that is there already. */
export const DONE = 0
export const EXISTS = 1

/** The other codes are ours: each way to fail has its own, and what is under way is told apart from what failed. */
export const failureCodes: Readonly<Record<FailureCode, number>> = Object.freeze({
  pending: 2,
  throttled: 3,
  transient: 4,
  conflict: 5,
  auth: 10,
  consentExpired: 11,
  agreementRequired: 20,
  notEligible: 21,
  quantityInvalid: 22,
  reductionNotAllowed: 23,
  windowClosed: 24,
  notFound: 25,
  invalid: 26,
  bug: 50,
})

const read = createModelReader(models)

/** Reads a model, its property names in any case. @throws WireError when the content is of another type. */
export function readModel<N extends ModelName>(name: N, content: unknown, at: string = name): Wire<N> {
  return read(name, content, at) as Wire<N>
}
