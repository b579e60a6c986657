import { expect, test } from 'vitest'
import { dayIn, isTimeZone, startOfDay } from './time-zone.ts'

test.each(['UTC', 'UTC-11', 'UTC+05:30', 'America/New_York', 'Europe/Berlin'])('%s is a time zone', (zone) => {
  expect(isTimeZone(zone)).toBe(true)
})

test.each(['', 'Mars/Olympus', 'UTC+15', 'UTC+05:90', 'true'])("'%s' is none", (zone) => {
  expect(isTimeZone(zone)).toBe(false)
})

test('a moment falls on the day of the zone', () => {
  const moment = new Date('2026-03-02T03:00:00Z')

  expect(dayIn('UTC', moment)).toBe('2026-03-02')
  expect(dayIn('America/New_York', moment)).toBe('2026-03-01')
  expect(dayIn('UTC-11', moment)).toBe('2026-03-01')
  expect(dayIn('Pacific/Kiritimati', new Date('2026-03-02T10:00:00Z'))).toBe('2026-03-03')
})

test.each([
  ['UTC', '2026-03-02', '2026-03-02T00:00:00Z'],
  ['UTC-11', '2026-03-02', '2026-03-02T11:00:00Z'],
  ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z'],
  ['America/New_York', '2026-03-09', '2026-03-09T04:00:00Z'],
  ['Pacific/Kiritimati', '2026-03-02', '2026-03-01T10:00:00Z'],
  // Clocks in Beirut go from 24:00 to 01:00 on that night.
  ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00Z'],
])('in %s the day %s begins at %s', (zone, day, moment) => {
  expect(startOfDay(zone, day)).toEqual(new Date(moment))
})
