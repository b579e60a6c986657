import { deepFreeze } from '../../internal/freeze.ts'
import {
  type Aggregate,
  aggregateFunctions,
  type ColumnOrder,
  type Condition,
  type DataverseError,
  dataverseError,
  dateGroupings,
  type Grouping,
  type Link,
  type LinkCondition,
  type LinkType,
  linkTypes,
  type Order,
  type Page,
  type QueryExpression,
  type SelectedColumn,
} from '../../service/index.ts'
import { cached } from '../cached.ts'
import { parseFilter } from './conditions.ts'
import { booleanOf, checkAttributes, errorAt, malformed, numberOf, required } from './reader.ts'
import { parseXml, type XmlElement } from './xml-element.ts'

/**
 * Parses FetchXML to the query tree, which is frozen; the same text gives the same tree. Names are not looked up: that is
 * done by whoever runs the query.
 *
 * Throws the platform's error for what cannot be: `InvalidFetchXml` with the line and column for a text that is no
 * FetchXML, one of the `QueryBuilder…` errors for the rest.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/overview
 * @example parseFetchXml("<fetch top='5'><entity name='account'><attribute name='name' /></entity></fetch>")
 */
export const parseFetchXml: (text: string) => QueryExpression = cached((text) =>
  deepFreeze(new FetchXmlParser().parse(parseXml(text))),
)

const fetchAttributes = [
  'aggregate',
  'aggregatelimit',
  'count',
  'page',
  'paging-cookie',
  'top',
  'distinct',
  'returntotalrecordcount',
  'useraworderby',
  'latematerialize',
  'no-lock',
  'datasource',
  'options',
  'mapping',
  'output-format',
  'version',
  'utc-offset',
  'min-active-row-version',
  'savedqueryid',
]

/** The query level of a result: what the elements of the query's own table and of its links add to it. */
interface Results {
  readonly aggregates: Aggregate[]
  readonly groupBy: Grouping[]
  readonly orders: Order[]
}

/** The children that an entity and a link have in common. */
interface Parts {
  columns: (string | SelectedColumn)[] | 'all' | undefined
  readonly filters: Condition[]
  readonly orders: ColumnOrder[]
  readonly links: Link[]
}

class FetchXmlParser {
  private isAggregate = false
  private links = 0
  private readonly aliases = new Set<string>()
  private readonly results: Results = { aggregates: [], groupBy: [], orders: [] }

  parse(fetch: XmlElement): QueryExpression {
    if (fetch.name !== 'fetch') throw malformed(fetch, `The root element is <${fetch.name}> and not <fetch>.`)
    checkAttributes(fetch, fetchAttributes)
    this.isAggregate =
      booleanOf(fetch, 'aggregate', () => errorAt(fetch, 'QueryBuilderDeserializeInvalidAggregate')) ?? false
    const [entity, ...others] = fetch.children
    // Orders below <fetch> are from an older version of the language.
    if (!entity) throw errorAt(fetch, 'QueryBuilderElementNotFound')
    for (const element of others) throw errorAt(element, 'QueryBuilderDeserializeInvalidNode')
    if (entity.name !== 'entity') throw errorAt(entity, 'QueryBuilderDeserializeInvalidNode')
    return { ...this.parseEntity(entity), ...this.parseFetch(fetch) }
  }

  private parseFetch(fetch: XmlElement): Partial<QueryExpression> {
    const { attributes } = fetch
    const flag = (name: string, error?: () => DataverseError) => booleanOf(fetch, name, error)
    flag('no-lock', () => errorAt(fetch, 'QueryBuilderDeserializeInvalidNoLock'))
    flag('latematerialize')
    const distinct = flag('distinct', () => errorAt(fetch, 'QueryBuilderDeserializeInvalidDistinct'))
    const total = flag('returntotalrecordcount')
    const raw = flag('useraworderby', () => errorAt(fetch, 'QueryBuilderDeserializeInvalidUseRawOrderBy'))
    const mapping = attributes.get('mapping') ?? 'logical'
    if (mapping !== 'logical' && mapping !== 'internal') throw errorAt(fetch, 'QueryBuilderDeserializeInvalidMapping')
    if (attributes.has('datasource')) {
      throw dataverseError('InvalidQuery', { reason: "The rows of the datasource 'retained' are not supported." })
    }
    const top = numberOf(fetch, 'top')
    const page = this.parsePage(fetch)
    if (top !== undefined && (page || total)) {
      throw dataverseError('InvalidQuery', {
        reason: "'top' cannot be used together with 'page', 'count' or 'returntotalrecordcount'",
      })
    }
    const limit = numberOf(fetch, 'aggregatelimit')
    return {
      ...(this.isAggregate && limit !== undefined ? { aggregateLimit: limit } : {}),
      ...(distinct ? { distinct } : {}),
      ...(total ? { totalCount: true } : {}),
      ...(raw ? {} : { orderChoicesBy: 'label' as const }),
      ...(top === undefined ? {} : { top }),
      ...(page ? { page } : {}),
    }
  }

  private parsePage(fetch: XmlElement): Page | undefined {
    const size = numberOf(fetch, 'count')
    const number = numberOf(fetch, 'page', () => dataverseError('QueryBuilderInvalidPagingCookie', {}))
    const cookie = fetch.attributes.get('paging-cookie')
    if (size === undefined && number === undefined && !cookie) return undefined
    return {
      size: size ?? 5000,
      ...(number === undefined ? {} : { number }),
      ...(cookie ? { cookie } : {}),
    }
  }

  private parseEntity(entity: XmlElement): QueryExpression {
    checkAttributes(entity, ['name', 'enableprefiltering', 'prefilterparametername'])
    const table = required(entity, 'name')
    const { columns, filters, orders, links } = this.parseParts(entity, undefined)
    const { aggregates, groupBy } = this.results
    if (this.isAggregate && aggregates.length + groupBy.length === 0) {
      throw errorAt(entity, 'QueryBuilderDeserializeInvalidAggregate')
    }
    const allOrders = [...orders, ...this.results.orders]
    return {
      table,
      ...(columns === undefined || columns === 'all' || this.isAggregate ? {} : { columns }),
      ...(this.isAggregate ? { aggregates } : {}),
      ...(groupBy.length > 0 ? { groupBy } : {}),
      ...filterOf(filters),
      ...(allOrders.length > 0 ? { orders: allOrders } : {}),
      ...(links.length > 0 ? { links } : {}),
    }
  }

  private parseParts(element: XmlElement, link: string | undefined): Parts {
    const parts: Parts = { columns: undefined, filters: [], orders: [], links: [] }
    for (const child of element.children) {
      switch (child.name) {
        case 'attribute':
          this.parseAttribute(child, link, parts)
          break
        case 'all-attributes':
          checkAttributes(child, [])
          if (this.isAggregate) throw errorAt(child, 'QueryBuilderAttribute_With_Aggregate')
          parts.columns = 'all'
          break
        case 'no-attrs':
          parts.columns ??= []
          break
        case 'order':
          this.parseOrder(child, link, parts)
          break
        case 'filter':
          parts.filters.push(parseFilter(child, (inner) => this.parseFilterLink(inner)))
          break
        case 'link-entity':
          parts.links.push(this.parseLink(child))
          break
        default:
          throw errorAt(child, 'QueryBuilderDeserializeInvalidNode')
      }
    }
    return parts
  }

  /** @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/attribute */
  private parseAttribute(element: XmlElement, link: string | undefined, parts: Parts): void {
    checkAttributes(element, [
      'name',
      'alias',
      'aggregate',
      'groupby',
      'dategrouping',
      'usertimezone',
      'distinct',
      'rowaggregate',
      'build',
      'addedby',
    ])
    const column = required(element, 'name')
    const alias = element.attributes.get('alias')
    if (alias !== undefined) this.claim(alias, element)
    const aggregate = element.attributes.get('aggregate')
    const isGroup =
      booleanOf(element, 'groupby', () => errorAt(element, 'QueryBuilderDeserializeInvalidGroupBy')) ?? false
    if (!this.isAggregate) {
      if (aggregate !== undefined || isGroup) throw errorAt(element, 'QueryBuilderDeserializeInvalidAggregate')
      if (parts.columns === 'all') return
      parts.columns ??= []
      parts.columns.push(this.selectedColumn(element, column, alias))
      return
    }
    const path = { column, ...(link === undefined ? {} : { link }) }
    if (aggregate !== undefined && isGroup) throw errorAt(element, 'QueryBuilderAttributeCannotBeGroupByAndAggregate')
    if (aggregate === undefined && !isGroup) throw errorAt(element, 'QueryBuilderAttribute_With_Aggregate')
    if (alias === undefined) throw errorAt(element, 'QueryBuilderInvalid_Alias')
    if (isGroup) this.results.groupBy.push(this.groupingOf(element, path, alias))
    else this.results.aggregates.push(this.aggregateOf(element, path, alias))
  }

  private selectedColumn(element: XmlElement, column: string, alias: string | undefined): string | SelectedColumn {
    const rowAggregate = element.attributes.get('rowaggregate')
    if (rowAggregate !== undefined) {
      if (rowAggregate !== 'CountChildren') throw errorAt(element, 'QueryBuilderDeserializeInvalidAggregate')
      if (alias === undefined) throw errorAt(element, 'QueryBuilderInvalid_Alias')
      return { column, alias, rowAggregate }
    }
    return alias === undefined ? column : { column, alias }
  }

  private groupingOf(element: XmlElement, path: { column: string; link?: string }, alias: string): Grouping {
    const text = element.attributes.get('dategrouping')
    const dateGrouping = dateGroupings.find((name) => name === text)
    if (text !== undefined && !dateGrouping) throw errorAt(element, 'QueryBuilderInvalidDateGrouping')
    const inUserZone = booleanOf(element, 'usertimezone') ?? true
    return {
      ...path,
      alias,
      ...(dateGrouping ? { dateGrouping } : {}),
      ...(inUserZone ? {} : { timeZone: 'utc' as const }),
    }
  }

  private aggregateOf(element: XmlElement, path: { column: string; link?: string }, alias: string): Aggregate {
    const text = element.attributes.get('aggregate')
    const aggregate = aggregateFunctions.find((name) => name === text)
    if (!aggregate) throw errorAt(element, 'QueryBuilderDeserializeInvalidAggregate')
    const distinct = booleanOf(element, 'distinct', () => errorAt(element, 'QueryBuilderDeserializeInvalidDistinct'))
    return { aggregate, ...path, alias, ...(distinct ? { distinct } : {}) }
  }

  /** Two results cannot have one name. */
  private claim(alias: string, element: XmlElement): void {
    if (!/^[A-Za-z_]\w{0,127}$/.test(alias)) throw errorAt(element, 'QueryBuilderInvalid_Alias')
    if (this.aliases.has(alias)) throw errorAt(element, 'QueryBuilderDuplicateAlias')
    this.aliases.add(alias)
  }

  /** @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/reference/order */
  private parseOrder(element: XmlElement, link: string | undefined, parts: Parts): void {
    checkAttributes(element, ['attribute', 'alias', 'descending', 'entityname'])
    const { attributes } = element
    const [column, alias] = [attributes.get('attribute'), attributes.get('alias')]
    const descending =
      booleanOf(element, 'descending', () => errorAt(element, 'QueryBuilderDeserializeInvalidDescending')) ?? false
    const direction = descending ? { descending } : {}
    if (this.isAggregate) {
      if (column !== undefined) throw errorAt(element, 'QueryBuilderAttributeNotAllowedForAggregateOrderBy')
      this.results.orders.push({ alias: required(element, 'alias'), ...direction })
      return
    }
    if (alias !== undefined) throw errorAt(element, 'QueryBuilderAliasNotAllowedForNonAggregateOrderBy')
    const other = link === undefined ? attributes.get('entityname') : undefined
    parts.orders.push({ column: required(element, 'attribute'), ...(other ? { link: other } : {}), ...direction })
  }

  private parseLink(element: XmlElement): Link {
    const alias = this.aliasOf(element)
    const text = element.attributes.get('link-type') ?? 'inner'
    const type: LinkType | undefined = text === 'natural' ? 'inner' : linkTypes.find((name) => name === text)
    if (!type) throw errorAt(element, 'QueryBuilderDeserializeInvalidLinkType')
    const { columns, ...rest } = this.linkParts(element, alias)
    if (columns && (type === 'exists' || type === 'in')) {
      throw malformed(element, `A link of the type '${type}' returns no columns.`)
    }
    const { table, from, to } = joinOf(element)
    return { table, from, to, alias, type, ...(columns ? { columns } : {}), ...rest }
  }

  /** A link within a filter: it has neither columns nor orders nor a name. */
  private parseFilterLink(element: XmlElement): LinkCondition['link'] {
    const { columns, orders, ...rest } = this.linkParts(element, undefined)
    if (columns || orders) throw malformed(element, 'A link within a filter returns no columns and sorts nothing.')
    return { ...joinOf(element), ...rest }
  }

  private linkParts(element: XmlElement, alias: string | undefined): Partial<Link> {
    checkAttributes(element, [
      'name',
      'from',
      'to',
      'alias',
      'link-type',
      'intersect',
      'visible',
      'enableprefiltering',
      'prefilterparametername',
    ])
    const intersect = booleanOf(element, 'intersect') ?? false
    const { columns, filters, orders, links } = this.parseParts(element, alias)
    return {
      ...(columns === undefined || this.isAggregate ? {} : { columns }),
      ...filterOf(filters),
      ...(orders.length > 0 ? { orders } : {}),
      ...(links.length > 0 ? { links } : {}),
      ...(intersect ? { intersect } : {}),
    }
  }

  /** A link without an alias is called by its table and its position among the links. */
  private aliasOf(element: XmlElement): string {
    this.links++
    const alias = element.attributes.get('alias') || `${required(element, 'name')}${this.links}`
    if (!/^[A-Za-z_]\w{0,127}$/.test(alias)) throw malformed(element, `'${alias}' cannot be an alias.`)
    if (this.aliases.has(alias)) throw errorAt(element, 'QueryBuilderDuplicateAlias')
    this.aliases.add(alias)
    return alias
  }
}

function joinOf(element: XmlElement) {
  return { table: required(element, 'name'), from: required(element, 'from'), to: required(element, 'to') }
}

/** Filters side by side all have to hold. */
function filterOf(filters: readonly Condition[]): { filter?: Condition } {
  const [first, second] = filters
  if (!first) return {}
  return { filter: second ? { kind: 'and', conditions: filters } : first }
}
