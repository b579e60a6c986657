import { MAX_PAGE_SIZE } from '../../query/index.ts'
import type { OrganizationService, QueryExpression } from '../../service/index.ts'

/** A query that can be read page by page. */
export interface Pageable<R extends object> {
  paged(size: number, cookie?: string): QueryExpression<R>
}

/** All rows that a query finds, however many pages they fill. */
export async function allRows<R extends object>(service: OrganizationService, query: Pageable<R>): Promise<R[]> {
  const found: R[] = []
  let cookie: string | undefined
  do {
    const { rows, pagingCookie } = await service.retrieveMultiple(query.paged(MAX_PAGE_SIZE, cookie))
    found.push(...rows)
    cookie = pagingCookie
  } while (cookie !== undefined)
  return found
}

/** The ids of all rows that a query finds, read before the first of them changes. */
export async function allIds<R extends object>(
  service: OrganizationService,
  query: Pageable<R>,
  primaryKey: keyof R,
): Promise<readonly string[]> {
  const rows = await allRows(service, query)
  return rows.map((row) => row[primaryKey] as string)
}
