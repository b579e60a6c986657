import { expect, test } from 'vitest'
import { type ConfigurationRow, readSettings, settings } from './index.ts'

const { key } = settings.autoProvisionNewSubscription
const changed = new Date('2026-03-01T00:00:00Z')
const row = (value: string | null, other: Partial<ConfigurationRow> = {}): ConfigurationRow => ({
  key,
  value,
  active: true,
  modifiedOn: changed,
  ...other,
})
const read = (...rows: ConfigurationRow[]) => {
  const { values, since, diagnostics } = readSettings(rows)
  return { on: values.autoProvisionNewSubscription, since: since.autoProvisionNewSubscription, diagnostics }
}

test('a switch is on when its row says exactly true, since the row was changed', () => {
  expect(read(row('true'))).toEqual({ on: true, since: changed, diagnostics: [] })
})

test.each([' true', 'true ', '\ttrue', 'True', 'TRUE'])('%j is off, and a diagnostic says what to remove', (value) => {
  const { on, diagnostics } = read(row(value))
  expect(on).toBe(false)
  expect(diagnostics).toEqual([expect.stringMatching(/Only exactly 'true' switches it on: remove spaces and capitals/)])
})

test.each(['1', 'yes', 'on', 'false', '', null])('%j is off, and that is what was meant', (value) => {
  expect(read(row(value))).toMatchObject({ on: false, diagnostics: [] })
})

test('without a row every setting has its default and no date', () => {
  expect(readSettings([])).toEqual({
    values: { autoProvisionNewSubscription: false, enableCreditHold: false },
    since: { autoProvisionNewSubscription: undefined, enableCreditHold: undefined },
    diagnostics: [],
  })
})

test('inactive rows do not count, neither for nor against', () => {
  expect(read(row('true', { active: false }))).toMatchObject({ on: false, diagnostics: [] })
  expect(read(row('true'), row('false', { active: false }))).toMatchObject({ on: true, diagnostics: [] })
})

test('several active rows with one key switch it off, whatever they say', () => {
  for (const values of [
    ['true', 'true'],
    ['true', 'false'],
    ['false', 'true', 'true'],
  ]) {
    expect(read(...values.map((value) => row(value)))).toEqual({
      on: false,
      since: undefined,
      diagnostics: [expect.stringContaining(`'${key}' has ${values.length} active configuration rows, so it is off`)],
    })
  }
})

test('a key counts as it is written', () => {
  expect(read(row('true', { key: key.toLowerCase() }))).toMatchObject({ on: false })
  expect(read(row('true', { key: ` ${key}` }))).toMatchObject({ on: false })
  expect(read(row('true', { key: null }))).toMatchObject({ on: false })
})

test('settings do not disturb each other', () => {
  const { values } = readSettings([row('true', { key: settings.enableCreditHold.key })])
  expect(values).toEqual({ autoProvisionNewSubscription: false, enableCreditHold: true })
})

test('exactly one key is documented; the other is marked as proposed', () => {
  expect(Object.values(settings).map(({ key, documented }) => [key, documented])).toEqual([
    ['Work365.Portal.AutoProvisionNewSubscription', true],
    ['Work365.Provisioning.EnableCreditHold', false],
  ])
})
