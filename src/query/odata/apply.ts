import type { Aggregate, AggregateFunction, Condition, Grouping, Link } from '../../service/index.ts'
import { Cursor } from './cursor.ts'
import { FilterParser } from './filter.ts'
import { type NamedColumn, Names } from './paths.ts'
import type { ODataScope, ParameterAliases } from './scope.ts'
import { notSupported, uriError } from './uri-error.ts'

/** What `$apply` makes of the rows; each part fits into a query as it is. */
export interface ParsedApply {
  readonly filter?: Condition
  readonly groupBy: readonly Grouping[]
  readonly aggregates: readonly Aggregate[]
  /** The joins that its paths through lookups need. */
  readonly links: readonly Link[]
}

const methods: Readonly<Record<string, readonly [aggregate: AggregateFunction, distinct?: true]>> = {
  sum: ['sum'],
  average: ['avg'],
  min: ['min'],
  max: ['max'],
  countdistinct: ['countcolumn', true],
}

/**
 * Parses the text of `$apply`.
 *
 *     apply     = [ 'filter(' condition ')/' ] ( groupby / aggregate )
 *     groupby   = 'groupby((' path *( ',' path ) ')' [ ',' aggregate ] ')'
 *     aggregate = 'aggregate(' value *( ',' value ) ')'
 *     value     = ( '$count' / path 'with' method ) 'as' name
 *
 * A group by a column at the end of a lookup is called `{table}_{column}`, as on the platform.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/aggregate-data
 */
export function parseApply(text: string, scope: ODataScope, aliases: ParameterAliases = new Map()): ParsedApply {
  const names = new Names(scope)
  const cursor = new Cursor(text)
  const parser = new ApplyParser(cursor, names, new FilterParser(cursor, names, aliases))
  const parsed = parser.parse()
  cursor.expectEnd()
  return { ...parsed, links: names.links() }
}

class ApplyParser {
  constructor(
    private readonly cursor: Cursor,
    private readonly names: Names,
    private readonly expressions: FilterParser,
  ) {}

  parse(): Omit<ParsedApply, 'links'> {
    const { cursor } = this
    const filters: Condition[] = []
    while (cursor.skipName('filter')) {
      cursor.expectSign('(', "'(' expected")
      filters.push(this.expressions.parseCondition())
      cursor.expectSign(')', "')' or operator expected")
      cursor.expectSign('/', 'A transformation after filter is expected: groupby or aggregate,')
    }
    const filter: Condition | undefined = filters.length > 1 ? { kind: 'and', conditions: filters } : filters[0]
    return { ...(filter ? { filter } : {}), ...this.parseLast() }
  }

  private parseLast(): { groupBy: readonly Grouping[]; aggregates: readonly Aggregate[] } {
    const { cursor } = this
    const { text, position } = cursor.expectName()
    cursor.expectSign('(', "'(' expected")
    let parsed: { groupBy: readonly Grouping[]; aggregates: readonly Aggregate[] }
    if (text === 'aggregate') parsed = { groupBy: [], aggregates: this.parseAggregates() }
    else if (text === 'groupby') parsed = this.parseGroupBy()
    else throw notSupported(`The transformation '${text}'`, position, cursor.text)
    cursor.expectSign(')', "')' or ',' expected")
    if (cursor.isSign('/')) throw notSupported(`A transformation after ${text}`, cursor.token.position, cursor.text)
    const aliases = [...parsed.groupBy, ...parsed.aggregates].map(({ alias }) => alias)
    const twice = aliases.find((alias, at) => aliases.indexOf(alias) !== at)
    if (twice !== undefined) throw uriError(`The name '${twice}' is given to two results of $apply.`)
    return parsed
  }

  private parseGroupBy() {
    const { cursor } = this
    const groupBy: Grouping[] = []
    cursor.expectSign('(', "'(' expected")
    do groupBy.push(groupingOf(this.expressions.parseColumn(), this.names.scope))
    while (cursor.skipSign(','))
    cursor.expectSign(')', "')' or ',' expected")
    if (!cursor.skipSign(',')) return { groupBy, aggregates: [] }
    const { text, position } = cursor.expectName()
    if (text !== 'aggregate') throw notSupported(`The transformation '${text}' in groupby`, position, cursor.text)
    cursor.expectSign('(', "'(' expected")
    const aggregates = this.parseAggregates()
    cursor.expectSign(')', "')' or ',' expected")
    return { groupBy, aggregates }
  }

  private parseAggregates(): Aggregate[] {
    const aggregates: Aggregate[] = []
    do aggregates.push(this.parseAggregate())
    while (this.cursor.skipSign(','))
    return aggregates
  }

  private parseAggregate(): Aggregate {
    const { cursor } = this
    if (cursor.skipName('$count')) {
      return { aggregate: 'count', column: this.names.scope.definition.primaryKey, alias: this.parseAlias() }
    }
    const { path } = this.expressions.parseColumn()
    if (!cursor.skipName('with')) throw cursor.error("'with' expected")
    const { text, position } = cursor.expectName()
    const method = Object.hasOwn(methods, text) ? methods[text] : undefined
    if (!method) throw notSupported(`The aggregation method '${text}'`, position, cursor.text)
    const [aggregate, distinct] = method
    return { aggregate, ...path, alias: this.parseAlias(), ...(distinct ? { distinct } : {}) }
  }

  private parseAlias(): string {
    const { cursor } = this
    if (!cursor.skipName('as')) throw cursor.error("'as' expected")
    const { text, position } = cursor.expectName()
    if (!/^[A-Za-z_]\w{0,127}$/.test(text)) throw cursor.error(`'${text}' is not a name`, position)
    return text
  }
}

function groupingOf({ path, name, definition, scope }: NamedColumn, root: ODataScope): Grouping {
  if (definition.type === 'dateTime') throw uriError('Grouping by a date and time is not supported by $apply.')
  const prefix = scope === root ? '' : `${scope.definition.logicalName}_`
  return { ...path, alias: `${prefix}${name}` }
}
