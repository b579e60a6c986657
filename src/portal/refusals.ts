import { type DataverseError, dataverseError } from '../service/index.ts'

/** 400: something that a portal user sent; says which part of it, by which rule, and what to send instead. */
export function invalid(part: string, reason: string, fix: string, rule = 'P9'): DataverseError {
  return dataverseError('InvalidArgument', { reason: `${part}: ${reason} ${fix} (${rule})` })
}

/** 404: a row that does not exist for the user: there is none, or it is another account's (P10). */
export function notFound(table: string, id: string): DataverseError {
  return dataverseError('ObjectDoesNotExist', { table, id })
}
