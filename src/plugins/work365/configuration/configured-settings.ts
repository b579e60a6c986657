import { Configuration } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import {
  documentedRule,
  expectation,
  parseSetting,
  type RuleId,
  readSettings,
  ruleBook,
  type Setting,
  type SettingName,
  settingNames,
  settings,
} from '../../../rules/index.ts'
import { type DataverseError, dataverseError, type OrganizationService } from '../../../service/index.ts'

/** A setting as an environment has it. */
export interface ConfiguredSetting {
  readonly name: SettingName
  readonly setting: Setting
  readonly value: unknown
  /** Whether a row says so, or nobody does. */
  readonly from: 'row' | 'default'
  /** What is wrong with its rows, as a sentence. */
  readonly diagnostic: string | undefined
}

/** All settings as the environment has them, in the order in which they are declared. */
export async function configuredSettings(service: OrganizationService): Promise<readonly ConfiguredSetting[]> {
  const rows = await activeRows(service)
  const { values } = readSettings(rows)
  return settingNames.map((name) => {
    const setting: Setting = settings[name]
    const own = rows.filter(({ key }) => key === setting.key)
    const { diagnostics } = readSettings(own)
    return {
      name,
      setting,
      value: values[name],
      from: own.length === 1 && diagnostics.length === 0 ? 'row' : 'default',
      diagnostic: diagnostics[0],
    }
  })
}

/** The setting with this key or name; throws with the likely one when there is none. */
export function settingCalled(text: string): SettingName {
  const wanted = text.toLowerCase()
  const found = settingNames.find(
    (name) => name.toLowerCase() === wanted || settings[name].key.toLowerCase() === wanted,
  )
  if (found) return found
  const like = settingNames.filter((name) => settings[name].key.toLowerCase().includes(wanted))
  const hint =
    like.length > 0 ? `Did you mean ${like.map((name) => settings[name].key).join(' or ')}?` : 'List them all.'
  throw refusal(`There is no setting '${text}'. ${hint}`)
}

/**
 * Writes a setting's row, or deletes it with `null`, so that the default applies. Refuses what the setting cannot be, and a
 * key with several active rows, of which nobody can say which one is meant.
 *
 * Dataverse lets only those write `work365_configuration` who have the privilege.
 */
export async function changeSetting(
  service: OrganizationService,
  name: SettingName,
  value: string | null,
): Promise<void> {
  const setting: Setting = settings[name]
  if (setting.readOnly) throw refusal(`'${setting.key}' is told by the system and cannot be set.`)
  if (value !== null) refuseValue(setting, value)
  const own = (await activeRows(service)).filter(({ key }) => key === setting.key)
  if (own.length > 1) {
    throw refusal(`'${setting.key}' has ${own.length} active configuration rows. Deactivate all but one, then set it.`)
  }
  const [row] = own
  if (value === null) {
    if (row) await service.delete(Configuration, row.id)
  } else if (row) {
    await service.update(Configuration, row.id, { work365_configuration_value: value })
  } else {
    await service.create(Configuration, { work365_configuration_name: setting.key, work365_configuration_value: value })
  }
}

function refuseValue(setting: Setting, value: string): void {
  const isWrongSwitch = setting.type === 'switch' && value !== 'true' && value !== 'false'
  if (isWrongSwitch || parseSetting(setting, value).diagnostic !== undefined) {
    throw refusal(`'${value}' is not a value of '${setting.key}': it takes ${expectation(setting)}.`)
  }
}

/** A setting for a person: what it does, what it is now and why, and the documented rules that ask for it. */
export function explainSetting({ setting, value, from, diagnostic }: ConfiguredSetting): string {
  const known = new Set<string>(ruleBook.flatMap(({ rules }) => rules.map(({ id }) => id)))
  const rules = setting.rules.filter((id) => known.has(id)).map((id) => documentedRule(id as RuleId))
  return [
    `${setting.title} (${setting.category})`,
    setting.description,
    '',
    `Key:      ${setting.key}${setting.documented ? '' : ' (the key is a proposal of this package)'}`,
    `Takes:    ${expectation(setting)}${setting.readOnly ? '; told by the system' : ''}`,
    `Now:      ${showSetting(value)} (${from === 'row' ? 'from its row' : 'the default'})`,
    `Default:  ${showSetting(setting.default)}`,
    `Source:   ${setting.source === 'ours' ? 'ours: the sources leave it open' : setting.source}`,
    setting.contract
      ? `Applies:  to the environment; a billing contract with ${setting.contract.column} goes before it`
      : 'Applies:  to the environment',
    ...(diagnostic ? [`Problem:  ${diagnostic}`] : []),
    ...(rules.length > 0 ? ['Rules:'] : []),
    ...rules.map(({ id, title }) => `  ${id}: ${title}`),
  ].join('\n')
}

/** A setting's value for a person. */
export function showSetting(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return '—'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

async function activeRows(service: OrganizationService) {
  const { rows } = await service.retrieveMultiple(
    select(Configuration, [
      'work365_configurationid',
      'work365_configuration_name',
      'work365_configuration_value',
      'statecode',
    ]),
  )
  return rows
    .filter((row) => row.statecode === 0)
    .map((row) => ({
      id: row.work365_configurationid,
      key: row.work365_configuration_name,
      value: row.work365_configuration_value,
      active: true,
    }))
}

function refusal(reason: string): DataverseError {
  return dataverseError('InvalidArgument', { reason }, { message: reason })
}
