import type { ColumnComparison, ColumnValue, Condition, Link, LinkCondition, Operator } from '../../service/index.ts'
import { negativeOf } from '../negative-of.ts'
import { Cursor } from './cursor.ts'
import { edmTypeOf } from './edm-type.ts'
import { parseJsonList } from './json-list.ts'
import { argumentOf, edmTypeOfLiteral, isLiteral, isNumeric, valueFor } from './literal.ts'
import { type NamedColumn, Names, propertyNotFound, targetOf } from './paths.ts'
import { QUERY_FUNCTION_NAMESPACE, queryFunctions, unsupportedFunctions } from './query-functions.ts'
import type { ODataNavigation, ODataScope, ParameterAliases } from './scope.ts'
import type { Token } from './tokens.ts'
import { notSupported, uriError } from './uri-error.ts'

/** A filter, and the joins that its paths through lookups need. */
export interface ParsedFilter {
  readonly filter: Condition
  readonly links: readonly Link[]
}

/**
 * Parses the text of `$filter`.
 *
 *     or         = and *( 'or' and )
 *     and        = unary *( 'and' unary )
 *     unary      = 'not' unary / comparison
 *     comparison = operand [ ( 'eq' / 'ne' / 'gt' / 'ge' / 'lt' / 'le' ) operand ]
 *     operand    = '(' or ')' / literal / 'null' / alias / function '(' … ')' / path
 *     path       = *( lookup '/' ) ( property / collection '/' ( 'any' / 'all' ) '(' [ variable ':' or ] ')' / query function )
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query/filter-rows
 */
export function parseODataFilter(text: string, scope: ODataScope, aliases: ParameterAliases = new Map()): ParsedFilter {
  const names = new Names(scope)
  const cursor = new Cursor(text)
  const parser = new FilterParser(cursor, names, aliases)
  const filter = parser.parseCondition()
  cursor.expectEnd()
  return { filter, links: names.links() }
}

type Operand =
  | { readonly kind: 'column'; readonly column: NamedColumn; readonly at: Token }
  | { readonly kind: 'literal'; readonly at: Token }
  | { readonly kind: 'null'; readonly at: Token }
  | { readonly kind: 'condition'; readonly condition: Condition; readonly at: Token; readonly isCustom?: boolean }

const comparisons = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const
type Comparing = (typeof comparisons)[number]
const flipped: Readonly<Record<Comparing, Comparing>> = { eq: 'eq', ne: 'ne', gt: 'lt', ge: 'le', lt: 'gt', le: 'ge' }
const kinds: Readonly<Record<Comparing, string>> = {
  eq: 'Equal',
  ne: 'NotEqual',
  gt: 'GreaterThan',
  ge: 'GreaterThanOrEqual',
  lt: 'LessThan',
  le: 'LessThanOrEqual',
}
const otherOperators = ['add', 'sub', 'mul', 'div', 'divby', 'mod', 'has', 'in']
/** How long a chain of parameter aliases that stand for one another may be. */
const MAX_ALIASES_DEEP = 10
const textFunctions: Readonly<Record<string, (text: string) => string>> = {
  contains: (text) => `%${text}%`,
  startswith: (text) => `${text}%`,
  endswith: (text) => `%${text}`,
}

export class FilterParser {
  constructor(
    private readonly cursor: Cursor,
    private readonly names: Names,
    private readonly aliases: ParameterAliases,
    /** The aliases that are being read, so that one that leads to itself is told. */
    private readonly reading: ReadonlySet<string> = new Set(),
  ) {}

  parseCondition(): Condition {
    const { token } = this.cursor
    return this.asCondition(this.parseExpression(), undefined, token)
  }

  /** A column, for `$orderby`, `$apply` and what an alias may stand for. */
  parseColumn(): NamedColumn {
    const operand = this.parseOperand()
    if (operand.kind !== 'column') throw this.cursor.error('A property is expected', operand.at.position)
    return operand.column
  }

  /** A condition, or a lone operand where that is all there is: parentheses may stand around either. */
  private parseExpression(): Operand {
    return this.cursor.nested(() => this.parseJunction('or', () => this.parseJunction('and', () => this.parseUnary())))
  }

  private parseJunction(kind: 'and' | 'or', parsePart: () => Operand): Operand {
    const at = this.cursor.token
    const first = parsePart()
    if (!this.cursor.isName(kind)) return first
    const conditions = [this.asCondition(first, undefined, at)]
    while (this.cursor.skipName(kind)) {
      const { token } = this.cursor
      conditions.push(this.asCondition(parsePart(), undefined, token))
    }
    return { kind: 'condition', condition: { kind, conditions }, at }
  }

  private parseUnary(): Operand {
    const at = this.cursor.token
    if (!this.cursor.skipName('not')) return this.parseComparison()
    return this.cursor.nested(() => {
      const operand = this.cursor.isName('not') ? this.parseUnary() : this.parseOperand()
      if (operand.kind === 'condition' && operand.isCustom) {
        throw uriError('Not operator along with the Custom Named Condition operators is not allowed')
      }
      return { kind: 'condition', condition: negate(this.asCondition(operand, 'Not', at)), at }
    })
  }

  private parseComparison(): Operand {
    const left = this.parseOperand()
    const comparing = this.comparingHere()
    if (comparing === undefined) {
      const { token } = this.cursor
      if (token.kind === 'name' && otherOperators.includes(token.text)) {
        throw notSupported(`The operator '${token.text}'`, token.position, this.cursor.text)
      }
      return left
    }
    this.cursor.next()
    return { kind: 'condition', condition: this.compare(left, comparing, this.parseOperand()), at: left.at }
  }

  private comparingHere(): Comparing | undefined {
    const { kind, text } = this.cursor.token
    return kind === 'name' ? comparisons.find((name) => name === text) : undefined
  }

  private asCondition(operand: Operand, operator: string | undefined, at: Token): Condition {
    if (operand.kind === 'condition') return operand.condition
    if (operand.kind === 'column' && operand.column.definition.type === 'boolean') {
      return { kind: 'compare', ...operand.column.path, operator: 'eq', values: [true] }
    }
    if (operator !== undefined) {
      throw uriError(
        `A unary operator with an incompatible type was detected. Found operand type '${typeOf(operand)}' for operator kind '${operator}'.`,
      )
    }
    // A value where a condition has to stand: the text is not over, or lacks an operator.
    if (!this.cursor.isEnd() && !this.cursor.isSign(')')) throw this.cursor.error('Syntax error')
    throw this.cursor.error('A comparison is expected', at.position)
  }

  private compare(left: Operand, comparing: Comparing, right: Operand): Condition {
    if (left.kind === 'column' && right.kind === 'column') return this.compareColumns(left, comparing, right)
    if (right.kind === 'column') return this.compare(right, flipped[comparing], left)
    if (left.kind !== 'column') {
      throw this.cursor.error('A comparison needs a property', left.at.position)
    }
    const { path, definition } = left.column
    const compared = (operator: Operator, ...values: ColumnValue[]): Condition => ({
      kind: 'compare',
      ...path,
      operator,
      values,
    })
    if (right.kind === 'null') {
      if (comparing === 'eq') return compared('null')
      // Nothing is more or less than null.
      return comparing === 'ne' ? compared('not-null') : compared('in')
    }
    const value = right.kind === 'literal' ? valueFor(definition, right.at) : undefined
    if (value === undefined) throw incompatible(left, comparing, right)
    return compared(comparing, value)
  }

  private compareColumns(
    left: Operand & { kind: 'column' },
    operator: Comparing,
    right: Operand & { kind: 'column' },
  ): ColumnComparison {
    const [a, b] = [typeOf(left), typeOf(right)]
    if (a !== b && !(isNumeric(a) && isNumeric(b))) throw incompatible(left, operator, right)
    return { kind: 'compareColumns', ...left.column.path, operator, with: right.column.path }
  }

  private parseOperand(): Operand {
    const { cursor } = this
    const { token } = cursor
    if (cursor.skipSign('(')) {
      const operand = this.parseExpression()
      if (!cursor.skipSign(')')) throw cursor.error("')' or operator expected")
      return operand
    }
    if (token.kind === 'name' && token.text === 'null') return { kind: 'null', at: cursor.next() }
    if (isLiteral(token)) return { kind: 'literal', at: cursor.next() }
    if (token.kind !== 'name') throw cursor.error('Expression expected')
    if (token.text.startsWith('@')) return this.parseAlias()
    if (cursor.peek().kind === 'sign' && cursor.peek().text === '(') return this.parseFunction()
    return this.parsePath()
  }

  /** What the URL says the alias stands for; an alias that it does not give is null. */
  private parseAlias(): Operand {
    const at = this.cursor.next()
    const text = this.aliases.get(at.text)
    if (text === undefined) return { kind: 'null', at }
    if (this.reading.has(at.text)) throw uriError(`The parameter alias '${at.text}' stands for itself.`)
    if (this.reading.size >= MAX_ALIASES_DEEP) throw uriError('Recursion depth exceeded allowed limit.')
    const cursor = new Cursor(text)
    // A property or a literal: conditions made of aliases made of conditions would grow without end.
    if (cursor.mentionsSign('('))
      throw uriError(`The parameter alias '${at.text}' is neither a property nor a literal.`)
    const inner = new FilterParser(cursor, this.names, this.aliases, new Set([...this.reading, at.text]))
    const operand = inner.parseOperand()
    cursor.expectEnd()
    return operand
  }

  private parseFunction(): Operand {
    const { cursor } = this
    const { token } = cursor
    const { text: name } = token
    if (name.startsWith(QUERY_FUNCTION_NAMESPACE)) return this.parseQueryFunction(this.names.scope, undefined)
    if (unsupportedFunctions.has(name)) throw notSupported(`The function '${name}'`, token.position, cursor.text)
    const patternOf = Object.hasOwn(textFunctions, name) ? textFunctions[name] : undefined
    if (!patternOf) {
      throw uriError(
        `An unknown function with name '${name}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
      )
    }
    cursor.next()
    cursor.expectSign('(')
    const column = this.parseOperand()
    cursor.expectSign(',', "')' or ',' expected")
    const argument = this.parseOperand()
    cursor.expectSign(')', "')' or ',' expected")
    const isText =
      column.kind === 'column' && typeOf(column) === 'Edm.String' && column.column.definition.type !== 'multiChoice'
    if (!isText || argument.kind !== 'literal' || argument.at.kind !== 'string') {
      throw uriError(
        `No function signature for the function with name '${name}' matches the specified arguments. The function signatures considered are: ${name}(Edm.String Nullable=true, Edm.String Nullable=true).`,
      )
    }
    const values = [patternOf(argument.at.text)]
    return {
      kind: 'condition',
      condition: { kind: 'compare', ...column.column.path, operator: 'like', values },
      at: token,
    }
  }

  private parsePath(): Operand {
    const { cursor, names } = this
    const at = cursor.token
    let { scope } = names
    let link: string | undefined
    if (names.variable !== undefined) {
      if (at.text !== names.variable) {
        throw uriError(
          `'${at.text}' at position ${at.position} in '${cursor.text}' does not begin with '${names.variable}/': the body of any and all can name the properties of the rows that it looks at, and no others.`,
        )
      }
      cursor.next()
      cursor.expectSign('/')
    } else if (cursor.skipName('$it')) cursor.expectSign('/')
    for (;;) {
      const { text: name } = cursor.token
      if (name.startsWith(QUERY_FUNCTION_NAMESPACE)) return this.parseQueryFunction(scope, link)
      cursor.expectName()
      if (!cursor.skipSign('/')) {
        if (cursor.isSign('(')) throw cursor.error('Syntax error')
        return { kind: 'column', column: names.column(name, scope, link), at }
      }
      const navigation = scope.navigation(name)
      if (!navigation) {
        if (scope.columnOf(name) === undefined) throw propertyNotFound(name, scope)
        throw uriError(
          `The parent value for a property access of a property '${cursor.token.text}' is not a single value. Property access can only be applied to a single value.`,
        )
      }
      if (navigation.collection) {
        if (link !== undefined) {
          throw uriError(
            `The collection '${name}' below the single-valued navigation property '${link}' cannot be filtered by: any and all follow a collection of the row itself.`,
          )
        }
        return { kind: 'condition', condition: this.parseLambda(navigation), at }
      }
      ;[scope, link] = names.through(navigation, link)
    }
  }

  /** `any(o:…)`, `any()` or `all(o:…)` after a collection. */
  private parseLambda(navigation: ODataNavigation): Condition {
    const { cursor } = this
    const { token } = cursor
    const match = cursor.skipName('any') ? 'any' : cursor.skipName('all') ? 'all' : undefined
    if (match === undefined) {
      if (token.text === '$count') throw notSupported("'$count' in $filter", token.position, cursor.text)
      throw uriError(
        `The parent value for a property access of a property '${token.text}' is not a single value. Property access can only be applied to a single value.`,
      )
    }
    cursor.expectSign('(')
    if (match === 'any' && cursor.skipSign(')')) return linkedBy(navigation, 'any', undefined, [])
    const variable = cursor.expectName().text
    cursor.expectSign(':')
    const names = new Names(targetOf(navigation), variable)
    const body = new FilterParser(this.cursor, names, this.aliases, this.reading).parseCondition()
    cursor.expectSign(')', "')' or operator expected")
    // Of all rows something holds where of none the opposite does, also where there are no rows.
    return match === 'any'
      ? linkedBy(navigation, 'any', body, names.links())
      : linkedBy(navigation, 'notAny', negate(body), names.links())
  }

  /** `Microsoft.Dynamics.CRM.Name(PropertyName='…',PropertyValue=…)`. */
  private parseQueryFunction(scope: ODataScope, link: string | undefined): Operand {
    const { cursor } = this
    const at = cursor.next()
    const name = at.text.slice(QUERY_FUNCTION_NAMESPACE.length)
    const found = queryFunctions.get(name)
    if (!found) {
      if (name === 'Contains') throw notSupported(`The full-text function '${at.text}'`, at.position, cursor.text)
      throw uriError(
        `An unknown function with name '${at.text}' was found. This may also be a function import or a key lookup on a navigation property, which is not allowed.`,
      )
    }
    const given = this.parseArguments()
    const take = (parameter: string): Token => {
      const token = given.get(parameter)
      if (!token) throw uriError(`The function '${at.text}' needs the parameter '${parameter}'.`)
      given.delete(parameter)
      return token
    }
    const property = take('PropertyName').text
    const values = {
      none: () => [],
      one: () => [argumentOf(take('PropertyValue'))],
      two: () => [argumentOf(take('PropertyValue1')), argumentOf(take('PropertyValue2'))],
      list: () => parseJsonList(take('PropertyValues').text),
    }[found.arguments]()
    const [unknown] = given.keys()
    if (unknown !== undefined) throw uriError(`The function '${at.text}' has no parameter '${unknown}'.`)
    // The name of the property, or the logical name of the column.
    const column =
      scope.columnOf(property) ?? (Object.hasOwn(scope.definition.columns, property) ? property : undefined)
    if (column === undefined) throw propertyNotFound(property, scope)
    const { path } = this.names.named(column, scope, link)
    return {
      kind: 'condition',
      condition: { kind: 'compare', ...path, operator: found.operator, values },
      at,
      isCustom: true,
    }
  }

  private parseArguments(): Map<string, Token> {
    const { cursor } = this
    const given = new Map<string, Token>()
    cursor.expectSign('(')
    while (!cursor.isSign(')')) {
      const { text: parameter, position } = cursor.expectName()
      if (given.has(parameter)) throw cursor.error(`The parameter '${parameter}' is given twice`, position)
      cursor.expectSign('=')
      const token = cursor.next()
      given.set(parameter, token.text.startsWith('@') && token.kind === 'name' ? this.aliasedArgument(token) : token)
      if (!isArgument(given.get(parameter)!)) throw cursor.error('Expression expected', token.position)
      if (!cursor.skipSign(',')) break
      if (cursor.isSign(')')) throw cursor.error('Expression expected')
    }
    cursor.expectSign(')', "')' or ',' expected")
    return given
  }

  private aliasedArgument({ text: name }: Token): Token {
    const text = this.aliases.get(name)
    if (text === undefined) throw uriError(`The parameter alias '${name}' is not given.`)
    const cursor = new Cursor(text)
    const token = cursor.next()
    cursor.expectEnd()
    return token
  }
}

function isArgument(token: Token): boolean {
  return token.kind === 'json' || isLiteral(token)
}

function typeOf(operand: Operand): string {
  switch (operand.kind) {
    case 'column':
      return edmTypeOf(operand.column.definition)
    case 'literal':
      return edmTypeOfLiteral(operand.at)
    case 'condition':
      return 'Edm.Boolean'
    case 'null':
      return '<null>'
  }
}

function incompatible(left: Operand, comparing: Comparing, right: Operand) {
  return uriError(
    `A binary operator with incompatible types was detected. Found operand types '${typeOf(left)}' and '${typeOf(right)}' for operator kind '${kinds[comparing]}'.`,
  )
}

/** A condition on the rows at the end of a collection; those of an N:N relationship are reached through its table. */
function linkedBy(
  { joins }: ODataNavigation,
  match: LinkCondition['match'],
  filter: Condition | undefined,
  links: readonly Link[],
): LinkCondition {
  const body = { ...(filter ? { filter } : {}), ...(links.length > 0 ? { links } : {}) }
  const [first, second] = joins
  if (!second) return { kind: 'linked', match, link: { ...first!, ...body } }
  return {
    kind: 'linked',
    match,
    // The body names columns of the far table and of its lookups: there it is a query of its own.
    link: { ...first!, intersect: true, filter: { kind: 'linked', match: 'any', link: { ...second, ...body } } },
  }
}

/** `not`, said with the negative operator where there is one, as the platform does. */
function negate(condition: Condition): Condition {
  if (condition.kind === 'not') return condition.condition
  if (condition.kind === 'linked' && (condition.match === 'any' || condition.match === 'notAny')) {
    return { ...condition, match: condition.match === 'any' ? 'notAny' : 'any' }
  }
  const operator = condition.kind === 'compare' ? negativeOf.get(condition.operator) : undefined
  if (condition.kind === 'compare' && operator !== undefined) return { ...condition, operator }
  return { kind: 'not', condition }
}
