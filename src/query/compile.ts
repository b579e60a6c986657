import {
  type ColumnComparison,
  type ColumnPath,
  type Comparison,
  type Condition,
  dataverseError,
  type LinkCondition,
} from '../service/index.ts'
import { zoneClock } from './calendar/zone-clock.ts'
import { type Comparable, comparable, isDate, isText, toComparable } from './comparable.ts'
import type { Compilation } from './compilation.ts'
import { compileOperator } from './operators.ts'
import type { ColumnTest } from './row-source.ts'
import type { Layout, StoredRow, StoredValue } from './stored-row.ts'

/** The rows that links joined to a row, in the order of the query's links; `null` where an outer link found none. */
export type Joined = readonly (StoredRow | null)[]
export type Predicate = (row: StoredRow, joined: Joined) => boolean

/** What a condition can see: the layout of the query's table and those of its links, by alias. */
export interface Scope {
  readonly root: Layout
  readonly links: ReadonlyMap<string, { readonly index: number; readonly layout: Layout }>
  readonly compilation: Compilation
  /** How a condition on linked rows is asked. */
  linked(condition: LinkCondition): LinkedTest
}

/** A condition on linked rows, asked of a row, or, where that is enough, of what its column `to` holds. */
export interface LinkedTest {
  readonly to: number
  row(row: StoredRow): boolean
  key?(key: Comparable | null): boolean
}

/** A column that a condition or an order looks at: its layout, its position, and how to read it. */
export interface Place {
  readonly layout: Layout
  readonly position: number
  read(row: StoredRow, joined: Joined): StoredValue
}

/** Compiles a condition to a predicate. Throws the platform's error for an unknown column, operator or value. */
export function compileCondition(condition: Condition, scope: Scope): Predicate {
  switch (condition.kind) {
    case 'and':
      return every(condition.conditions.map((part) => compileCondition(part, scope)))
    case 'or': {
      const parts = condition.conditions.map((part) => compileCondition(part, scope))
      if (parts.length === 0) return () => true
      return (row, joined) => parts.some((part) => part(row, joined))
    }
    case 'not': {
      const part = compileCondition(condition.condition, scope)
      return (row, joined) => !part(row, joined)
    }
    case 'compare': {
      const { layout, position, read } = locate(condition, scope)
      const definition = layout.columns[position]!
      const test = compileOperator(
        layout.table,
        condition.column,
        condition.operator,
        condition.values,
        scope.compilation,
      )
      return (row, joined) => test(comparable(definition, read(row, joined)))
    }
    case 'compareColumns': {
      const [left, right] = [locate(condition, scope), locate(condition.with, scope)]
      const test = compileComparing(condition, left, right)
      const [leftColumn, rightColumn] = [left.layout.columns[left.position]!, right.layout.columns[right.position]!]
      return (row, joined) =>
        test(comparable(leftColumn, left.read(row, joined)), comparable(rightColumn, right.read(row, joined)))
    }
    case 'linked': {
      const linked = scope.linked(condition)
      return (row) => linked.row(row)
    }
    default:
      throw dataverseError('InvalidQuery', { reason: `unknown condition '${(condition as { kind: string }).kind}'` })
  }
}

export function locate({ column, link }: ColumnPath, { root, links }: Scope): Place {
  const found = link === undefined ? undefined : links.get(link)
  if (link !== undefined && !found) {
    throw dataverseError('InvalidQuery', { reason: `no link of this query has the alias '${link}'` })
  }
  const layout = found?.layout ?? root
  const position = positionOf(layout, column)
  if (!found) return { layout, position, read: (row) => row[position] ?? null }
  const { index } = found
  return { layout, position, read: (_row, joined) => joined[index]?.[position] ?? null }
}

export function positionOf(layout: Layout, column: string): number {
  const position = layout.positions.get(column)
  if (position === undefined) {
    throw dataverseError('QueryBuilderNoAttribute', { table: layout.table.logicalName, column: String(column) })
  }
  return position
}

export function every(parts: readonly Predicate[]): Predicate {
  const [first, second, third] = parts
  if (!first) return () => true
  if (!second) return first
  if (!third) return (row, joined) => first(row, joined) && second(row, joined)
  return (row, joined) => {
    for (const part of parts) if (!part(row, joined)) return false
    return true
  }
}

type Compare = (a: Comparable | null, b: Comparable | null) => boolean

const comparing: Readonly<Record<ColumnComparison['operator'], Compare>> = {
  eq: (a, b) => a !== null && a === b,
  ne: (a, b) => a !== b,
  gt: (a, b) => a !== null && b !== null && a > b,
  ge: (a, b) => a !== null && b !== null && a >= b,
  lt: (a, b) => a !== null && b !== null && a < b,
  le: (a, b) => a !== null && b !== null && a <= b,
}

function compileComparing({ operator }: ColumnComparison, left: Place, right: Place): Compare {
  const [a, b] = [left, right].map(({ layout, position }) => layout.columns[position]!)
  if (family(a!) !== family(b!)) {
    throw dataverseError('QueryBuilderBad_Condition', {
      reason: `A column of type ${a!.type} cannot be compared with one of type ${b!.type}.`,
    })
  }
  const compare = Object.hasOwn(comparing, operator) ? comparing[operator] : undefined
  if (!compare) throw dataverseError('QueryBuilderInvalidConditionOperator', { operator: String(operator) })
  return compare
}

/** Columns of one family have values that compare with each other. */
function family(definition: Layout['columns'][number]): string {
  if (isText(definition)) return 'text'
  if (isDate(definition)) return definition.type
  switch (definition.type) {
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
    case 'money':
      return 'number'
    case 'choice':
    case 'state':
    case 'status':
      return 'choice'
    case 'lookup':
    case 'primaryKey':
    case 'uniqueIdentifier':
      return 'id'
    default:
      return definition.type
  }
}

/** An equality that holds for every row of the result, and so can be looked up instead of scanned for. */
export interface Lookup {
  readonly position: number
  readonly values: readonly Comparable[]
}

/** The equality that a condition on the query's own table is, if it is one. */
export function lookupOf(condition: Condition, layout: Layout, compilation: Compilation): Lookup | undefined {
  if (condition.kind !== 'compare' || condition.link !== undefined) return undefined
  if (condition.operator !== 'eq' && condition.operator !== 'in') return undefined
  const position = positionOf(layout, condition.column)
  const clock = () => zoneClock(compilation.context().timeZone)
  const values = condition.values.map((value) =>
    toComparable(layout.columns[position]!, value, condition.operator, clock),
  )
  return { position, values: [...new Set(values)] }
}

/** What of a condition can be said of the columns of the query's own table alone; `undefined`: nothing. */
export function columnTestOf(condition: Condition, scope: Scope): ColumnTest | undefined {
  const { root: layout, compilation } = scope
  switch (condition.kind) {
    case 'compare':
      return condition.link === undefined ? comparisonTest(condition, layout, compilation) : undefined
    case 'compareColumns': {
      if (condition.link !== undefined || condition.with.link !== undefined) return undefined
      const [left, right] = [condition, condition.with].map(({ column }) => positionOf(layout, column))
      const test = compileComparing(condition, locate(condition, scope), locate(condition.with, scope))
      return {
        exact: true,
        compile(vector) {
          const [a, b] = [vector(left!), vector(right!)]
          return (at) => test(a[at]!, b[at]!)
        },
      }
    }
    case 'not': {
      const part = columnTestOf(condition.condition, scope)
      if (!part?.exact) return undefined
      return {
        exact: true,
        compile(vector) {
          const test = part.compile(vector)
          return (at) => !test(at)
        },
      }
    }
    case 'and':
      return allOf(condition.conditions.map((part) => columnTestOf(part, scope)))
    case 'or': {
      const parts = condition.conditions.map((part) => columnTestOf(part, scope))
      const known = parts.filter((part) => part !== undefined)
      if (known.length === 0 || known.length < parts.length) return undefined
      return {
        exact: known.every(({ exact }) => exact),
        compile: (vector) => any(known.map((part) => part.compile(vector))),
      }
    }
    case 'linked': {
      const { to, key } = scope.linked(condition)
      if (!key) return undefined
      return {
        exact: true,
        compile(vector) {
          const cells = vector(to)
          return (at) => key(cells[at]!)
        },
      }
    }
  }
}

function comparisonTest(
  { column, operator, values }: Comparison,
  layout: Layout,
  compilation: Compilation,
): ColumnTest {
  const position = positionOf(layout, column)
  const test = compileOperator(layout.table, column, operator, values, compilation)
  return {
    exact: true,
    compile(vector) {
      const cells = vector(position)
      return test.inColumn?.(cells) ?? ((at) => test(cells[at]!))
    },
  }
}

/** The test that all of the conditions hold, as far as they can be tested so. */
export function allOf(parts: readonly (ColumnTest | undefined)[]): ColumnTest | undefined {
  const known = parts.filter((part) => part !== undefined)
  if (known.length === 0) return undefined
  return {
    exact: known.length === parts.length && known.every(({ exact }) => exact),
    compile: (vector) => all(known.map((part) => part.compile(vector))),
  }
}

function all(tests: readonly ((at: number) => boolean)[]): (at: number) => boolean {
  const [first, second, third] = tests
  if (!second) return first!
  if (!third) return (at) => first!(at) && second(at)
  return (at) => tests.every((test) => test(at))
}

function any(tests: readonly ((at: number) => boolean)[]): (at: number) => boolean {
  const [first, second, third] = tests
  if (!second) return first!
  if (!third) return (at) => first!(at) || second(at)
  return (at) => tests.some((test) => test(at))
}
