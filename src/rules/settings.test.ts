import { expect, test } from 'vitest'
import { contractLanguage, processRefunds } from '../entities/index.ts'
import { type ConfigurationRow, readSettings, type Setting, settingFor, settingNames, settings } from './index.ts'

const { key } = settings.autoProvisionNewSubscription
const row = (value: string | null, other: Partial<ConfigurationRow> = {}): ConfigurationRow => ({
  key,
  value,
  active: true,
  ...other,
})
const read = (...rows: ConfigurationRow[]) => {
  const { values, diagnostics } = readSettings(rows)
  return { on: values.autoProvisionNewSubscription, diagnostics }
}

test('a switch is on when its row says exactly true', () => {
  expect(read(row('true'))).toEqual({ on: true, diagnostics: [] })
})

test.each([' true', 'true ', '\ttrue', 'True', 'TRUE'])('%j is off, and a diagnostic says what to remove', (value) => {
  const { on, diagnostics } = read(row(value))
  expect(on).toBe(false)
  expect(diagnostics).toEqual([expect.stringMatching(/Only exactly 'true' switches it on: remove spaces and capitals/)])
})

test.each(['1', 'yes', 'on', 'false', '', null])('%j is off, and that is what was meant', (value) => {
  expect(read(row(value))).toMatchObject({ on: false, diagnostics: [] })
})

test('without a row every setting has its default', () => {
  const { values, diagnostics } = readSettings([])

  expect(values).toEqual(Object.fromEntries(settingNames.map((name) => [name, settings[name].default])))
  expect(values).toMatchObject({ autoProvisionNewSubscription: false, priorChangeLog: 'Fail', defaultTimeZone: 'UTC' })
  expect(diagnostics).toEqual([])
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
  expect(values).toEqual({ ...readSettings([]).values, enableCreditHold: true })
})

test('exactly one key is documented; the others are marked as proposed and have its shape', () => {
  const all = Object.values<Setting>(settings)

  expect(all.filter(({ documented }) => documented).map(({ key }) => key)).toEqual([key])
  for (const { key } of all) expect(key).toMatch(/^Work365\.[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/)
  expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
})

test.each([
  ['heldStatus', 'Failed Provisioning', 'Failed Provisioning'],
  ['defaultMarkup', '12.5', 12.5],
  ['licenseExpiresOn', '2026-12-31', '2026-12-31'],
  ['defaultTimeZone', 'America/New_York', 'America/New_York'],
  ['defaultTimeZone', 'UTC-11', 'UTC-11'],
  ['organizationName', 'Contoso', 'Contoso'],
  ['defaultUnit', '0AE1C0F0-0000-4000-8000-00000000000A', '0ae1c0f0-0000-4000-8000-00000000000a'],
  [
    'unitMapping',
    '{"Monthly":"0ae1c0f0-0000-4000-8000-00000000000a"}',
    { Monthly: '0ae1c0f0-0000-4000-8000-00000000000a' },
  ],
] as const)('%s reads %j', (name, text, value) => {
  const { values, diagnostics } = readSettings([row(text, { key: settings[name].key })])

  expect(values[name]).toEqual(value)
  expect(diagnostics).toEqual([])
})

test.each([
  ['heldStatus', 'failed', "one of 'Awaiting Provisioning', 'Failed Provisioning'"],
  ['defaultMarkup', '12,5', 'a number'],
  ['licenseExpiresOn', '31.12.2026', "a day as 'YYYY-MM-DD'"],
  ['defaultTimeZone', 'Mars/Olympus', 'a time zone such as'],
  ['defaultUnit', 'Monthly', "the id of a row of 'uom'"],
  ['unitMapping', '{"Monthly":"x"}', 'a JSON object with ids'],
  ['unitMapping', '{', 'a JSON object with ids'],
] as const)('%s keeps its default for %j, and a diagnostic says what it takes', (name, text, expected) => {
  const { values, diagnostics } = readSettings([row(text, { key: settings[name].key })])

  expect(values[name]).toEqual(settings[name].default)
  expect(diagnostics).toEqual([expect.stringContaining(expected)])
  expect(diagnostics[0]).toContain(settings[name].key)
})

test('a billing contract goes before the environment, and says nothing where it leaves the choice to it', () => {
  const on = readSettings([row('true', { key: settings.generateRefundInvoice.key })])
  const refunds = (value: number | null | undefined) =>
    settingFor('generateRefundInvoice', on, { work365_billingcontract_processrefunds: value })

  expect(settingFor('generateRefundInvoice', on, undefined)).toBe(true)
  expect(refunds(processRefunds.No)).toBe(false)
  expect(refunds(processRefunds['Use Global Setting'])).toBe(true)
  expect(refunds(null)).toBe(true)
  expect(settingFor('language', on, { work365_billingcontract_language: contractLanguage.Spanish })).toBe('Spanish')
})
