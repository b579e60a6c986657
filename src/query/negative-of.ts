import type { Operator } from '../service/index.ts'

const pairs: Partial<Record<Operator, Operator>> = {
  eq: 'ne',
  in: 'not-in',
  between: 'not-between',
  null: 'not-null',
  like: 'not-like',
  'begins-with': 'not-begin-with',
  'ends-with': 'not-end-with',
  'contain-values': 'not-contain-values',
  'eq-userid': 'ne-userid',
  'eq-businessid': 'ne-businessid',
  under: 'not-under',
}

/** The operator that holds exactly where another does not, rows without a value included. */
export const negativeOf: ReadonlyMap<Operator, Operator> = new Map(
  (Object.entries(pairs) as [Operator, Operator][]).flatMap(([some, other]) => [
    [some, other],
    [other, some],
  ]),
)
