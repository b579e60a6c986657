import { describe, expect, test } from 'vitest'
import { defineConnector, field, notApplicable, validateCredentials, validateSettings } from './index.ts'

const connector = defineConnector({
  name: 'contoso',
  title: 'Contoso',
  contract: 1,
  settings: {
    baseUrl: field.url({ title: 'Base URL' }),
    country: field.text({ title: 'Country', pattern: '[A-Z]{2}' }),
    region: field.choice({ title: 'Region', of: ['us', 'eu'], optional: true }),
    pageSize: field.number({ title: 'Page size', integer: true, minimum: 1, maximum: 100, optional: true }),
    sandbox: field.boolean({ title: 'Sandbox', optional: true }),
  },
  credentials: { apiKey: field.secret({ title: 'API key', header: 'x-api-key' }) },
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('nothing to do'),
})

const good = { baseUrl: 'https://api.contoso.example/v1', country: 'DE' }

test('good settings come back frozen, without what was left out', () => {
  const settings = validateSettings(connector, { ...good, region: undefined, sandbox: null })

  expect(settings).toEqual(good)
  expect(Object.isFrozen(settings)).toBe(true)
})

describe('a bad setting is invalid, and the message names the field and the fix', () => {
  test.each([
    [
      'missing',
      { country: 'DE' },
      'baseUrl',
      'Contoso: the setting `baseUrl` (Base URL) is missing: enter a whole address',
    ],
    ['no address', { ...good, baseUrl: 'contoso' }, 'baseUrl', 'is not valid: enter a whole address'],
    ['another protocol', { ...good, baseUrl: 'ftp://contoso' }, 'baseUrl', 'https://'],
    ['an address with a password', { ...good, baseUrl: 'https://me:pw@contoso' }, 'baseUrl', 'without user name'],
    ['an address with a query', { ...good, baseUrl: 'https://contoso/?key=pw' }, 'baseUrl', 'query'],
    ['off the pattern', { ...good, country: 'Germany' }, 'country', 'a text that matches [A-Z]{2}'],
    ['not on offer', { ...good, region: 'uk' }, 'region', 'choose one of us, eu'],
    ['a text for a number', { ...good, pageSize: '5' }, 'pageSize', 'a whole number from 1 to 100'],
    ['out of range', { ...good, pageSize: 101 }, 'pageSize', 'from 1 to 100'],
    ['not a boolean', { ...good, sandbox: 'true' }, 'sandbox', 'choose true or false'],
    [
      'unknown',
      { ...good, endpoint: 'x' },
      'endpoint',
      'Contoso has no setting `endpoint`; it knows: baseUrl, country',
    ],
    ['a name of every object', { ...good, toString: 'x' }, 'toString', 'has no setting `toString`'],
  ])('%s', (_, input, name, message) => {
    const validate = () => validateSettings(connector, input)

    expect(validate).toThrow(expect.objectContaining({ code: 'invalid', details: { field: name } }))
    expect(validate).toThrow(message)
  })

  test('not even an object', () => {
    expect(() => validateSettings(connector, 'baseUrl=x')).toThrow('the settings have to be an object')
  })
})

test.each(['', 'two\nlines', ' padded', 'ключ', 42, undefined])(
  'a credential %j is refused without being shown',
  (apiKey) => {
    const validate = () => validateCredentials(connector, { apiKey })

    expect(validate).toThrow(/the credential `apiKey` \(API key\) is (missing|not valid): enter the secret/)
    if (typeof apiKey === 'string' && apiKey !== '') expect(validate).not.toThrow(apiKey)
  },
)
