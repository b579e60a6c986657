import { describe, expect, test } from 'vitest'
import {
  accepted,
  type Change,
  changeKinds,
  createConnectorContext,
  createRestProvider,
  defineConnector,
  doNothing,
  field,
  manual,
  needsPerson,
  notApplicable,
  ProviderError,
  retryTable,
} from './index.ts'

const small = {
  name: 'small',
  title: 'Small',
  contract: 1,
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('nothing to do'),
} as const

/** A declaration as JavaScript could hand it over. */
const declare = (options: object) => () => defineConnector({ ...small, ...options } as never)

describe('a declaration', () => {
  test('becomes a frozen description with sensible defaults', () => {
    const connector = defineConnector({ ...small, settings: { baseUrl: field.url({ title: 'Base URL' }) } })

    expect(connector).toMatchObject({ version: '0.0.0', changes: ['setQuantity'], credentials: {}, capabilities: [] })
    expect(Object.isFrozen(connector)).toBe(true)
    expect(Object.isFrozen(connector.settings.baseUrl)).toBe(true)
    expect(Object.isFrozen(connector.changes)).toBe(true)
  })

  test('leaves what the author declared untouched', () => {
    const options = { ...small, changes: ['create'] as const, settings: {} }
    defineConnector(options)

    expect(Object.isFrozen(options)).toBe(false)
    expect(Object.keys(options)).not.toContain('version')
  })

  test('has the capabilities of the methods that are there', () => {
    const connector = defineConnector({
      ...small,
      resume: async () => notApplicable('nothing to do'),
      catalog: { async *products() {} },
    })

    expect(connector.capabilities).toEqual(['resume', 'catalog'])
    expect(createRestProvider().capabilities).toEqual([
      'preview',
      'find',
      'subscriptions',
      'customers',
      'agreements',
      'catalog',
      'items',
      'billing',
    ])
  })

  test.each([
    ['a name that is not kebab-case', { name: 'Big One' }, /defineConnector\("Big One"\): `name` has to be kebab-case/],
    ['no name', { name: undefined }, /defineConnector\(without a name\)/],
    ['no title', { title: ' ' }, /`title` is missing/],
    ['another contract', { contract: 2 }, /`contract` is 2, and this SDK knows contract 1 only/],
    ['a version that is none', { version: 'latest' }, /`version` is "latest"/],
    ['no apply', { apply: undefined }, /`apply` is missing/],
    ['no verifyConnectivity', { verifyConnectivity: undefined }, /`verifyConnectivity` is missing/],
    ['a method that is none', { preview: true }, /`preview` has to be a function/],
    ['a misspelt ability', { subscription: () => {} }, /`subscription` is not part of the contract.*subscriptions/],
    ['a group without its first operation', { customers: { create() {} } }, /`customers` needs the function `list`/],
    ['an operation that is none', { catalog: { products() {}, skus() {} } }, /`catalog.skus` is not part/],
    ['a limit that is none', { limits: { requestsPerMinute: 0 } }, /`limits.requestsPerMinute` is 0/],
    ['a misspelt limit', { limits: { perMinute: 5 } }, /`limits.perMinute` is 5.*requestsPerMinute and concurrency/],
    ['limits per nothing', { limits: { per: 'user' } }, /`per`: connection or customer/],
    ['events without verify', { events: {} }, /`events` needs the function `verify`/],
    ['no kind of change', { changes: [] }, /at least one kind/],
    ['an unknown kind of change', { changes: ['upgrade'] }, /`changes` lists "upgrade"/],
    ['a field not made by a builder', { settings: { url: 'https://' } }, /`settings.url` has to be made by/],
    [
      'a field without a title',
      { credentials: { key: field.secret({ title: '' }) } },
      /`credentials.key` needs a title/,
    ],
    ['a choice of nothing', { settings: { region: field.choice({ title: 'R', of: [] }) } }, /at least one choice/],
    ['a pattern that is none', { settings: { code: field.text({ title: 'C', pattern: '(' }) } }, /not a regular exp/],
    ['a header that is none', { credentials: { key: field.secret({ title: 'K', header: 'a b' }) } }, /not the name/],
    [
      'a scheme without a header',
      { credentials: { key: field.secret({ title: 'K', scheme: 'X' }) } },
      /needs a `header/,
    ],
  ])('with %s is refused by name', (_, options, message) => {
    expect(declare(options)).toThrow(message)
  })
})

test('settings and credentials are published as JSON Schema', () => {
  const connector = defineConnector({
    ...small,
    settings: {
      region: field.choice({ title: 'Region', of: ['us', 'eu'] }),
      pageSize: field.number({ title: 'Page size', integer: true, minimum: 1, maximum: 100, optional: true }),
    },
    credentials: { apiKey: field.secret({ title: 'API key', help: 'From the portal.' }) },
  })

  expect(connector.jsonSchema()).toEqual({
    settings: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        region: { title: 'Region', type: 'string', enum: ['us', 'eu'] },
        pageSize: { title: 'Page size', type: 'integer', minimum: 1, maximum: 100 },
      },
      required: ['region'],
      additionalProperties: false,
    },
    credentials: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: {
        apiKey: {
          title: 'API key',
          description: 'From the portal.',
          type: 'string',
          minLength: 1,
          format: 'password',
          writeOnly: true,
        },
      },
      required: ['apiKey'],
      additionalProperties: false,
    },
  })
})

describe('an outcome', () => {
  test('is plain data', () => {
    expect(accepted({ order: 1 }, { pollAfterMs: 5_000 })).toEqual({
      status: 'accepted',
      handle: { order: 1 },
      pollAfterMs: 5_000,
    })
    expect(needsPerson('call them')).toEqual({ status: 'needsPerson', instructions: 'call them' })
    expect(notApplicable('virtual')).toEqual({ status: 'notApplicable', reason: 'virtual' })
  })
})

describe('a provider error', () => {
  test('takes its retry from the one table', () => {
    const error = new ProviderError('throttled', 'slow down', { retryAfterMs: 3_000 })

    expect(error).toMatchObject({ code: 'throttled', retry: 'later', counted: false, retryAfterMs: 3_000 })
    expect(retryTable.transient).toMatchObject({ retry: 'sameKey', counted: true })
    expect(retryTable.auth).toMatchObject({ retry: 'never', connection: 'suspend' })
  })

  test('is recognised when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('other copy'), { [Symbol.for('work365-sdk.ProviderError')]: true })

    expect(ProviderError.isInstance(foreign)).toBe(true)
    expect(ProviderError.isInstance(new Error('any'))).toBe(false)
    expect(ProviderError.isInstance(null)).toBe(false)
  })
})

describe('the small connectors', () => {
  const subscription = { id: 'Sub002', customerId: 'contoso', name: 'Business Premium' }

  test('Manual tells a person what to do, for every kind of change', async () => {
    const context = createConnectorContext(manual, { key: 'log-1' })

    expect(await manual.apply(context, { kind: 'setQuantity', subscription, quantity: 25, delta: 5 })).toEqual({
      status: 'needsPerson',
      instructions:
        'At the provider, set the quantity of subscription Business Premium (Sub002) of customer contoso to 25. ' +
        'Then set the license change log to Provisioned.',
    })
    expect(manual.changes).toEqual(changeKinds)
  })

  test.each<[Change, string]>([
    [
      { kind: 'setRenewal', subscription, quantity: 3 },
      'set what subscription Business Premium (Sub002) of customer contoso becomes at its renewal',
    ],
    [
      { kind: 'transition', subscription, product: { id: 'E5' } },
      'move subscription Business Premium (Sub002) of customer contoso to product E5',
    ],
  ])('Manual names a change of kind $kind', async (change, words) => {
    const context = createConnectorContext(manual, { key: 'log-1' })
    expect(await manual.apply(context, change)).toMatchObject({ instructions: expect.stringContaining(words) })
  })

  test('Do Nothing finds every change not applicable', async () => {
    const context = createConnectorContext(doNothing, { key: 'log-1' })

    expect(await doNothing.apply(context, { kind: 'cancel', subscription })).toMatchObject({ status: 'notApplicable' })
  })
})
