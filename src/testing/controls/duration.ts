const UNITS = { weeks: 604_800_000, days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 } as const
const DURATION =
  /^P(?=\d|T\d)(?:(?<weeks>\d{1,9})W)?(?:(?<days>\d{1,9})D)?(?:T(?=\d)(?:(?<hours>\d{1,9})H)?(?:(?<minutes>\d{1,9})M)?(?:(?<seconds>\d{1,9}(?:\.\d{1,3})?)S)?)?$/

/**
 * The milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds; `undefined` when the text is no
 * such duration. Years and months are none, because they are not always equally long.
 *
 * @example parseDuration('P1DT12H') // 129_600_000
 */
export function parseDuration(text: string): number | undefined {
  const groups = DURATION.exec(text)?.groups
  if (!groups) return undefined
  const units = Object.entries(UNITS).map(([unit, length]) => Number(groups[unit] ?? 0) * length)
  return Math.round(units.reduce((sum, part) => sum + part, 0))
}
