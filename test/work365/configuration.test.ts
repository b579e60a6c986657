import { describe, expect, test } from 'vitest'
import { Configuration } from '../../src/entities/index.ts'
import {
  changeSetting,
  configuredSettings,
  explainSetting,
  loadSettings,
  settingCalled,
} from '../../src/plugins/index.ts'
import { settingNames, settings } from '../../src/rules/index.ts'
import { createEnvironment } from './environment.ts'

const { key } = settings.enableCreditHold

async function environment() {
  const { dataverse, configure } = await createEnvironment({ setting: null })
  const one = async (name: Parameters<typeof changeSetting>[1]) =>
    (await configuredSettings(dataverse)).find((setting) => setting.name === name)!
  return { dataverse, configure, one }
}

test('every setting is listed, with its default where nobody has said anything', async () => {
  const { dataverse } = await environment()
  const all = await configuredSettings(dataverse)

  expect(all.map(({ name }) => name)).toEqual([...settingNames])
  expect(all.every(({ from, diagnostic }) => from === 'default' && diagnostic === undefined)).toBe(true)
})

test('setting one writes its row, setting it again changes that row, and null brings the default back', async () => {
  const { dataverse, one } = await environment()
  await changeSetting(dataverse, 'enableCreditHold', 'true')
  await changeSetting(dataverse, 'heldStatus', 'Failed Provisioning')
  expect(await one('enableCreditHold')).toMatchObject({ value: true, from: 'row' })
  expect((await loadSettings(dataverse)).values).toMatchObject({
    enableCreditHold: true,
    heldStatus: 'Failed Provisioning',
  })

  await changeSetting(dataverse, 'enableCreditHold', 'false')
  expect(await one('enableCreditHold')).toMatchObject({ value: false, from: 'row' })
  expect(await dataverse.list(Configuration)).toHaveLength(2)

  await changeSetting(dataverse, 'enableCreditHold', null)
  await changeSetting(dataverse, 'enableCreditHold', null)
  expect(await one('enableCreditHold')).toMatchObject({ value: false, from: 'default' })
  expect(await dataverse.list(Configuration)).toHaveLength(1)
})

test.each([
  [
    'enableCreditHold',
    'yes',
    "'yes' is not a value of 'Work365.Provisioning.EnableCreditHold': it takes 'true' or 'false'.",
  ],
  ['enableCreditHold', ' true', "' true' is not a value"],
  ['heldStatus', 'Waiting', "it takes one of 'Awaiting Provisioning', 'Failed Provisioning'"],
  ['defaultTimeZone', 'Eastern', 'it takes a time zone such as'],
  ['licenseExpiresOn', '2027-01-01', 'is told by the system and cannot be set'],
] as const)('%s cannot be %j, and nothing is written', async (name, value, message) => {
  const { dataverse } = await environment()

  await expect(changeSetting(dataverse, name, value)).rejects.toThrow(message)
  expect(await dataverse.list(Configuration)).toEqual([])
})

test('a key with several active rows is not guessed at', async () => {
  const { dataverse, configure, one } = await environment()
  await configure('true', key)
  await configure('true', key)

  expect(await one('enableCreditHold')).toMatchObject({
    value: false,
    diagnostic: expect.stringContaining('2 active configuration rows'),
  })
  await expect(changeSetting(dataverse, 'enableCreditHold', 'true')).rejects.toThrow(
    /Deactivate all but one, then set it/,
  )
})

describe('a setting is found', () => {
  test.each(['Work365.Provisioning.EnableCreditHold', 'work365.provisioning.enablecredithold', 'enableCreditHold'])(
    'as %s',
    (text) => {
      expect(settingCalled(text)).toBe('enableCreditHold')
    },
  )

  test('or refused with the likely one', () => {
    expect(() => settingCalled('CreditHold')).toThrow(/Did you mean Work365\.Provisioning\.EnableCreditHold\?/)
    expect(() => settingCalled('nothing of the kind')).toThrow(
      /There is no setting 'nothing of the kind'\. List them all/,
    )
  })
})

test('an explanation says what it does, what it is now and why, what goes before it, and the rules', async () => {
  const { configure, one } = await environment()
  await configure('True', key)

  expect(explainSetting(await one('enableCreditHold'))).toBe(
    [
      'Enable Credit Hold (Provisioning)',
      'Accounts on credit hold are not provisioned. Leave it off where Credit Hold means something else.',
      '',
      'Key:      Work365.Provisioning.EnableCreditHold (the key is a proposal of this package)',
      "Takes:    'true' or 'false'",
      'Now:      off (the default)',
      'Default:  off',
      'Source:   https://help.work365apps.com/documentation/billing/configuration-page-for-version-3-0-and-above/',
      'Applies:  to the environment',
      "Problem:  'Work365.Provisioning.EnableCreditHold' has the value 'True', so it is off. Only exactly 'true' switches it on: remove spaces and capitals.",
      'Rules:',
      '  C1: only the switch and the account together hold provisioning back',
      '  C2: accounts are not on hold unless somebody says so, and the switch changes no account',
      '  C6: the switch is off unless it is turned on, and turning it off releases what it held',
    ].join('\n'),
  )
  expect(explainSetting(await one('generateRefundInvoice'))).toContain(
    'a billing contract with work365_billingcontract_processrefunds goes before it',
  )
})
