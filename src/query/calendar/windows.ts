import type { Operator } from '../../service/index.ts'
import type { FiscalCalendar } from './fiscal.ts'
import type { WallTime } from './zone-clock.ts'

/** A stretch of time, from its first millisecond up to the one after its last; a missing end is open. */
export interface Window {
  readonly from?: WallTime
  readonly to?: WallTime
}

/** What the windows of the calendar are reckoned from. */
export interface Calendar {
  /** What the caller's clock shows. */
  readonly now: WallTime
  /** 0 is Sunday. */
  readonly firstDayOfWeek: number
  readonly fiscal: FiscalCalendar
}

/** How a window operator makes its window of the calendar and its numbers. */
export type MakeWindow = (calendar: Calendar, first: number, second: number) => Window

const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000

export const startOfDay = (wall: WallTime): WallTime => Math.floor(wall / DAY) * DAY
const addDays = (wall: WallTime, days: number): WallTime => wall + days * DAY

/** So many months later; the last day of a month where it has no such day. */
function addMonths(wall: WallTime, months: number): WallTime {
  const date = new Date(wall)
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months]
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate()
  return Date.UTC(year, month, Math.min(date.getUTCDate(), lastDay)) + (wall - startOfDay(wall))
}

function startOfWeek({ now, firstDayOfWeek }: Calendar): WallTime {
  const today = startOfDay(now)
  return addDays(today, -((new Date(today).getUTCDay() - firstDayOfWeek + 7) % 7))
}

const startOfMonth = ({ now }: Calendar, months: number): WallTime => {
  const date = new Date(now)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
}
const startOfYear = ({ now }: Calendar, years: number): WallTime =>
  Date.UTC(new Date(now).getUTCFullYear() + years, 0, 1)

/** The operators' families, each from a unit: day -1 is yesterday, week 1 the next one. */
const day =
  (from: number, to = from + 1): MakeWindow =>
  ({ now }) => ({ from: addDays(startOfDay(now), from), to: addDays(startOfDay(now), to) })
const week =
  (offset: number): MakeWindow =>
  (calendar) => ({
    from: addDays(startOfWeek(calendar), 7 * offset),
    to: addDays(startOfWeek(calendar), 7 * (offset + 1)),
  })
const month =
  (offset: number): MakeWindow =>
  (calendar) => ({ from: startOfMonth(calendar, offset), to: startOfMonth(calendar, offset + 1) })
const year =
  (offset: number): MakeWindow =>
  (calendar) => ({ from: startOfYear(calendar, offset), to: startOfYear(calendar, offset + 1) })

/** Back from the beginning of a day up to now, which belongs to the window. */
const last =
  (back: (now: WallTime, count: number) => WallTime): MakeWindow =>
  ({ now }, count) => ({ from: startOfDay(back(now, count)), to: now + 1 })
/** From now up to the end of a day. */
const next =
  (ahead: (now: WallTime, count: number) => WallTime): MakeWindow =>
  ({ now }, count) => ({ from: now, to: addDays(startOfDay(ahead(now, count)), 1) })
const olderThan =
  (back: (now: WallTime, count: number) => WallTime): MakeWindow =>
  ({ now }, count) => ({ to: back(now, count) })

const fiscalYears =
  (from: (count: number) => number, to: (count: number) => number): MakeWindow =>
  ({ now, fiscal }, count) => {
    const current = fiscal.yearOf(now)
    return { from: fiscal.startOfYear(current + from(count)), to: fiscal.startOfYear(current + to(count)) }
  }
const fiscalPeriods =
  (from: (count: number) => number, to: (count: number) => number): MakeWindow =>
  ({ now, fiscal }, count) => {
    const [current, period] = [fiscal.yearOf(now), fiscal.periodOf(now)]
    return {
      from: fiscal.startOfPeriod(current, period + from(count)),
      to: fiscal.startOfPeriod(current, period + to(count)),
    }
  }

/** How many numbers an operator takes, and its window. The edges that Microsoft does not document are decided here. */
export const windows = {
  today: [0, day(0)],
  yesterday: [0, day(-1)],
  tomorrow: [0, day(1)],
  'last-seven-days': [0, day(-6, 1)],
  'next-seven-days': [0, day(0, 7)],
  'this-week': [0, week(0)],
  'last-week': [0, week(-1)],
  'next-week': [0, week(1)],
  'this-month': [0, month(0)],
  'last-month': [0, month(-1)],
  'next-month': [0, month(1)],
  'this-year': [0, year(0)],
  'last-year': [0, year(-1)],
  'next-year': [0, year(1)],
  'last-x-hours': [1, ({ now }, count) => ({ from: now - count * HOUR, to: now + 1 })],
  'next-x-hours': [1, ({ now }, count) => ({ from: now, to: now + count * HOUR + 1 })],
  'last-x-days': [1, last((now, count) => addDays(now, -count))],
  'next-x-days': [1, next(addDays)],
  'last-x-weeks': [1, last((now, count) => addDays(now, -7 * count))],
  'next-x-weeks': [1, next((now, count) => addDays(now, 7 * count))],
  'last-x-months': [1, last((now, count) => addMonths(now, -count))],
  'next-x-months': [1, next(addMonths)],
  'last-x-years': [1, last((now, count) => addMonths(now, -12 * count))],
  'next-x-years': [1, next((now, count) => addMonths(now, 12 * count))],
  'olderthan-x-minutes': [1, olderThan((now, count) => now - count * MINUTE)],
  'olderthan-x-hours': [1, olderThan((now, count) => now - count * HOUR)],
  'olderthan-x-days': [1, olderThan((now, count) => addDays(now, -count))],
  'olderthan-x-weeks': [1, olderThan((now, count) => addDays(now, -7 * count))],
  'olderthan-x-months': [1, olderThan((now, count) => addMonths(now, -count))],
  'olderthan-x-years': [1, olderThan((now, count) => addMonths(now, -12 * count))],
  'this-fiscal-year': [
    0,
    fiscalYears(
      () => 0,
      () => 1,
    ),
  ],
  'last-fiscal-year': [
    0,
    fiscalYears(
      () => -1,
      () => 0,
    ),
  ],
  'next-fiscal-year': [
    0,
    fiscalYears(
      () => 1,
      () => 2,
    ),
  ],
  'this-fiscal-period': [
    0,
    fiscalPeriods(
      () => 0,
      () => 1,
    ),
  ],
  'last-fiscal-period': [
    0,
    fiscalPeriods(
      () => -1,
      () => 0,
    ),
  ],
  'next-fiscal-period': [
    0,
    fiscalPeriods(
      () => 1,
      () => 2,
    ),
  ],
  'last-x-fiscal-years': [
    1,
    fiscalYears(
      (count) => -count,
      () => 0,
    ),
  ],
  'next-x-fiscal-years': [
    1,
    fiscalYears(
      () => 1,
      (count) => count + 1,
    ),
  ],
  'last-x-fiscal-periods': [
    1,
    fiscalPeriods(
      (count) => -count,
      () => 0,
    ),
  ],
  'next-x-fiscal-periods': [
    1,
    fiscalPeriods(
      () => 1,
      (count) => count + 1,
    ),
  ],
  'in-fiscal-year': [1, ({ fiscal }, year) => ({ from: fiscal.startOfYear(year), to: fiscal.startOfYear(year + 1) })],
  'in-fiscal-period-and-year': [
    2,
    ({ fiscal }, period, year) => ({
      from: fiscal.startOfPeriod(year, period),
      to: fiscal.startOfPeriod(year, period + 1),
    }),
  ],
  'in-or-before-fiscal-period-and-year': [
    2,
    ({ fiscal }, period, year) => ({ to: fiscal.startOfPeriod(year, period + 1) }),
  ],
  'in-or-after-fiscal-period-and-year': [
    2,
    ({ fiscal }, period, year) => ({ from: fiscal.startOfPeriod(year, period) }),
  ],
} satisfies Partial<Record<Operator, readonly [numbers: 0 | 1 | 2, make: MakeWindow]>>
export type WindowOperator = keyof typeof windows

/** Operators that count hours or minutes: real ones, also across a change of the clocks, and not for days. */
export const elapsed: ReadonlySet<string> = new Set([
  'last-x-hours',
  'next-x-hours',
  'olderthan-x-minutes',
  'olderthan-x-hours',
])

/** The operators whose first number is a fiscal period. */
export const takesPeriod: ReadonlySet<string> = new Set([
  'in-fiscal-period-and-year',
  'in-or-before-fiscal-period-and-year',
  'in-or-after-fiscal-period-and-year',
])
