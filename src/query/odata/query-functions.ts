import type { Operator } from '../../service/index.ts'

/** Which arguments a query function takes beside `PropertyName`. */
export type FunctionArguments = 'none' | 'one' | 'two' | 'list'

interface QueryFunction {
  readonly operator: Operator
  readonly arguments: FunctionArguments
}

const functions = (takes: FunctionArguments, names: Readonly<Record<string, Operator>>) =>
  Object.entries(names).map(([name, operator]) => [name, { operator, arguments: takes }] as const)

/**
 * The query functions of `Microsoft.Dynamics.CRM`, each another spelling of a condition operator.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/reference/queryfunctions
 */
export const queryFunctions: ReadonlyMap<string, QueryFunction> = new Map([
  ...functions('none', {
    Last7Days: 'last-seven-days',
    LastFiscalPeriod: 'last-fiscal-period',
    LastFiscalYear: 'last-fiscal-year',
    LastMonth: 'last-month',
    LastWeek: 'last-week',
    LastYear: 'last-year',
    Next7Days: 'next-seven-days',
    NextFiscalPeriod: 'next-fiscal-period',
    NextFiscalYear: 'next-fiscal-year',
    NextMonth: 'next-month',
    NextWeek: 'next-week',
    NextYear: 'next-year',
    ThisFiscalPeriod: 'this-fiscal-period',
    ThisFiscalYear: 'this-fiscal-year',
    ThisMonth: 'this-month',
    ThisWeek: 'this-week',
    ThisYear: 'this-year',
    Today: 'today',
    Tomorrow: 'tomorrow',
    Yesterday: 'yesterday',
    EqualBusinessId: 'eq-businessid',
    NotEqualBusinessId: 'ne-businessid',
    EqualUserId: 'eq-userid',
    NotEqualUserId: 'ne-userid',
    EqualUserLanguage: 'eq-userlanguage',
    EqualUserTeams: 'eq-userteams',
    EqualUserOrUserTeams: 'eq-useroruserteams',
    EqualUserOrUserHierarchy: 'eq-useroruserhierarchy',
    EqualUserOrUserHierarchyAndTeams: 'eq-useroruserhierarchyandteams',
  }),
  ...functions('one', {
    On: 'on',
    OnOrAfter: 'on-or-after',
    OnOrBefore: 'on-or-before',
    InFiscalPeriod: 'in-fiscal-period',
    InFiscalYear: 'in-fiscal-year',
    LastXDays: 'last-x-days',
    LastXFiscalPeriods: 'last-x-fiscal-periods',
    LastXFiscalYears: 'last-x-fiscal-years',
    LastXHours: 'last-x-hours',
    LastXMonths: 'last-x-months',
    LastXWeeks: 'last-x-weeks',
    LastXYears: 'last-x-years',
    NextXDays: 'next-x-days',
    NextXFiscalPeriods: 'next-x-fiscal-periods',
    NextXFiscalYears: 'next-x-fiscal-years',
    NextXHours: 'next-x-hours',
    NextXMonths: 'next-x-months',
    NextXWeeks: 'next-x-weeks',
    NextXYears: 'next-x-years',
    OlderThanXMinutes: 'olderthan-x-minutes',
    OlderThanXHours: 'olderthan-x-hours',
    OlderThanXDays: 'olderthan-x-days',
    OlderThanXWeeks: 'olderthan-x-weeks',
    OlderThanXMonths: 'olderthan-x-months',
    OlderThanXYears: 'olderthan-x-years',
    Above: 'above',
    AboveOrEqual: 'eq-or-above',
    Under: 'under',
    UnderOrEqual: 'eq-or-under',
    NotUnder: 'not-under',
  }),
  ...functions('two', {
    InFiscalPeriodAndYear: 'in-fiscal-period-and-year',
    InOrAfterFiscalPeriodAndYear: 'in-or-after-fiscal-period-and-year',
    InOrBeforeFiscalPeriodAndYear: 'in-or-before-fiscal-period-and-year',
  }),
  ...functions('list', {
    In: 'in',
    NotIn: 'not-in',
    Between: 'between',
    NotBetween: 'not-between',
    ContainValues: 'contain-values',
    DoesNotContainValues: 'not-contain-values',
  }),
])

export const QUERY_FUNCTION_NAMESPACE = 'Microsoft.Dynamics.CRM.'

/** Functions of OData that Dataverse does not have. */
export const unsupportedFunctions: ReadonlySet<string> = new Set([
  'tolower',
  'toupper',
  'trim',
  'length',
  'indexof',
  'substring',
  'substringof',
  'concat',
  'matchesPattern',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'fractionalseconds',
  'totalseconds',
  'date',
  'time',
  'totaloffsetminutes',
  'now',
  'mindatetime',
  'maxdatetime',
  'round',
  'floor',
  'ceiling',
  'cast',
  'isof',
  'case',
  'geo.distance',
  'geo.length',
  'geo.intersects',
])
