/**
 * The next value of an autonumber column.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/create-auto-number-attributes
 */
export function formatAutonumber(format: string, sequence: number, now: Date, random: () => number): string {
  return format.replace(/\{(SEQNUM|RANDSTRING|DATETIMEUTC):([^}]+)\}/g, (whole, kind: string, argument: string) => {
    if (kind === 'SEQNUM') return String(sequence).padStart(Number(argument), '0')
    if (kind === 'RANDSTRING') return randomText(Number(argument), random)
    if (kind === 'DATETIMEUTC') return formatUtc(argument, now)
    return whole
  })
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

function randomText(length: number, random: () => number): string {
  return Array.from({ length }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('')
}

function formatUtc(pattern: string, now: Date): string {
  const parts: Record<string, string> = {
    yyyy: String(now.getUTCFullYear()),
    MM: String(now.getUTCMonth() + 1).padStart(2, '0'),
    dd: String(now.getUTCDate()).padStart(2, '0'),
    HH: String(now.getUTCHours()).padStart(2, '0'),
    mm: String(now.getUTCMinutes()).padStart(2, '0'),
    ss: String(now.getUTCSeconds()).padStart(2, '0'),
  }
  return pattern.replace(/yyyy|MM|dd|HH|mm|ss/g, (part) => parts[part]!)
}
