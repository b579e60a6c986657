import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FiscalCalendar, type FiscalSettings, fiscalPeriodLabel } from './fiscal.ts'
import { timeZoneOf } from './time-zone-codes.ts'
import { type Window, type WindowOperator, windows } from './windows.ts'
import { zoneClock } from './zone-clock.ts'

const time = (text: string) => Date.parse(`${text}Z`)
const text = (wall: number | undefined) => (wall === undefined ? undefined : new Date(wall).toISOString().slice(0, 19))

describe('windows, on Wednesday the 18th of March 2026 at 14:30', () => {
  const now = time('2026-03-18T14:30:00')
  const fiscal = new FiscalCalendar({ month: 7, day: 1, periods: 4 })
  const day = (text: string) => `${text}T00:00:00`
  test.each<[WindowOperator, number[], string | undefined, string | undefined]>([
    ['today', [], day('2026-03-18'), day('2026-03-19')],
    ['yesterday', [], day('2026-03-17'), day('2026-03-18')],
    ['tomorrow', [], day('2026-03-19'), day('2026-03-20')],
    ['last-seven-days', [], day('2026-03-12'), day('2026-03-19')],
    ['next-seven-days', [], day('2026-03-18'), day('2026-03-25')],
    ['this-week', [], day('2026-03-15'), day('2026-03-22')],
    ['last-week', [], day('2026-03-08'), day('2026-03-15')],
    ['next-week', [], day('2026-03-22'), day('2026-03-29')],
    ['this-month', [], day('2026-03-01'), day('2026-04-01')],
    ['last-month', [], day('2026-02-01'), day('2026-03-01')],
    ['next-month', [], day('2026-04-01'), day('2026-05-01')],
    ['this-year', [], day('2026-01-01'), day('2027-01-01')],
    ['last-year', [], day('2025-01-01'), day('2026-01-01')],
    ['next-year', [], day('2027-01-01'), day('2028-01-01')],
    ['last-x-hours', [3], '2026-03-18T11:30:00', '2026-03-18T14:30:00'],
    ['next-x-hours', [3], '2026-03-18T14:30:00', '2026-03-18T17:30:00'],
    ['last-x-days', [2], day('2026-03-16'), '2026-03-18T14:30:00'],
    ['next-x-days', [2], '2026-03-18T14:30:00', day('2026-03-21')],
    ['last-x-weeks', [2], day('2026-03-04'), '2026-03-18T14:30:00'],
    ['next-x-weeks', [2], '2026-03-18T14:30:00', day('2026-04-02')],
    ['last-x-months', [1], day('2026-02-18'), '2026-03-18T14:30:00'],
    ['next-x-months', [1], '2026-03-18T14:30:00', day('2026-04-19')],
    ['last-x-years', [2], day('2024-03-18'), '2026-03-18T14:30:00'],
    ['next-x-years', [2], '2026-03-18T14:30:00', day('2028-03-19')],
    ['olderthan-x-minutes', [45], undefined, '2026-03-18T13:45:00'],
    ['olderthan-x-hours', [2], undefined, '2026-03-18T12:30:00'],
    ['olderthan-x-days', [2], undefined, '2026-03-16T14:30:00'],
    ['olderthan-x-weeks', [2], undefined, '2026-03-04T14:30:00'],
    ['olderthan-x-months', [1], undefined, '2026-02-18T14:30:00'],
    ['olderthan-x-years', [1], undefined, '2025-03-18T14:30:00'],
    ['this-fiscal-year', [], day('2025-07-01'), day('2026-07-01')],
    ['last-fiscal-year', [], day('2024-07-01'), day('2025-07-01')],
    ['next-fiscal-year', [], day('2026-07-01'), day('2027-07-01')],
    ['this-fiscal-period', [], day('2026-01-01'), day('2026-04-01')],
    ['last-fiscal-period', [], day('2025-10-01'), day('2026-01-01')],
    ['next-fiscal-period', [], day('2026-04-01'), day('2026-07-01')],
    ['last-x-fiscal-years', [2], day('2023-07-01'), day('2025-07-01')],
    ['next-x-fiscal-years', [2], day('2026-07-01'), day('2028-07-01')],
    ['last-x-fiscal-periods', [3], day('2025-04-01'), day('2026-01-01')],
    ['next-x-fiscal-periods', [2], day('2026-04-01'), day('2026-10-01')],
    ['in-fiscal-year', [2024], day('2024-07-01'), day('2025-07-01')],
    ['in-fiscal-period-and-year', [3, 2025], day('2026-01-01'), day('2026-04-01')],
    ['in-or-before-fiscal-period-and-year', [3, 2025], undefined, day('2026-04-01')],
    ['in-or-after-fiscal-period-and-year', [3, 2025], day('2026-01-01'), undefined],
  ])('%s %j', (operator, [first = 0, second = 0], from, to) => {
    const [, make] = windows[operator]
    const window: Window = make({ now, firstDayOfWeek: 0, fiscal }, first, second)
    expect([text(window.from), text(window.to)]).toEqual([from, to])
  })

  test('weeks begin on the day that the organization says', () => {
    const window = windows['this-week'][1]({ now, firstDayOfWeek: 1, fiscal }, 0, 0)
    expect([text(window.from), text(window.to)]).toEqual([day('2026-03-16'), day('2026-03-23')])
  })

  test('a month later than the 31st is the last day of a shorter month', () => {
    const end = time('2026-01-31T10:00:00')
    const window = windows['next-x-months'][1]({ now: end, firstDayOfWeek: 0, fiscal }, 1, 0)
    expect(text(window.to)).toBe(day('2026-03-01'))
  })
})

describe('fiscal calendars', () => {
  const settings = fc.record({
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
    periods: fc.constantFrom<FiscalSettings['periods']>(1, 2, 4, 12, 13),
  })
  test('every moment lies in the year and the period that it is said to be in', () => {
    fc.assert(
      fc.property(
        settings,
        fc.integer({ min: time('1990-01-01T00:00:00'), max: time('2040-01-01T00:00:00') }),
        (settings, wall) => {
          const calendar = new FiscalCalendar(settings)
          const [year, period] = [calendar.yearOf(wall), calendar.periodOf(wall)]
          expect(wall).toBeGreaterThanOrEqual(calendar.startOfPeriod(year, period))
          expect(wall).toBeLessThan(calendar.startOfPeriod(year, period + 1))
          expect(calendar.startOfPeriod(year, 1)).toBe(calendar.startOfYear(year))
          expect(calendar.startOfPeriod(year, settings.periods + 1)).toBe(calendar.startOfYear(year + 1))
        },
      ),
    )
  })

  test('periods have names', () => {
    expect(fiscalPeriodLabel({ month: 1, day: 1, periods: 4 }, 2026, 2)).toBe('Quarter 2 FY2026')
  })
})

describe('the clock of a time zone', () => {
  const berlin = zoneClock('Europe/Berlin')
  test('shows summer and winter time', () => {
    expect(text(berlin.toWall(time('2026-01-15T12:00:00')))).toBe('2026-01-15T13:00:00')
    expect(text(berlin.toWall(time('2026-07-15T12:00:00')))).toBe('2026-07-15T14:00:00')
    expect(text(berlin.toMoment(time('2026-07-15T00:00:00')))).toBe('2026-07-14T22:00:00')
  })

  test('takes an hour that is skipped for the one after it, and one that comes twice for the first', () => {
    expect(text(berlin.toMoment(time('2026-03-29T02:30:00')))).toBe('2026-03-29T01:30:00')
    expect(text(berlin.toMoment(time('2026-10-25T02:30:00')))).toBe('2026-10-25T00:30:00')
    expect(text(berlin.toWall(time('2026-10-25T00:30:00')))).toBe('2026-10-25T02:30:00')
    expect(text(berlin.toWall(time('2026-10-25T01:30:00')))).toBe('2026-10-25T02:30:00')
  })

  test('and back is the same moment, but for hours that come twice', () => {
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Apia', 'UTC']
    const moments = fc.integer({ min: time('1995-01-01T00:00:00') / 1000, max: time('2035-01-01T00:00:00') / 1000 })
    fc.assert(
      fc.property(fc.constantFrom(...zones), moments, (zone, seconds) => {
        const clock = zoneClock(zone)
        const wall = clock.toWall(seconds * 1000)
        const again = clock.toMoment(wall)
        expect(clock.toWall(again)).toBe(wall)
        expect(again).toBeLessThanOrEqual(seconds * 1000)
        if (again !== seconds * 1000) expect(seconds * 1000 - again).toBeLessThanOrEqual(86_400_000)
      }),
      { numRuns: 500 },
    )
  })

  test('is there for every code of the table', () => {
    const codes = Array.from({ length: 301 }, (_, code) => code).filter((code) => timeZoneOf(code) !== undefined)
    expect(codes.length).toBeGreaterThan(70)
    for (const code of codes) expect(zoneClock(timeZoneOf(code)!).toWall(0)).toEqual(expect.any(Number))
    expect(timeZoneOf(7)).toBeUndefined()
  })
})
