import {
  type ColumnValue,
  type Condition,
  type Operator,
  operators,
  type QueryExpression,
} from '../../service/index.ts'
import type { Model } from '../model.ts'
import { badRequest, notEmulated } from '../refusals.ts'
import { readValue } from '../rows/decode-row.ts'

type Values = Readonly<Record<string, unknown>>

/** The operators that have another name in the SDK than FetchXML's without its hyphens. */
const renamed: Readonly<Record<string, Operator>> = {
  Equal: 'eq',
  NotEqual: 'ne',
  GreaterThan: 'gt',
  GreaterEqual: 'ge',
  LessThan: 'lt',
  LessEqual: 'le',
  DoesNotBeginWith: 'not-begin-with',
  DoesNotEndWith: 'not-end-with',
  ContainValues: 'contain-values',
  DoesNotContainValues: 'not-contain-values',
  EqualUserId: 'eq-userid',
  NotEqualUserId: 'ne-userid',
  EqualBusinessId: 'eq-businessid',
  NotEqualBusinessId: 'ne-businessid',
}
const byName = new Map(operators.map((operator) => [operator.replaceAll('-', ''), operator]))

/**
 * The query that the JSON of an SDK `QueryExpression` describes: its table and its criteria. Joins in it are refused.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryexpression
 */
export function decodeQueryExpression(given: unknown, model: Model): QueryExpression {
  const query = object(given, 'A QueryExpression')
  if (typeof query.EntityName !== 'string') throw badRequest("A QueryExpression needs its 'EntityName'.")
  if (Array.isArray(query.LinkEntities) && query.LinkEntities.length > 0) {
    throw notEmulated("'LinkEntities' in a QueryExpression")
  }
  const { table } = model.table(query.EntityName)
  const filter = query.Criteria === undefined ? undefined : decodeFilter(query.Criteria, table.logicalName, model)
  return { table: table.logicalName, columns: [table.primaryKey], ...(filter ? { filter } : {}) }
}

function decodeFilter(given: unknown, table: string, model: Model, depth = 0): Condition {
  if (depth > 50) throw badRequest('The criteria of a QueryExpression are nested too deeply.')
  const { FilterOperator = 'And', Conditions = [], Filters = [] } = object(given, 'Criteria')
  if (FilterOperator !== 'And' && FilterOperator !== 'Or') throw badRequest("A 'FilterOperator' is And or Or.")
  if (!Array.isArray(Conditions) || !Array.isArray(Filters)) throw badRequest('Conditions and Filters are arrays.')
  return {
    kind: FilterOperator === 'And' ? 'and' : 'or',
    conditions: [
      ...Conditions.map((condition) => decodeCondition(condition, table, model)),
      ...Filters.map((filter) => decodeFilter(filter, table, model, depth + 1)),
    ],
  }
}

function decodeCondition(given: unknown, table: string, model: Model): Condition {
  const { AttributeName, Operator: name, Values = [] } = object(given, 'A condition')
  const { columns } = model.table(table).table
  if (typeof AttributeName !== 'string' || !Object.hasOwn(columns, AttributeName)) {
    throw badRequest(`The condition's 'AttributeName' is no column of '${table}'.`)
  }
  const operator = typeof name === 'string' ? (renamed[name] ?? byName.get(name.toLowerCase())) : undefined
  if (!operator) throw badRequest(`The condition's operator '${String(name)}' is not known.`)
  if (!Array.isArray(Values)) throw badRequest("A condition's 'Values' are an array.")
  const values = Values.map((value): ColumnValue => {
    const plain = typeof value === 'object' && value !== null && 'Value' in value ? value.Value : value
    const decoded = readValue(columns[AttributeName]!, plain)
    if (decoded !== undefined) return decoded
    if (typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean') return plain
    throw badRequest(`A value of the condition on '${AttributeName}' does not fit.`)
  })
  return { kind: 'compare', column: AttributeName, operator, values }
}

function object(value: unknown, what: string): Values {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw badRequest(`${what} is an object.`)
  return value as Values
}
