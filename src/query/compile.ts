import { type ColumnPath, type Condition, dataverseError } from '../service/index.ts'
import { type Comparable, comparable, compileOperator, toComparable } from './operators.ts'
import type { RowSource } from './row-source.ts'
import { type Layout, layoutOf, type StoredRow, type StoredValue } from './stored-row.ts'

/** The rows that links joined to a row, in the order of the query's links; `null` where an outer link found none. */
export type Joined = readonly (StoredRow | null)[]
export type Predicate = (row: StoredRow, joined: Joined) => boolean

/** What a condition can see: the layout of the query's table and those of its links, by alias. */
export interface Scope {
  readonly root: Layout
  readonly links: ReadonlyMap<string, { readonly index: number; readonly layout: Layout }>
  readonly source: RowSource
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
      const test = compileOperator(layout.table, condition.column, condition.operator, condition.values)
      return (row, joined) => test(comparable(definition, read(row, joined)))
    }
    case 'compareColumns':
      return compileColumns(locate(condition, scope), condition.operator, locate(condition.with, scope))
    case 'linked':
      return compileLinked(condition, scope)
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
    throw dataverseError('QueryBuilderNoAttribute', { table: layout.table.logicalName, column })
  }
  return position
}

function every(parts: readonly Predicate[]): Predicate {
  const [first, second, third] = parts
  if (!first) return () => true
  if (!second) return first
  if (!third) return (row, joined) => first(row, joined) && second(row, joined)
  return (row, joined) => {
    for (const part of parts) if (!part(row, joined)) return false
    return true
  }
}

function compileColumns(left: Place, operator: 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le', right: Place): Predicate {
  const value = (place: Place, row: StoredRow, joined: Joined) =>
    comparable(place.layout.columns[place.position]!, place.read(row, joined))
  const tests = {
    eq: (a: never, b: never) => a === b,
    ne: (a: never, b: never) => a !== b,
    gt: (a: never, b: never) => a > b,
    ge: (a: never, b: never) => a >= b,
    lt: (a: never, b: never) => a < b,
    le: (a: never, b: never) => a <= b,
  }
  const test = tests[operator]
  return (row, joined) => {
    const a = value(left, row, joined)
    const b = value(right, row, joined)
    if (a === null || b === null) return operator === 'ne' && a !== b
    return test(a as never, b as never)
  }
}

/**
 * Conditions on linked rows. `all` means "there are linked rows and none satisfies the filter", and `notAll` the same as
 * `any`: that is how the platform documents them.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/fetchxml/filter-rows#filter-on-column-values-in-related-records
 */
function compileLinked(condition: Condition & { kind: 'linked' }, scope: Scope): Predicate {
  const { link, match } = condition
  const { source } = scope
  const layout = layoutOf(source.definition(link.table))
  const from = positionOf(layout, link.from)
  const to = positionOf(scope.root, link.to)
  const parts: Condition[] = (link.links ?? []).map((inner) => ({ kind: 'linked', match: 'any', link: inner }))
  const inner = compileCondition(
    { kind: 'and', conditions: link.filter ? [link.filter, ...parts] : parts },
    { root: layout, links: new Map(), source },
  )
  const linked = (row: StoredRow) => {
    const key = comparable(scope.root.columns[to]!, row[to] ?? null)
    return key === null ? [] : source.find(link.table, from, key)
  }
  switch (match) {
    case 'any':
    case 'notAll':
      return (row) => linked(row).some((other) => inner(other, []))
    case 'notAny':
      return (row) => !linked(row).some((other) => inner(other, []))
    case 'all':
      return (row) => {
        const rows = linked(row)
        return rows.length > 0 && !rows.some((other) => inner(other, []))
      }
    default:
      throw dataverseError('InvalidQuery', { reason: `unknown match '${String(match)}' of linked rows` })
  }
}

/** An equality that holds for every row of the result, and so can be looked up instead of scanned for. */
export interface Lookup {
  readonly position: number
  readonly values: readonly (string | number | boolean)[]
}

/** The equalities on the query's own table that the whole condition implies. */
export function lookupsOf(condition: Condition | undefined, layout: Layout): Lookup[] {
  if (!condition) return []
  if (condition.kind === 'and') return condition.conditions.flatMap((part) => lookupsOf(part, layout))
  if (condition.kind !== 'compare' || condition.link !== undefined) return []
  if (condition.operator !== 'eq' && condition.operator !== 'in') return []
  const position = positionOf(layout, condition.column)
  const values = condition.values.map((value) => toComparable(layout.columns[position]!, value, condition.operator))
  return [{ position, values: [...new Set(values)] }]
}

/** A column of all rows of a table, as what the values compare as. */
export type Vector = readonly (Comparable | null)[]

/** A condition that looks at columns instead of rows, for a source that keeps them apart: a scan then touches no row. */
export interface ColumnTest {
  /** Whether a row that passes needs no further test. */
  readonly exact: boolean
  /** The test of the row at a place, given the columns by their position. */
  compile(vector: (position: number) => Vector): (at: number) => boolean
}

/** What of a condition can be said of the columns of the query's own table alone; `undefined`: nothing. */
export function columnTestOf(condition: Condition | undefined, layout: Layout): ColumnTest | undefined {
  switch (condition?.kind) {
    case 'compare': {
      const { column, link, operator, values } = condition
      if (link !== undefined) return undefined
      const position = positionOf(layout, column)
      const test = compileOperator(layout.table, column, operator, values)
      return {
        exact: true,
        compile(vector) {
          const cells = vector(position)
          return (at) => test(cells[at]!)
        },
      }
    }
    case 'and': {
      const parts = condition.conditions.map((part) => columnTestOf(part, layout))
      const known = parts.filter((part) => part !== undefined)
      if (known.length === 0) return undefined
      return {
        exact: known.length === parts.length && known.every(({ exact }) => exact),
        compile: (vector) => all(known.map((part) => part.compile(vector))),
      }
    }
    case 'or': {
      const parts = condition.conditions.map((part) => columnTestOf(part, layout))
      const known = parts.filter((part) => part !== undefined)
      if (known.length === 0 || known.length < parts.length) return undefined
      return {
        exact: known.every(({ exact }) => exact),
        compile: (vector) => any(known.map((part) => part.compile(vector))),
      }
    }
    default:
      return undefined
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
