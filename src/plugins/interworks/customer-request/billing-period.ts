import { billingFrequency } from '../../../entities/index.ts'

/** When a contract bills. */
export interface BillingTerms {
  readonly nextInvoiceDate: string | null
  readonly startDate: string | null
  readonly frequency: number | null
}

const MONTHS: Readonly<Record<number, number>> = {
  [billingFrequency.Monthly]: 1,
  [billingFrequency.Quarterly]: 3,
  [billingFrequency.Annual]: 12,
  [billingFrequency.Triennial]: 36,
}

/**
 * The first day after the billing period that a day lies in: the next invoice date if that is still to come, else counted
 * from the contract's start, by months unless it says otherwise. `undefined` where neither is known.
 */
export function nextPeriodStart({ nextInvoiceDate, startDate, frequency }: BillingTerms, today: string) {
  if (nextInvoiceDate && nextInvoiceDate > today) return nextInvoiceDate
  const from = startDate ?? nextInvoiceDate
  if (!from) return undefined
  if (from > today) return from
  const step = MONTHS[frequency ?? billingFrequency.Monthly] ?? 1
  // Always counted from the start: a period that begins on the 31st comes back to it after shorter months.
  let periods = Math.max(0, Math.floor(monthsBetween(from, today) / step))
  while (addMonths(from, periods * step) <= today) periods++
  return addMonths(from, periods * step)
}

function monthsBetween(from: string, to: string): number {
  const [year, month] = partsOf(from)
  const [toYear, toMonth] = partsOf(to)
  return (toYear - year) * 12 + toMonth - month
}

/** So many months later; the last day of a month that is too short. */
function addMonths(day: string, months: number): string {
  const [year, month, date] = partsOf(day)
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate()
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10)
}

function partsOf(day: string): [year: number, month: number, date: number] {
  return [Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8, 10))]
}
