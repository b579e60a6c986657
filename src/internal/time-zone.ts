const FIXED = /^UTC(?:([+-])(\d{1,2})(?::([0-5]\d))?)?$/

/** The zone's offset from UTC in minutes, for `UTC`, `UTC-11` and `UTC+05:30`; `undefined` for a named zone. */
function fixedOffset(zone: string): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = FIXED.exec(zone) ?? []
  if (!FIXED.test(zone) || Number(hours) > 14) return undefined
  const offset = Number(hours) * 60 + Number(minutes)
  return sign === '-' ? -offset : offset
}

const formatters = new Map<string, Intl.DateTimeFormat | null>()

function formatterOf(zone: string): Intl.DateTimeFormat | null {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    try {
      formatter = new Intl.DateTimeFormat('sv-SE', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
      })
    } catch {
      formatter = null
    }
    formatters.set(zone, formatter)
  }
  return formatter
}

/** Whether there is such a time zone: a name of the IANA database, `UTC`, or a fixed offset such as `UTC-11`. */
export function isTimeZone(zone: string): boolean {
  return fixedOffset(zone) !== undefined || formatterOf(zone) !== null
}

/** The calendar day, `YYYY-MM-DD`, that a moment falls on in a time zone. */
export function dayIn(zone: string, moment: Date): string {
  const offset = fixedOffset(zone)
  if (offset !== undefined) return new Date(moment.getTime() + offset * 60_000).toISOString().slice(0, 10)
  return formatterOf(zone)!.format(moment)
}

/** The moment at which a calendar day begins in a time zone: midnight, or the first moment after it where clocks skip it. */
export function startOfDay(zone: string, day: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const offset = fixedOffset(zone)
  if (offset !== undefined) return new Date(midnight - offset * 60_000)
  // Zones are at most 14 hours before and 12 behind: look for the first minute of the day in between.
  let [low, high] = [midnight - 15 * 3_600_000, midnight + 13 * 3_600_000]
  while (high - low > 60_000) {
    const middle = low + Math.floor((high - low) / 120_000) * 60_000
    if (dayIn(zone, new Date(middle)) < day) low = middle
    else high = middle
  }
  return new Date(high)
}
