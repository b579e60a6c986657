import type { Meaning, Refused } from '../http-failure.ts'
import { ProviderError } from '../provider-error.ts'
import { errorGroups } from './error-table.ts'

const meanings: ReadonlyMap<string, Meaning> = new Map(
  errorGroups.flatMap(({ failure, codes, advice }) =>
    codes.map((code): [string, Meaning] => [code, advice === undefined ? failure : { code: failure, advice }]),
  ),
)

/** What a refusal of Partner Center means; `undefined` where the table has no such code. */
export function meaningOf({ status, providerCode }: Refused): Meaning | undefined {
  return meanings.get(`${status}:${providerCode}`)
}

/** An error within an answer that is none: of a line of a cart, or of one order among several. */
export interface InnerError {
  readonly code?: string | number
  readonly errorCode?: string | number
  readonly description?: string
  readonly errorDescription?: string
}

/** The same as a failure. Inner errors have no status of their own: it is looked for under each that the table knows. */
export function failureOfInner(inner: InnerError, what: string): ProviderError {
  const providerCode = String(inner.errorCode ?? inner.code ?? '')
  const said = inner.errorDescription ?? inner.description ?? 'without a reason'
  const meaning = [400, 403, 404, 409, 500, 200]
    .map((status) => meaningOf({ status, providerCode }))
    .find((found) => found !== undefined)
  const { code, advice } = typeof meaning === 'object' ? meaning : { code: meaning ?? 'notEligible', advice: '' }
  return new ProviderError(code, `${what} was refused: ${said} ${advice}`.trim(), { providerCode })
}

/** Whether it is this refusal. */
export function isRefusal(error: unknown, ...codes: readonly string[]): error is ProviderError {
  if (!ProviderError.isInstance(error)) return false
  return codes.includes(`${error.details.status}:${error.details.providerCode}`)
}
