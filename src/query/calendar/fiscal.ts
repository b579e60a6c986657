import type { WallTime } from './zone-clock.ts'

/** How an organization divides its fiscal year. */
export interface FiscalSettings {
  /** The day on which a fiscal year begins; `month` from 1. */
  readonly month: number
  readonly day: number
  /** Into how many periods: 1 (a year), 2 (semesters), 4 (quarters), 12 (months) or 13 (of four weeks). */
  readonly periods: 1 | 2 | 4 | 12 | 13
}

/** A calendar year in quarters: what an organization has that sets nothing. */
export const defaultFiscalSettings: FiscalSettings = Object.freeze({ month: 1, day: 1, periods: 4 })

const DAY = 86_400_000

/** The fiscal calendar: years are called by the calendar year in which they begin, periods count from 1. */
export class FiscalCalendar {
  constructor(private readonly settings: FiscalSettings) {}

  get periodsInYear(): number {
    return this.settings.periods
  }

  startOfYear(year: number): WallTime {
    return Date.UTC(year, this.settings.month - 1, this.settings.day)
  }

  yearOf(wall: WallTime): number {
    const year = new Date(wall).getUTCFullYear()
    return wall < this.startOfYear(year) ? year - 1 : year
  }

  /** Where a period begins. A period beyond the year's last is one of the years after, one below 1 of those before. */
  startOfPeriod(year: number, period: number): WallTime {
    const { month, day, periods } = this.settings
    const index = year * periods + period - 1
    const inYear = Math.floor(index / periods)
    const before = index - inYear * periods
    if (periods === 13) return this.startOfYear(inYear) + before * 28 * DAY
    return Date.UTC(inYear, month - 1 + before * (12 / periods), day)
  }

  periodOf(wall: WallTime): number {
    const year = this.yearOf(wall)
    let period = this.periodsInYear
    while (period > 1 && wall < this.startOfPeriod(year, period)) period--
    return period
  }
}

const periodNames: Readonly<Record<FiscalSettings['periods'], string>> = {
  1: 'Annual',
  2: 'Semester',
  4: 'Quarter',
  12: 'Month',
  13: 'Period',
}

/** `FY2023` */
export function fiscalYearLabel(year: number): string {
  return `FY${year}`
}

/** `Quarter 1 FY2023` */
export function fiscalPeriodLabel({ periods }: FiscalSettings, year: number, period: number): string {
  return `${periodNames[periods]} ${period} ${fiscalYearLabel(year)}`
}
