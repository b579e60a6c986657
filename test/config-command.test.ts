import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serve } from '../src/cli/serve.ts'
import { Configuration, systemTables, work365Tables } from '../src/entities/index.ts'
import { settingNames, settings } from '../src/rules/index.ts'
import { createEmulator } from '../src/testing/index.ts'
import { work365 } from './run-work365.ts'

const { key } = settings.enableCreditHold
const dataverse = createEmulator({
  tables: [...systemTables, ...work365Tables],
  now: '2026-03-02T09:00:00Z',
  security: 'enforced',
})

let url: string
let close: () => Promise<void>
beforeAll(async () => {
  const server = await serve(dataverse, { port: 0, host: '127.0.0.1' })
  url = server.url
  close = server.close
})
afterAll(() => close())
beforeEach(() => dataverse.reset())

const config = (...words: string[]) => work365('config', ...words, '--url', url)

test('list shows every setting under its category, and which have their default', async () => {
  const { code, output } = await config('list')

  expect(code).toBe(0)
  for (const name of settingNames) expect(output).toContain(settings[name].key)
  expect(output).toMatch(/^Provisioning$/m)
  expect(output).toMatch(/Work365\.Provisioning\.EnableCreditHold +off \(default\)/)
})

test('set writes the row, get and list read it, unset brings the default back', async () => {
  expect(await config('set', key, 'true')).toMatchObject({ code: 0, output: `${key} is now on.` })
  expect((await dataverse.list(Configuration)).map((row) => row.work365_configuration_value)).toEqual(['true'])
  expect(await config('get', 'enableCreditHold')).toMatchObject({ code: 0, output: 'on' })
  const { output } = await config('list', '--changed')
  expect(output).toMatch(/EnableCreditHold +on$/)
  expect(output.split('\n')).toHaveLength(2)

  expect(await config('unset', key)).toMatchObject({ code: 0, output: `${key} is now off.` })
  expect(await dataverse.list(Configuration)).toEqual([])
  expect((await config('list', '--changed')).output).toBe('No setting is set by a row: all have their defaults.')
})

test('--json prints data', async () => {
  const { output } = await config('get', key, '--json')
  expect(JSON.parse(output)).toMatchObject({
    key,
    name: 'enableCreditHold',
    type: 'switch',
    value: false,
    default: false,
    from: 'default',
    rules: ['C1', 'C2', 'C6'],
  })
  expect(JSON.parse((await config('list', '--category', 'Portal', '--json')).output)).toHaveLength(6)
})

test('explain tells what it does and which rules ask for it', async () => {
  const { code, output } = await config('explain', key)
  expect(code).toBe(0)
  expect(output).toContain('Accounts on credit hold are not provisioned.')
  expect(output).toContain('C1: only the switch and the account together hold provisioning back')
})

describe('what cannot be is refused with the way out, and nothing is written', () => {
  test.each([
    [['set', key, 'yes'], "it takes 'true' or 'false'"],
    [['set', 'Work365.General.LicenseExpiresOn', '2027-01-01'], 'is told by the system and cannot be set'],
    [['get', 'CreditHold'], `Did you mean ${key}?`],
    [['explain', 'nothing'], "There is no setting 'nothing'. List them all."],
  ])('%j', async (words, message) => {
    const { code, errors } = await config(...words)
    expect(code).toBe(1)
    expect(errors).toContain(message)
    expect(errors).not.toContain('    at ')
    expect(await dataverse.list(Configuration)).toEqual([])
  })

  test('a word too few', async () => {
    const { code, errors } = await config('set', key)
    expect(code).toBe(2)
    expect(errors).toContain("missing required argument 'value'")
  })

  test('nobody listens at the address', async () => {
    const { code, errors } = await work365('config', 'list', '--url', 'http://127.0.0.1:1')
    expect(code).toBe(1)
    expect(errors).toContain('Is the environment running? `work365 dev` starts one.')
  })

  test('half of the credentials', async () => {
    process.env.DATAVERSE_CLIENT_ID = 'app'
    try {
      const { code, errors } = await config('list')
      expect(code).toBe(1)
      expect(errors).toContain('DATAVERSE_TENANT_ID and DATAVERSE_CLIENT_SECRET is missing')
    } finally {
      delete process.env.DATAVERSE_CLIENT_ID
    }
  })
})

test('a user without the privilege is refused, and the setting stays', async () => {
  const user = await dataverse.seed('systemuser', { fullname: 'Robin Counts', domainname: 'robin@contoso.example' })

  const { code, errors } = await config('set', key, 'true', '--user', user)

  expect(code).toBe(1)
  expect(errors).toMatch(/privilege|roles/)
  expect(await dataverse.list(Configuration)).toEqual([])
})
