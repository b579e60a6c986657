import { badRequest, notEmulated } from './refusals.ts'
import type { WebRequest } from './web-request.ts'

/** What `If-Match` and `If-None-Match` ask for. */
export interface Conditions {
  /** `If-Match: *`: only if the row is there. */
  readonly mustExist: boolean
  /** `If-Match: W/"n"`: only if the row still has this version. */
  readonly version: number | undefined
  /** `If-None-Match: *`: only if the row is not there. */
  readonly mustNotExist: boolean
  /** `If-None-Match: W/"n"`: only if the row has another version. */
  readonly otherThan: string | undefined
}

const none: Conditions = Object.freeze({
  mustExist: false,
  version: undefined,
  mustNotExist: false,
  otherThan: undefined,
})

/**
 * Reads the conditional headers. `null` in words means none: Microsoft's own clients send it against browser caches.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api
 */
export function parseConditions(request: WebRequest): Conditions {
  const match = entityTag(request, 'if-match', 'If-Match')
  const noneMatch = entityTag(request, 'if-none-match', 'If-None-Match')
  if (match === undefined && noneMatch === undefined) return none
  if (match !== undefined && noneMatch === '*') {
    throw badRequest("'If-Match' and 'If-None-Match: *' contradict each other.")
  }
  return {
    mustExist: match === '*',
    version: match === undefined || match === '*' ? undefined : Number(match.slice(3, -1)),
    mustNotExist: noneMatch === '*',
    otherThan: noneMatch === '*' ? undefined : noneMatch,
  }
}

/** Refuses the conditions that have no effect on this operation, rather than pass over them. */
export function refuseConditions(conditions: Conditions, operation: string, ...names: (keyof Conditions)[]): void {
  if (conditions === none) return
  const headers: Record<keyof Conditions, string> = {
    mustExist: 'If-Match: *',
    version: 'If-Match',
    mustNotExist: 'If-None-Match: *',
    otherThan: 'If-None-Match',
  }
  for (const name of names) {
    if (conditions[name]) throw notEmulated(`The header '${headers[name]}' on ${operation}`)
  }
}

function entityTag(request: WebRequest, name: string, title: string): string | undefined {
  const value = request.header(name)?.trim()
  if (value === undefined || value === '' || value === 'null') return undefined
  if (value !== '*' && !/^W\/"\d{1,18}"$/.test(value)) {
    throw badRequest(`The header '${title}' is '${value}', which is neither '*' nor an ETag such as W/"1234".`)
  }
  return value
}
