import type { WebAnswer } from './web-request.ts'

/** What a caller may still ask for before it is told to wait. */
export interface RemainingUsage {
  readonly requests: number
  readonly executionTimeMs: number
}

export interface ServiceHeaderOptions {
  /**
   * How many requests a client is advised to have under way at one time, told in `x-ms-dop-hint`. Default 4.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/send-parallel-requests
   */
  readonly parallelRequests?: number
  /**
   * What the caller may still ask for, told with every answer. Left out, or `undefined`: there are no limits.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/api-limits#http-response-headers
   */
  readonly remaining?: () => RemainingUsage | undefined
}

/** Adds to answers what they tell of the service, and the id of their request. */
export function serviceHeadersFor(
  { parallelRequests = 4, remaining }: ServiceHeaderOptions,
  newId: () => string,
): (answer: WebAnswer) => WebAnswer {
  const hint = String(parallelRequests)
  return (answer) => {
    const id = answer.headers.REQ_ID ?? newId()
    const left = remaining?.()
    const serviceHeaders = ['x-ms-service-request-id', id, 'x-ms-dop-hint', hint]
    if (answer.headers.REQ_ID === undefined) serviceHeaders.push('REQ_ID', id)
    if (left) serviceHeaders.push(...headersOf(left))
    return { status: answer.status, headers: answer.headers, serviceHeaders, body: answer.body }
  }
}

let seconds: Intl.NumberFormat | undefined

/** The time is in seconds, such as `1,199.97`. */
function headersOf({ requests, executionTimeMs }: RemainingUsage): readonly string[] {
  // Made when limits are on: it takes longer than the rest of this package does to load.
  seconds ??= new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  return [
    'x-ms-ratelimit-burst-remaining-xrm-requests',
    String(requests),
    'x-ms-ratelimit-time-remaining-xrm-requests',
    seconds.format(executionTimeMs / 1000),
  ]
}
