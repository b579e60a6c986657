import { type ColumnOrder, type Condition, dataverseError, type Link } from '../../service/index.ts'
import { Cursor } from './cursor.ts'
import { type ParsedFilter, parseODataFilter } from './filter.ts'
import { parseOrderBy } from './order-by.ts'
import { mergeLinks, propertyNotFound } from './paths.ts'
import type { ODataNavigation, ODataScope, ParameterAliases } from './scope.ts'
import { type ParsedSelect, parseSelect } from './select.ts'
import { notSupported, uriError } from './uri-error.ts'

/** The most navigation properties that one query expands, nested ones included. */
const MAX_EXPANDS = 15

/** One navigation property to expand, and what to show of the rows at its end. */
export interface ParsedExpand {
  readonly navigation: ODataNavigation
  /** The text that names it: `Account_Tasks`, or with its options. */
  readonly text: string
  /** Only the address of the row: `primarycontactid/$ref`. */
  readonly reference: boolean
  readonly select?: ParsedSelect
  readonly filter?: Condition
  readonly orders?: readonly ColumnOrder[]
  readonly top?: number
  /** The joins that `filter` and `orders` need. */
  readonly links: readonly Link[]
  readonly expand: readonly ParsedExpand[]
}

/**
 * Parses the text of `$expand`: navigation properties, with options in parentheses.
 *
 *     expand = item *( ',' item )
 *     item   = navigation [ '/$ref' ] [ '(' option *( ';' option ) ')' ]
 *     option = ( '$select' / '$filter' / '$orderby' / '$top' / '$expand' ) '=' text
 *
 * `$orderby` and `$top` are for collections of the row itself that expand nothing further. Parameter aliases do not reach
 * into an expand, as on the platform.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/join-tables
 */
export function parseExpand(text: string, scope: ODataScope): readonly ParsedExpand[] {
  const items = parseItems(text, scope, 1)
  const count = (expands: readonly ParsedExpand[]): number =>
    expands.reduce((sum, { expand }) => sum + 1 + count(expand), 0)
  if (count(items) > MAX_EXPANDS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
  return items
}

function parseItems(text: string, scope: ODataScope, depth: number): readonly ParsedExpand[] {
  if (depth > MAX_EXPANDS) throw dataverseError('TooManyLinkEntitiesInQuery', {})
  const cursor = new Cursor(text)
  const items: ParsedExpand[] = []
  while (!cursor.isEnd()) {
    const item = parseItem(cursor, scope, depth)
    if (items.some(({ navigation }) => navigation.name === item.navigation.name)) {
      throw uriError(`The navigation property '${item.navigation.name}' is expanded twice.`)
    }
    items.push(item)
    if (cursor.isEnd()) break
    cursor.expectSign(',', 'Syntax error')
  }
  return items
}

function parseItem(cursor: Cursor, scope: ODataScope, depth: number): ParsedExpand {
  const start = cursor.token
  if (cursor.isSign('*')) throw notSupported("'*' in $expand", start.position, cursor.text)
  const { text: name } = cursor.expectName()
  const navigation = scope.navigation(name)
  if (!navigation) {
    if (scope.columnOf(name) === undefined) throw propertyNotFound(name, scope)
    throw uriError(
      `Property '${name}' on type 'Microsoft.Dynamics.CRM.${scope.definition.logicalName}' is not a navigation property or complex property. Only navigation properties can be expanded.`,
    )
  }
  let reference = false
  if (cursor.skipSign('/')) {
    if (!cursor.skipName('$ref')) throw cursor.error('Syntax error')
    if (navigation.collection) throw dataverseError('ExpandRefNotSupported', {})
    reference = true
  }
  const options = cursor.isSign('(') ? parseOptions(cursor) : new Map<string, string>()
  if (reference && options.size > 0) throw uriError(`The expanded reference '${name}/$ref' takes no options.`)
  return { ...readOptions(navigation, options, depth), reference, text: cursor.textBetween(start, cursor.token) }
}

/** The options in parentheses, by name, with their texts. */
function parseOptions(cursor: Cursor): Map<string, string> {
  const options = new Map<string, string>()
  cursor.expectSign('(')
  while (!cursor.isSign(')')) {
    const { text: name, position } = cursor.expectName()
    if (options.has(name)) throw cursor.error(`The option '${name}' is given twice`, position)
    cursor.expectSign('=')
    const from = cursor.token
    for (let open = 0; open > 0 || !(cursor.isSign(';') || cursor.isSign(')')); cursor.next()) {
      if (cursor.isEnd()) throw cursor.error("')' expected")
      if (cursor.isSign('(')) open++
      else if (cursor.isSign(')')) open--
    }
    options.set(name, cursor.textBetween(from, cursor.token))
    if (!cursor.skipSign(';')) break
  }
  cursor.expectSign(')', "')' expected")
  return options
}

const known = ['$select', '$filter', '$orderby', '$top', '$expand']

function readOptions(
  navigation: ODataNavigation,
  options: ReadonlyMap<string, string>,
  depth: number,
): Omit<ParsedExpand, 'reference' | 'text'> {
  for (const name of options.keys()) {
    if (!known.includes(name)) throw uriError(`The query option '${name}' is not supported in $expand.`)
  }
  const [select, filter, orderBy, top, expand] = known.map((name) => options.get(name))
  if (orderBy !== undefined || top !== undefined) {
    if (!navigation.collection || depth > 1 || expand !== undefined) {
      throw dataverseError('ExpandOptionNotSupported', {})
    }
  }
  const target = navigation.target()
  if (!target) {
    if (options.size === 0) return { navigation, links: [], expand: [] }
    throw uriError(
      `The navigation property '${navigation.name}' leads to rows of several tables, and takes no options.`,
    )
  }
  const none: ParameterAliases = new Map()
  const filtered: ParsedFilter | undefined = filter === undefined ? undefined : parseODataFilter(filter, target, none)
  const ordered = orderBy === undefined ? undefined : parseOrderBy(orderBy, target, none)
  return {
    navigation,
    ...(select === undefined ? {} : { select: parseSelect(select, target) }),
    ...(filtered ? { filter: filtered.filter } : {}),
    ...(ordered ? { orders: ordered.orders } : {}),
    ...(top === undefined ? {} : { top: parseTop(top) }),
    links: mergeLinks(filtered?.links ?? [], ordered?.links ?? []),
    expand: expand === undefined ? [] : parseItems(expand, target, depth + 1),
  }
}

/** Parses the text of `$top`: a whole number above 0. */
export function parseTop(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) {
    throw uriError(
      `Invalid value '${text}' for $top query option found. The $top query option requires a positive integer value.`,
    )
  }
  return Number(text)
}
