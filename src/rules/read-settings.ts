import { isDay } from '../internal/date-text.ts'
import { isGuid } from '../internal/ids.ts'
import { isTimeZone } from '../internal/time-zone.ts'
import type { Setting } from './setting.ts'
import { type SettingName, type SettingValues, settingNames, settings } from './settings.ts'

/** A row of `work365_configuration`, as far as settings need it. */
export interface ConfigurationRow {
  readonly key: string | null
  readonly value: string | null
  readonly active: boolean
}

/** The settings as they stand, and what is wrong with the rows behind them. */
export interface Settings {
  readonly values: SettingValues
  /** Sentences that name a key and what to do about its rows. */
  readonly diagnostics: readonly string[]
}

/**
 * Reads the settings from configuration rows. Inactive rows do not count; of a key with several active rows nobody can
 * say which one is meant, so it is off, or at its default, and a diagnostic says so.
 */
export function readSettings(rows: readonly ConfigurationRow[]): Settings {
  const active = new Map<string, ConfigurationRow[]>()
  for (const row of rows) {
    if (!row.active || row.key === null) continue
    const same = active.get(row.key)
    if (same) same.push(row)
    else active.set(row.key, [row])
  }
  const values: Record<string, unknown> = {}
  const diagnostics: string[] = []
  for (const name of settingNames) {
    const read = readSetting(settings[name], active.get(settings[name].key) ?? [])
    values[name] = read.value
    if (read.diagnostic) diagnostics.push(read.diagnostic)
  }
  return { values: values as SettingValues, diagnostics }
}

interface Reading {
  readonly value: unknown
  readonly diagnostic?: string
}

function readSetting(setting: Setting, rows: readonly ConfigurationRow[]): Reading {
  const [row, ...others] = rows
  const isSwitch = setting.type === 'switch'
  if (!row) return { value: setting.default }
  if (others.length > 0) {
    return {
      value: isSwitch ? false : setting.default,
      diagnostic: `'${setting.key}' has ${rows.length} active configuration rows, so it is ${isSwitch ? 'off' : 'at its default'}. Deactivate all but one.`,
    }
  }
  return parseSetting(setting, row.value)
}

/**
 * The value that a row's text gives a setting. A switch is off unless the text is exactly `true`; another setting keeps
 * its default when the text cannot be read, and a diagnostic says what is expected.
 */
export function parseSetting(setting: Setting, text: string | null): Reading {
  if (setting.type === 'switch') return parseSwitch(setting, text)
  if (text === null || text === '') return { value: setting.default }
  const value = parse(setting, text)
  if (value !== undefined) return { value }
  return {
    value: setting.default,
    diagnostic: `'${setting.key}' has the value '${text}', which is not ${expectation(setting)}, so it is at its default.`,
  }
}

function parseSwitch({ key }: Setting, text: string | null): Reading {
  if (text === 'true' || text?.trim().toLowerCase() !== 'true') return { value: text === 'true' }
  return {
    value: false,
    diagnostic: `'${key}' has the value '${text}', so it is off. Only exactly 'true' switches it on: remove spaces and capitals.`,
  }
}

function parse(setting: Setting, text: string): unknown {
  switch (setting.type) {
    case 'choice':
      return setting.options!.includes(text) ? text : undefined
    case 'decimal':
      return /^-?\d{1,12}(\.\d{1,10})?$/.test(text) ? Number(text) : undefined
    case 'day':
      return isDay(text) ? text : undefined
    case 'timeZone':
      return isTimeZone(text) ? text : undefined
    case 'record':
      return isGuid(text) ? text.toLowerCase() : undefined
    case 'records':
      return parseRecords(text)
    default:
      return text
  }
}

function parseRecords(text: string): Readonly<Record<string, string>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined
    return Object.values(parsed).every(isGuid) ? (parsed as Record<string, string>) : undefined
  } catch {
    return undefined
  }
}

/** What a setting takes, as the end of a sentence. */
export function expectation(setting: Setting): string {
  switch (setting.type) {
    case 'switch':
      return "'true' or 'false'"
    case 'choice':
      return `one of ${setting.options!.map((option) => `'${option}'`).join(', ')}`
    case 'decimal':
      return 'a number'
    case 'day':
      return "a day as 'YYYY-MM-DD'"
    case 'timeZone':
      return "a time zone such as 'America/New_York', 'UTC' or 'UTC-11'"
    case 'record':
      return `the id of a row of '${setting.table}'`
    case 'records':
      return `a JSON object with ids of rows of '${setting.table}' by ${setting.keyedBy}`
    default:
      return 'a text'
  }
}

/**
 * The value of a setting for one billing contract: what the contract says goes before what the environment says.
 *
 * @param contract the contract's row, or the part of it that overrides settings
 * @see https://docs.work365apps.com/docs/billing-contract
 */
export function settingFor<Name extends SettingName>(
  name: Name,
  { values }: Pick<Settings, 'values'>,
  contract: Readonly<Record<string, unknown>> | undefined,
): unknown {
  const setting: Setting = settings[name]
  const own = setting.contract && contract?.[setting.contract.column]
  if (own === undefined || own === null) return values[name]
  if (!setting.contract!.values) return own
  const meant = setting.contract!.values[own as string | number]
  return meant === undefined ? values[name] : meant
}
