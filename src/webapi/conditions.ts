import { badRequest, notEmulated } from './refusals.ts'

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

/**
 * Reads the conditional headers. `null` in words means none: Microsoft's own clients send it against browser caches.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/perform-conditional-operations-using-web-api
 */
export function parseConditions({ headers }: Request): Conditions {
  const match = entityTag(headers, 'If-Match')
  const noneMatch = entityTag(headers, 'If-None-Match')
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

function entityTag(headers: Headers, name: string): string | undefined {
  const value = headers.get(name)?.trim()
  if (value === undefined || value === '' || value === 'null') return undefined
  if (value !== '*' && !/^W\/"\d{1,18}"$/.test(value)) {
    throw badRequest(`The header '${name}' is '${value}', which is neither '*' nor an ETag such as W/"1234".`)
  }
  return value
}
