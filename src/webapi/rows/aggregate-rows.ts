import { deepFreeze } from '../../internal/freeze.ts'
import { mergeLinks, parseApply, parseODataFilter } from '../../query/index.ts'
import type { QueryExpression } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { type EntityType, type Model, propertyOf } from '../model.ts'
import { badRequest } from '../refusals.ts'
import { json } from '../responses.ts'
import type { QueryOption, QueryOptions } from '../url/query-options.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { WebAnswer } from '../web-request.ts'
import { annotatingResults, baseCurrencyOf } from './annotating.ts'
import { encodeResultRow, type ResultColumn } from './encode-result-row.ts'
import { KeptPlans } from './kept-plans.ts'
import { collectionAnnotations } from './list-rows.ts'
import { both, relatedTo } from './related-to.ts'

/**
 * What `$apply` makes of the rows: one object for each group, with no column that it does not name.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export async function aggregateRows(exchange: Exchange, { type, of }: RowsAddress): Promise<WebAnswer> {
  const { options, requestOptions, service, baseUrl, preferences } = exchange
  refuseBesideApply(options)
  const { query, columns } = applyPlanOf(exchange, type)
  const { rows } = await service.retrieveMultiple(of ? await relatedTo(exchange, of, query) : query, requestOptions)
  const context = `"@odata.context":"${baseUrl}/$metadata#${type.table.collectionName}"`
  const annotations = preferences.annotated ? collectionAnnotations(exchange, undefined) : ''
  const annotating = await annotatingResults(exchange, columns)
  const currency =
    annotating && columns.some(({ definition }) => definition?.type === 'money')
      ? await baseCurrencyOf(service)
      : undefined
  const texts = rows.map((row) => `{${encodeResultRow(columns, row, annotating, () => currency)}}`)
  return json(200, `{${context}${annotations},"value":[${texts.join(',')}]}`, preferences.applied())
}

/** What `$apply` and the filter beside it ask for. */
interface ApplyPlan {
  readonly query: QueryExpression
  readonly columns: readonly ResultColumn[]
}

const plans = new KeptPlans<ApplyPlan>({ most: 500, longest: 2000 })

function applyPlanOf({ options, model }: Exchange, type: EntityType): ApplyPlan {
  const key = `${type.table.logicalName}?${options.text}`
  return plans.get(model, key, () => planOf(model, type, options))
}

function planOf(model: Model, type: EntityType, options: QueryOptions): ApplyPlan {
  const { filter, groupBy, aggregates, links } = parseApply(options.get('$apply')!, type.scope, options.aliases)
  const text = options.get('$filter')
  const filtered = text === undefined ? undefined : parseODataFilter(text, type.scope, options.aliases)
  const condition = filtered ? both(filtered.filter, filter) : filter
  const query: QueryExpression = deepFreeze({
    table: type.table.logicalName,
    groupBy,
    aggregates,
    ...(condition ? { filter: condition } : {}),
    links: mergeLinks(filtered?.links ?? [], links),
  })
  const tableOf = (link: string | undefined): EntityType => {
    if (link === undefined) return type
    // A join is called by its path through lookups.
    const [first = '', ...rest] = link.split('__')
    const target = (of: EntityType, name: string) => model.table(of.navigations.get(name)!.targets[0]!)
    return rest.reduce(target, target(type, first))
  }
  const definitionOf = (column: string, link: string | undefined) => tableOf(link).table.columns[column]
  return {
    query,
    columns: [
      ...groupBy.map(({ alias, column, link }) => {
        const definition = definitionOf(column, link)
        const property = definition?.type === 'lookup' && link === undefined ? propertyOf(type.table, column) : alias
        return { name: alias, property, column, definition }
      }),
      ...aggregates.map(({ alias, column, link, aggregate }) => {
        return { name: alias, property: alias, column, definition: definitionOf(column, link), aggregate }
      }),
    ],
  }
}

/** The orders of groups, and their number, are nothing that the platform's `$apply` knows. */
function refuseBesideApply(options: QueryOptions): void {
  if (options.has('$orderby')) throw badRequest('The query node SingleValueOpenPropertyAccess is not supported.')
  const others: readonly QueryOption[] = ['$select', '$expand', '$top', '$count', '$skiptoken']
  const beside = others.find((name) => options.has(name))
  if (beside) throw badRequest(`The query option '${beside}' cannot be used together with '$apply'.`)
}
