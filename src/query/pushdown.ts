import type { ColumnPath, Condition, Operator } from '../service/index.ts'

/** The conditions that all have to hold for a condition to hold. */
export function conjunctsOf(condition: Condition | undefined): readonly Condition[] {
  if (!condition) return []
  return condition.kind === 'and' ? condition.conditions.flatMap(conjunctsOf) : [condition]
}

/** The links that a condition looks at, by alias; `undefined` among them is the query's own table. */
export function linksIn(condition: Condition, found: Set<string | undefined> = new Set()): Set<string | undefined> {
  switch (condition.kind) {
    case 'and':
    case 'or':
      for (const part of condition.conditions) linksIn(part, found)
      break
    case 'not':
      linksIn(condition.condition, found)
      break
    case 'compareColumns':
      found.add(condition.link).add(condition.with.link)
      break
    case 'compare':
      found.add(condition.link)
      break
    case 'linked':
      found.add(undefined)
      break
  }
  return found
}

/** A condition on one link as a condition on the link's own table. */
export function onOwnTable(condition: Condition): Condition {
  const own = <T extends ColumnPath>({ link: _, ...path }: T) => path
  switch (condition.kind) {
    case 'and':
    case 'or':
      return { ...condition, conditions: condition.conditions.map(onOwnTable) }
    case 'not':
      return { ...condition, condition: onOwnTable(condition.condition) }
    case 'compareColumns':
      return { ...own(condition), with: own(condition.with) }
    case 'compare':
      return own(condition)
    case 'linked':
      return condition
  }
}

/** The operators that rows without a value can satisfy. */
const matchNull: ReadonlySet<Operator> = new Set([
  'null',
  'ne',
  'not-in',
  'not-between',
  'not-like',
  'not-begin-with',
  'not-end-with',
  'not-contain-values',
  'ne-userid',
  'ne-businessid',
  'not-under',
])

/** Whether no row satisfies the condition whose columns all have no value: an outer link then joins as an inner one. */
export function rejectsNull(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.some(rejectsNull)
    case 'or':
      return condition.conditions.length > 0 && condition.conditions.every(rejectsNull)
    case 'compare':
      return !matchNull.has(condition.operator)
    case 'compareColumns':
      return condition.operator !== 'ne'
    default:
      return false
  }
}
