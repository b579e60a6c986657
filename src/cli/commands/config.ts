import { Command, Option } from 'commander'
import colors from 'picocolors'
import {
  type ConfiguredSetting,
  changeSetting,
  configuredSettings,
  explainSetting,
  settingCalled,
  showSetting,
} from '../../plugins/index.ts'
import { categories, type SettingName } from '../../rules/index.ts'
import type { OrganizationService } from '../../service/index.ts'
import { type ConnectionOptions, connect, connectionHelp } from '../connect.ts'

interface ConfigOptions extends ConnectionOptions {
  readonly json?: boolean
}

export function configCommand(print: (line: string) => void): Command {
  const config = new Command('config')
    .description('List, read, set and explain the settings of an environment (rows of work365_configuration).')
    .addHelpText('after', connectionHelp)

  const subcommand = (name: string, description: string) =>
    config
      .command(name)
      .description(description)
      .option('--url <address>', 'the environment', 'http://127.0.0.1:8365')
      .option('--user <systemuserid>', 'act as this user, who needs the privileges for it')
      .option('--json', 'print data instead of text')

  subcommand('list', 'All settings, with what they are now.')
    .addOption(new Option('--category <name>', 'of one category only').choices(categories))
    .option('--changed', 'those only that a row sets')
    .action(async (options: ConfigOptions & { readonly category?: string; readonly changed?: boolean }) => {
      const all = await configuredSettings(connect(options))
      const shown = all.filter(
        ({ setting, from, diagnostic }) =>
          (options.category === undefined || setting.category === options.category) &&
          (!options.changed || from === 'row' || diagnostic !== undefined),
      )
      if (options.json) return print(JSON.stringify(shown.map(toData), null, 2))
      printList(shown, print)
    })

  subcommand('get <setting>', 'The value of one setting; by its key, or by its name in code.').action(
    async (text: string, options: ConfigOptions) => {
      const found = await read(connect(options), settingCalled(text))
      print(options.json ? JSON.stringify(toData(found), null, 2) : showSetting(found.value))
    },
  )

  subcommand(
    'set <setting> <value>',
    'Write the row of a setting. Only who may write work365_configuration can.',
  ).action(async (text: string, value: string, options: ConfigOptions) => {
    await change(options, settingCalled(text), value, print)
  })

  subcommand('unset <setting>', 'Delete the row of a setting, so that the default applies.').action(
    async (text: string, options: ConfigOptions) => {
      await change(options, settingCalled(text), null, print)
    },
  )

  subcommand('explain <setting>', 'What a setting does, what it is now and why, and the rules that ask for it.').action(
    async (text: string, options: ConfigOptions) => {
      const found = await read(connect(options), settingCalled(text))
      print(options.json ? JSON.stringify(toData(found), null, 2) : explainSetting(found))
    },
  )
  return config
}

async function change(
  options: ConfigOptions,
  name: SettingName,
  value: string | null,
  print: (line: string) => void,
): Promise<void> {
  const service = connect(options)
  await changeSetting(service, name, value)
  const now = await read(service, name)
  print(options.json ? JSON.stringify(toData(now), null, 2) : `${now.setting.key} is now ${showSetting(now.value)}.`)
}

async function read(service: OrganizationService, name: SettingName): Promise<ConfiguredSetting> {
  return (await configuredSettings(service)).find((setting) => setting.name === name)!
}

function printList(shown: readonly ConfiguredSetting[], print: (line: string) => void): void {
  const width = Math.max(0, ...shown.map(({ setting }) => setting.key.length))
  let category: string | undefined
  for (const { setting, value, from, diagnostic } of shown) {
    if (setting.category !== category) {
      category = setting.category
      print(colors.bold(category))
    }
    const said = from === 'row' ? '' : colors.dim(' (default)')
    print(`  ${setting.key.padEnd(width)}  ${showSetting(value)}${said}`)
    if (diagnostic) print(`  ${colors.yellow(`! ${diagnostic}`)}`)
  }
  if (shown.length === 0) print('No setting is set by a row: all have their defaults.')
}

function toData({ name, setting, value, from, diagnostic }: ConfiguredSetting) {
  const { key, title, category, type, documented, rules } = setting
  return { key, name, title, category, type, value, default: setting.default, from, documented, rules, diagnostic }
}
