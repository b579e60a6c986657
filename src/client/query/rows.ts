import type { OrganizationService, QueryExpression, RequestOptions, Row } from '../../service/index.ts'

const PAGE_SIZE = 5000

/**
 * All rows of a query, page by page: the next page is asked for when the rows of the one before have been taken.
 *
 * @param query its page's size is that of the pages; default 5000. With `top`, no more than those
 */
export async function* allRows<R extends object = Row>(
  service: Pick<OrganizationService, 'retrieveMultiple'>,
  query: QueryExpression<R>,
  options?: RequestOptions,
): AsyncGenerator<R, void, undefined> {
  if (query.top !== undefined) {
    yield* (await service.retrieveMultiple<R>(query, options)).rows
    return
  }
  let page = { ...query.page, size: query.page?.size ?? PAGE_SIZE }
  for (;;) {
    const { rows, moreRecords, pagingCookie } = await service.retrieveMultiple<R>({ ...query, page }, options)
    yield* rows
    if (!moreRecords) return
    const number = (page.number ?? 1) + 1
    page = pagingCookie === undefined ? { size: page.size, number } : { size: page.size, number, cookie: pagingCookie }
  }
}
