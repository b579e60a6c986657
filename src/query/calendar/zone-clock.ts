const MINUTE = 60_000
const DAY = 86_400_000

/**
 * A moment as the clock on a wall shows it, in milliseconds, counted as if the wall were in UTC: with it the UTC methods
 * of `Date` calculate in the calendar of the zone.
 */
export type WallTime = number

/** Translates between moments and what the clocks of one time zone show. */
export interface ZoneClock {
  toWall(moment: number): WallTime
  /** The moment at which clocks show this; where they skip it, as much later; where they show it twice, the first time. */
  toMoment(wall: WallTime): number
}

const utc: ZoneClock = { toWall: (moment) => moment, toMoment: (wall) => wall }
const clocks = new Map<string, ZoneClock>([['UTC', utc]])

/** The clock of a zone of the IANA database. Throws a `RangeError` when there is none of the name. */
export function zoneClock(zone: string): ZoneClock {
  let clock = clocks.get(zone)
  if (!clock) {
    clock = clockOf(zone)
    clocks.set(zone, clock)
  }
  return clock
}

function clockOf(zone: string): ZoneClock {
  const offsetAt = offsetsOf(zone)
  return {
    toWall: (moment) => moment + offsetAt(moment),
    toMoment(wall) {
      // The offsets a day before and after are those on both sides of a change, if there is one.
      const before = offsetAt(wall - DAY)
      const after = offsetAt(wall + DAY)
      const first = wall - Math.max(before, after)
      if (first + offsetAt(first) === wall) return first
      const second = wall - Math.min(before, after)
      if (second + offsetAt(second) === wall) return second
      return wall - before
    },
  }
}

/** The zone's offset from UTC at a moment, in milliseconds. Most days have one offset, which is asked for once. */
function offsetsOf(zone: string): (moment: number) => number {
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const ask = (moment: number): number => {
    const parts = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
    for (const { type, value } of formatter.formatToParts(moment))
      if (type in parts) parts[type as 'year'] = Number(value)
    const { year, month, day, hour, minute, second } = parts
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(moment / 1000) * 1000
  }
  const days = new Map<number, number | null>()
  return (moment) => {
    const day = Math.floor(moment / DAY)
    let offset = days.get(day)
    if (offset === undefined) {
      const [start, end] = [ask(day * DAY), ask((day + 1) * DAY - MINUTE)]
      offset = start === end ? start : null
      if (days.size > 20_000) days.clear()
      days.set(day, offset)
    }
    return offset ?? ask(moment)
  }
}
