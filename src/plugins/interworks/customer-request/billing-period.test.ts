import { expect, test } from 'vitest'
import { billingFrequency } from '../../../entities/index.ts'
import { nextPeriodStart } from './billing-period.ts'

const { Monthly, Quarterly, Annual } = billingFrequency
const next = (startDate: string | null, today: string, frequency: number | null = Monthly, invoice?: string) =>
  nextPeriodStart({ nextInvoiceDate: invoice ?? null, startDate, frequency }, today)

test.each([
  ['2026-01-01', '2026-03-02', Monthly, '2026-04-01'],
  ['2026-01-15', '2026-03-02', Monthly, '2026-03-15'],
  ['2026-01-15', '2026-03-15', Monthly, '2026-04-15'],
  ['2026-01-31', '2026-02-10', Monthly, '2026-02-28'],
  ['2026-01-31', '2026-02-28', Monthly, '2026-03-31'],
  ['2026-01-01', '2026-03-02', Quarterly, '2026-04-01'],
  ['2024-02-29', '2026-03-02', Annual, '2027-02-28'],
  ['2026-05-01', '2026-03-02', Monthly, '2026-05-01'],
  ['2026-01-01', '2026-03-02', null, '2026-04-01'],
] as const)('a contract from %s, asked on %s, begins its next period', (start, today, frequency, expected) => {
  expect(next(start, today, frequency)).toBe(expected)
})

test('the next invoice date goes before, unless it has passed', () => {
  expect(next('2026-01-01', '2026-03-02', Monthly, '2026-03-20')).toBe('2026-03-20')
  expect(next('2026-01-01', '2026-03-02', Monthly, '2026-02-20')).toBe('2026-04-01')
})

test('without any date there is no telling', () => {
  expect(next(null, '2026-03-02')).toBeUndefined()
})
