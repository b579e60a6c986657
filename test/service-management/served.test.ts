import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { doNothing, manual, serveServiceManagement, serviceManagementRegistration } from '../../src/connectors/index.ts'
import { impatientClock } from '../connectors/impatient-clock.ts'
import { type Answer, addon, apiKey, applicationId, createFabrikam, order, serve, token } from './provider.ts'

let fabrikam: ReturnType<typeof createFabrikam>
let served: Awaited<ReturnType<typeof serve>>
const call: Awaited<ReturnType<typeof serve>>['call'] = (...given) => served.call(...given)

async function begin(options: Parameters<typeof createFabrikam>[0] = {}, more: object = {}) {
  await served?.close()
  fabrikam = createFabrikam(options)
  served = await serve(fabrikam.fabrikam, { credentials: { token }, ...more })
}
beforeEach(() => begin())
afterEach(() => served.close())

const buy = async (more: object = {}) => (await call('Subscriptions/Create', { ...order, ...more })).body
const existing = (ID: string, more: object = {}) => ({ ...order, ID, ...more })
const stateOf = (id: string) => fabrikam.subscriptions.get(id)

describe('a subscription', () => {
  test('is bought, and answered with the id of the provider', async () => {
    expect(await buy()).toEqual({ Code: 0, Message: null, Result: 'sub-1', ServiceIDs: ['sub-1'] })
    expect(stateOf('sub-1')).toMatchObject({ customerId: 'litware', sku: 'P1', quantity: 5 })
  })

  test('is bought once, however often the call is delivered', async () => {
    const answers = [await buy(), ...(await Promise.all([buy(), buy()]))]

    expect(answers.map(({ Result }) => Result)).toEqual(['sub-1', 'sub-1', 'sub-1'])
    expect(fabrikam.writes).toEqual(['buy sub-1'])
  })

  test('is bought once by another process as well', async () => {
    await buy()
    const other = await serve(fabrikam.fabrikam, { credentials: { token } })
    const answer = await other.call('Subscriptions/Create', order)
    await other.close()

    expect([answer.body.Result, fabrikam.writes]).toEqual(['sub-1', ['buy sub-1']])
  })

  test('is bought again under the same number of the platform when the first one has ended', async () => {
    await buy()
    await call('Subscriptions/Cancel', existing('sub-1', { ActionType: 'Cancel' }))

    expect((await buy()).Result).toBe('sub-2')
    expect((await buy()).Result).toBe('sub-2')
  })

  test('is bought once for each number of the platform', async () => {
    await buy()

    expect((await buy({ SubscriptionID: '1002' })).Result).toBe('sub-2')
  })

  test('without a number of the platform is told by its contents', async () => {
    const { SubscriptionID: _, ...nameless } = order
    const results = []
    for (const Name of ['One', 'One', 'Two'])
      results.push((await call('Subscriptions/Create', { ...nameless, Name })).body.Result)

    expect(results).toEqual(['sub-1', 'sub-1', 'sub-2'])
  })

  test.each([
    ['Update', { ActionType: 'Provision', Quantity: 8 }, { quantity: 8 }],
    ['Update', { ActionType: 5, AttributeList: { partNumber: { Value: 'P9' } } }, { sku: 'P9' }],
    ['Suspend', { ActionType: 'suspend' }, { status: 'paused' }],
    ['Activate', { ActionType: 4 }, { status: 'active' }],
    ['Cancel', {}, { status: 'cancelled' }],
  ])('%s %j makes it so, and no write the second time', async (endpoint, more, target) => {
    await buy()
    const { ActionType: _, ...bare } = existing('sub-1')
    const deliver = () => call(`Subscriptions/${endpoint}`, { ...bare, ...more })

    expect((await deliver()).body).toMatchObject({ Code: 0, Result: 'sub-1' })
    const { length } = fabrikam.writes
    expect((await deliver()).body).toMatchObject({ Code: 0, Result: 'sub-1' })
    expect(stateOf('sub-1')).toMatchObject(target)
    expect(fabrikam.writes).toHaveLength(length)
  })

  test('whose action is None is left alone', async () => {
    await buy()

    expect((await call('Subscriptions/Update', existing('sub-1', { ActionType: 0, Quantity: 9 }))).body.Code).toBe(0)
    expect(fabrikam.writes).toEqual(['buy sub-1'])
  })

  test('set to an earlier quantity again gets a new key, so that no provider takes it for the first change', async () => {
    await buy()
    for (const Quantity of [8, 5, 8]) await call('Subscriptions/Update', existing('sub-1', { Quantity }))

    expect(stateOf('sub-1')?.quantity).toBe(8)
    expect(new Set(fabrikam.keys).size).toBe(4)
  })

  test('is found by its id when the call does not say whose it is', async () => {
    await buy()
    const { Account: _, ...nobodys } = existing('sub-1', { Quantity: 7 })

    expect((await call('Subscriptions/Update', nobodys)).body.Code).toBe(0)
    expect(stateOf('sub-1')?.quantity).toBe(7)
  })

  test('of a trial is not turned into a paid one', async () => {
    const { body } = await call('Subscriptions/UpgradeToPaid', existing('sub-1', { ActionType: 'UpgradeToPaid' }))

    expect(body).toMatchObject({ Code: 21, Message: expect.stringContaining('trial') })
  })
})

describe('a change that takes time', () => {
  test('is in progress, and the same call goes on with it', async () => {
    fabrikam.beBusy(2)

    const first = await call('Subscriptions/Create', order)
    expect(first.body).toMatchObject({ Code: 2, Message: expect.stringContaining('In progress'), Result: null })
    expect(first.headers.get('retry-after')).toBe('60')
    expect((await buy()).Code).toBe(2)
    expect(await buy()).toMatchObject({ Code: 0, Result: 'sub-1' })
    expect(fabrikam.writes).toEqual(['buy sub-1'])
    expect(new Set(fabrikam.keys).size).toBe(1)
  })

  test('of a quantity keeps its key until it is done', async () => {
    await buy()
    fabrikam.keys.length = 0
    fabrikam.beBusy(1)
    const change = () => call('Subscriptions/Update', existing('sub-1', { Quantity: 8 }))

    expect([(await change()).body.Code, (await change()).body.Code]).toEqual([2, 0])
    expect([fabrikam.keys.length, new Set(fabrikam.keys).size]).toEqual([2, 1])
  })

  test('is waited for as long as `waitMs` says', async () => {
    await begin({}, { waitMs: 200_000 })
    fabrikam.beBusy(2)

    expect(await buy()).toMatchObject({ Code: 0, Result: 'sub-1' })
  })
})

describe('an add-on', () => {
  beforeEach(() => buy())
  const base = (more: object = {}) => existing('sub-1', { ActionType: 'None', Quantity: 99, ...more })

  test.each(['Addons/Create', 'Addon/Create', 'addons/create', 'SomeVendor/v2/Addons/Create'])(
    'is bought by %s below its subscription, which is left alone',
    async (path) => {
      const { body } = await call(path, base({ Addons: [addon()] }))

      expect(body).toEqual({ Code: 0, Message: null, Result: 'sub-2', ServiceIDs: ['sub-2'] })
      expect(stateOf('sub-2')).toMatchObject({ parent: 'sub-1', sku: 'P2', quantity: 2 })
      expect(fabrikam.writes).toEqual(['buy sub-1', 'buy sub-2'])
    },
  )

  test('is bought once, however often the call is delivered', async () => {
    const deliver = async () => (await call('Addons/Create', base({ Addons: [addon()] }))).body.Result

    expect([await deliver(), await deliver()]).toEqual(['sub-2', 'sub-2'])
  })

  test('of the same kind is another one when the platform has the first', async () => {
    const first = addon({ ID: 'sub-2', ActionType: 'None' })
    await call('Addons/Create', base({ Addons: [addon()] }))
    const deliver = async () =>
      (await call('Addons/Create', base({ Addons: [addon({ Quantity: 3 }), first] }))).body.Result

    expect([await deliver(), await deliver()]).toEqual(['sub-3', 'sub-3'])
  })

  test('is changed and cancelled while others and the subscription stay as they are', async () => {
    await call('Addons/Create', base({ Addons: [addon(), addon({ ProductID: 'P3' })] }))
    const other = addon({ ID: 'sub-3', ActionType: 'None', Quantity: 50 })
    const mine = (more: object) => base({ Addons: [addon({ ID: 'sub-2', ...more }), other] })

    expect((await call('Addons/Update', mine({ Quantity: 4 }))).body.Result).toBe('sub-2')
    expect((await call('Addons/Cancel', mine({ ActionType: 'Cancel' }))).body.Result).toBe('sub-2')
    expect(fabrikam.writes.slice(3)).toEqual(['setQuantity sub-2', 'cancel sub-2'])
  })

  test('is bought together with its subscription, which is there first', async () => {
    const { body } = await call('Subscriptions/Create', {
      ...order,
      SubscriptionID: '1002',
      Addons: [addon(), addon()],
    })

    expect(body).toMatchObject({ Code: 0, Result: 'sub-2', ServiceIDs: ['sub-2', 'sub-3', 'sub-4'] })
    expect(stateOf('sub-4')).toMatchObject({ parent: 'sub-2' })
  })

  test('ends before its subscription', async () => {
    await call('Addons/Create', base({ Addons: [addon()] }))
    await call(
      'Subscriptions/Cancel',
      existing('sub-1', { ActionType: 2, Addons: [addon({ ID: 'sub-2', ActionType: 2 })] }),
    )

    expect(fabrikam.writes.slice(2)).toEqual(['cancel sub-2', 'cancel sub-1'])
  })

  test.each([
    ['Addons/Create', { Addons: [] }, 'None of the 0 add-ons'],
    ['Addons/Create', { ActionType: 'Provision', Addons: [addon()] }, 'has the ActionType Provision'],
    ['Addons/Create', { Addons: [addon({ ActionType: 'Cancel' })] }, 'Addons[0] has the ActionType Cancel'],
    ['Addons/Update', { Addons: [addon()] }, 'Addons[0] has no ID'],
    ['Addons/Cancel', { Addons: [addon({ ActionType: 'Cancel' })] }, 'Addons[0] has no ID'],
  ])('%s with %j is refused by name', async (path, more, message) => {
    const { status, body } = await call(path, base(more))

    expect([status, body.Code, body.Message]).toEqual([400, 400, expect.stringContaining(message)])
    expect(fabrikam.writes).toEqual(['buy sub-1'])
  })
})

describe('a check beforehand', () => {
  const calls: readonly (readonly [string, object])[] = [
    ['Subscriptions/Create', { ...order, SubscriptionID: '2' }],
    ['Subscriptions/Create', { ...order, SubscriptionID: '2', Quantity: 301 }],
    ['Subscriptions/Create', { ...order, SubscriptionID: '2', Account: { ExternalID: 'nobody' } }],
    ['Subscriptions/Create', { ...order, SubscriptionID: '2', Quantity: 0 }],
    ['Subscriptions/Create', { ...order, SubscriptionID: '2', ActionType: 'Cancel' }],
    ['Subscriptions/Update', existing('sub-1', { Quantity: 8 })],
    ['Subscriptions/Update', existing('sub-1', { Quantity: 500 })],
    ['Subscriptions/Update', existing('none', { Quantity: 8 })],
    ['Subscriptions/Suspend', existing('none', { ActionType: 'Suspend' })],
    ['Subscriptions/UpgradeToPaid', existing('sub-1', { ActionType: 'UpgradeToPaid' })],
    ['Addons/Create', existing('sub-1', { ActionType: 'None', Addons: [addon()] })],
    ['Addons/Create', existing('sub-1', { ActionType: 'None', Addons: [addon({ Quantity: 400 })] })],
    ['Accounts/Synchronize', { ID: '10', Name: 'Adatum' }],
    ['Accounts/Synchronize', { ID: '10', ExternalID: 'nobody', Name: 'Adatum' }],
    ['Accounts/Synchronize', { ID: '10' }],
    ['Accounts/Delete', { ID: '9', ExternalID: 'litware' }],
  ]

  test.each(calls)('of %s with %j refuses what the call refuses, and writes nothing', async (path, body) => {
    await buy()
    const before = [...fabrikam.writes]
    const checks = [await call(`${path}?checkonly=true`, body), await call(`${path}?CheckOnly=True`, body)]
    if (!path.startsWith('Accounts')) checks.push(await call(path, { ...body, CheckOnly: true }))
    expect(fabrikam.writes).toEqual(before)

    const real = await call(`${path}?checkonly=false`, body)
    const about = ({ status, body: { Code, Message } }: Answer) => [status, Code, Code === 0 ? null : Message]
    for (const check of checks) expect(about(check)).toEqual(about(real))
  })

  test('of a connector without a preview goes by what can be told here', async () => {
    await begin({ hasPreview: false })
    await buy()
    const check = async (path: string, body: object) => (await call(`${path}?checkonly=true`, body)).body.Code

    expect(await check('Subscriptions/Update', existing('sub-1', { Quantity: 8 }))).toBe(0)
    expect(await check('Subscriptions/Update', existing('none', { Quantity: 8 }))).toBe(25)
    expect(fabrikam.writes).toEqual(['buy sub-1'])
  })

  test.each(['yes', '1', ''])('that says %j is refused, and not taken for an order', async (value) => {
    const { status, body } = await call(`Subscriptions/Create?checkonly=${value}`, order)

    expect([status, body.Message]).toEqual([400, expect.stringContaining('checkonly is true or false')])
    expect(fabrikam.writes).toEqual([])
  })
})

describe('an account', () => {
  test('is made a customer once', async () => {
    const account = { ID: '10', Name: 'Adatum', SyncOptions: { domain: 'adatum.example' } }
    const first = await call('Accounts/Synchronize', account)

    expect(first.body).toMatchObject({ Code: 0, Result: 'customer-2', ResultUser: 'admin', GeneratedPassword: 'f1rst' })
    expect((await call('Accounts/Synchronize', account)).body).toEqual({ Code: 0, Message: null, Result: 'customer-2' })
    expect(fabrikam.writes).toEqual(['customer customer-2'])
    expect(fabrikam.customers.get('customer-2')).toMatchObject({ domain: 'adatum.example' })
  })

  test.each([{ ExternalID: 'litware' }, { SyncOptions: { customerId: 'litware' } }])(
    'with the id of a customer, %j, is that customer',
    async (known) => {
      expect((await call('Accounts/Synchronize', { ID: '9', Name: 'Litware', ...known })).body.Result).toBe('litware')
      expect(fabrikam.writes).toEqual([])
    },
  )

  test.each([
    [{ ExternalID: 'litware' }, 1, 'litware'],
    [{ SyncOptions: { domain: 'LITWARE.example' } }, 1, 'litware'],
    [{ ExternalID: 'nobody' }, 0, null],
    [{ Name: 'Litware' }, 0, null],
  ])('exists when %j is known', async (account, Code, Result) => {
    expect((await call('Accounts/Exists', account)).body).toMatchObject({ Code, Result })
  })

  test('is not deleted', async () => {
    expect((await call('Accounts/Delete', { ExternalID: 'litware' })).body).toMatchObject({
      Code: 21,
      Message: expect.stringContaining('nothing was deleted'),
    })
  })

  test('is asked for what its provider wants to know', async () => {
    const ids = async () => (await call('Accounts/SyncOptions')).body.Fields.map((one: { ID: string }) => one.ID)
    expect(await ids()).toContain('domain')

    await served.close()
    served = await serve(manual)
    expect((await call('Accounts/SyncOptions')).body.Fields).toMatchObject([
      { ID: 'customerId', Definition: { IsRequired: true, Kind: 'SimpleValue', DataType: 'Text' } },
    ])
    expect((await call('Accounts/Synchronize', { Name: 'Adatum' })).body).toMatchObject({ Code: 26 })
    expect((await call('Accounts/Synchronize', { ExternalID: 'x' })).body).toMatchObject({ Code: 0, Result: 'x' })
  })
})

describe('a connection', () => {
  const setting = (value: string) => ({ 'X-CloudPlatform-Setting-token': value })

  test('of the server asks for nothing', async () => {
    expect((await call('Fields/Get')).body).toEqual({ Fields: [] })
    expect((await call('Fields/Validate', { Fields: [] })).body).toEqual([])
  })

  describe('that tenants enter', () => {
    beforeEach(async () => {
      await served.close()
      served = await serve(fabrikam.fabrikam)
    })

    test('is asked for as the connector declares it', async () => {
      expect((await call('Fields/Get')).body.Fields).toMatchObject([
        {
          ID: 'region',
          Definition: { Kind: 'PredefinedChooseOne', IsRequired: false, PredefinedValues: { eu: 'eu', us: 'us' } },
        },
        {
          ID: 'token',
          Definition: { Name: 'Token', Description: 'From the portal.', Kind: 'PasswordText', IsRequired: true },
        },
      ])
    })

    test.each([
      [[{ ID: 'token', RawValue: token }], []],
      [[{ id: 'Token', rawvalue: 'wrong' }], ['token: It is refused.']],
      [[], [expect.stringContaining('`token` (Token) is missing')]],
      [
        [
          { ID: 'token', RawValue: token },
          { ID: 'region', RawValue: 'mars' },
        ],
        [expect.stringContaining('eu, us')],
      ],
    ])('is validated: %j', async (Fields, errors) => {
      expect((await call('Fields/Validate', { Fields })).body).toEqual(errors)
    })

    test('comes with each call', async () => {
      expect((await call('Subscriptions/Create', order, setting(token))).body).toMatchObject({
        Code: 0,
        Result: 'sub-1',
      })
      expect((await call('Subscriptions/Create', order)).body).toMatchObject({
        Code: 26,
        Message: expect.stringContaining('Token'),
      })
    })

    test('has no state of its own to keep', () => {
      const state = { get: async () => null, set: async () => true }

      expect(() => serveServiceManagement(fabrikam.fabrikam, { applicationId, apiKey, state })).toThrow(
        '`state` belongs',
      )
    })
  })
})

describe('what is sold', () => {
  test('is defined as products whose ids and attributes come back as what they are', async () => {
    const { ProductTypes } = (await call('Fields/ServiceDefinition')).body
    const [basic, backup] = ProductTypes[0].ProductsCollection.Products

    expect(ProductTypes).toMatchObject([{ ID: 'fabrikam', Derivative: 'SUBSCRIPTION' }])
    expect(basic).toMatchObject({
      ID: 'P1;P1Y;monthly',
      UnitBillingCycles: ['Monthly'],
      Prices: [{ Currency: 'EUR', Units: [{ BillingCycle: 'Monthly', Cost: 5, Price: 7 }] }],
    })
    expect(backup).toMatchObject({ ID: 'P2', Attributes: [{ ID: 'partNumber', Values: ['P2'] }], Prices: [] })

    await buy({ ProductID: basic.ID, AttributeList: null })
    await buy({
      SubscriptionID: '2',
      AttributeList: [
        { ID: 'partNumber', Value: 'P2' },
        { ID: 'term', Value: '' },
      ],
    })
    expect([stateOf('sub-1')?.sku, stateOf('sub-2')?.sku]).toEqual(['P1', 'P2'])
  })

  test('is told of the connector in a few words', async () => {
    expect((await call('Fields/AdditionalInfo')).body).toMatchObject({ Connector: 'fabrikam', Version: '0.0.0' })
  })

  test('follows from the connector in the registration and in the OpenAPI document', async () => {
    const { options, endpoints } = serviceManagementRegistration(fabrikam.fabrikam)
    const get = async (path: string) => {
      const headers = { 'X-CloudPlatform-ApplicationId': applicationId, 'X-CloudPlatform-APIKey': apiKey }
      return (await fetch(served.url + path, { headers })).json() as Promise<Record<string, object>>
    }

    expect(options).toMatchObject({ subscriptions: true, addons: true, payPerUse: false })
    expect(endpoints).toContainEqual({ method: 'POST', path: 'Subscriptions/Suspend', preCheck: true })
    expect(endpoints.map(({ path }) => path)).not.toContain('Subscriptions/UpgradeToPaid')
    expect(await get('/registration.json')).toEqual({ ...serviceManagementRegistration(fabrikam.fabrikam) })
    expect(Object.keys((await get('/openapi.json')).paths ?? {})).toEqual(endpoints.map(({ path }) => `/${path}`))
    expect(serviceManagementRegistration(doNothing).endpoints.map(({ path }) => path)).not.toContain('Accounts/Delete')
  })
})

describe('who calls', () => {
  test.each([
    [{ 'X-CloudPlatform-APIKey': 'wrong' }],
    [{ 'X-CloudPlatform-APIKey': '' }],
    [{ 'X-CloudPlatform-APIKey': apiKey.toUpperCase() }],
    [{ 'X-CloudPlatform-ApplicationId': 'other' }],
  ])('with %j is not let in', async (headers) => {
    const { status, body } = await call('Subscriptions/Create', order, headers)

    expect([status, body]).toEqual([401, { Code: 401, Message: expect.stringContaining('wrong'), Result: null }])
    expect(fabrikam.writes).toEqual([])
  })

  test.each(['applicationId', 'apiKey'])('is known by its %s, which a server has to have', (name) => {
    const options = { applicationId, apiKey, [name]: '' }

    expect(() => serveServiceManagement(manual, options)).toThrow(`\`${name}\` is empty`)
  })

  test.each([
    ['Subscriptions/Explode', 404, 'There is no endpoint'],
    ['constructor/prototype', 404, 'There is no endpoint'],
    ['Users/Create', 404, 'There is no endpoint'],
    ['Fields/Get', 405, 'GET'],
  ])('asking for %s is told what there is', async (path, status, message) => {
    expect(await call(path, {})).toMatchObject({
      status,
      body: { Code: status, Message: expect.stringContaining(message) },
    })
  })

  test.each([
    ['{', 'not JSON'],
    ['', 'empty'],
    ['[]', 'ServiceDefinition has to be an object'],
    ['"x"', 'ServiceDefinition has to be an object'],
    ['['.repeat(200) + ']'.repeat(200), 'nests more than'],
    [JSON.stringify({ ...order, Quantity: 'many' }), 'ServiceDefinition.Quantity has to be a number'],
    [JSON.stringify({ ...order, Quantity: -1 }), 'Quantity has to be 1 or more'],
    [JSON.stringify({ ...order, Addons: {} }), 'Addons has to be an array'],
    [JSON.stringify({ ...order, AttributeList: 7 }), 'AttributeList has to be'],
    [JSON.stringify({ ...order, ActionType: 'Explode' }), 'there is no action "Explode"'],
    [JSON.stringify({ ...order, ActionType: 8 }), 'there is no action 8'],
    [JSON.stringify({ ...order, ActionType: 'constructor' }), 'there is no action "constructor"'],
    [JSON.stringify({ ...order, ActionType: {} }), 'there is no action'],
    [JSON.stringify({ ...order, Account: null }), 'Account.ExternalID is missing'],
    [JSON.stringify({ ...order, ProductID: null, AttributeList: null }), 'names no product'],
  ])('with the body %s is told what is wrong with it', async (body, message) => {
    const answer = await call('Subscriptions/Create', body)

    expect(answer).toMatchObject({
      status: 400,
      body: { Code: 400, Message: expect.stringContaining(message), Result: null },
    })
    expect(fabrikam.writes).toEqual([])
  })

  test('with names of prototypes changes nothing but what he asked for', async () => {
    const body = JSON.stringify(order).replace('{', '{"__proto__":{"Quantity":300},"constructor":{"a":1},')
    const attributes = {
      ...JSON.parse('{"__proto__":{"Value":"x"}}'),
      ...order.AttributeList,
      toString: { Value: 'y' },
    }

    expect((await call('Subscriptions/Create', body)).body.Code).toBe(0)
    expect((await buy({ SubscriptionID: '2', AttributeList: attributes })).Code).toBe(0)
    expect(stateOf('sub-1')?.quantity).toBe(5)
    expect(({} as { Quantity?: number }).Quantity).toBeUndefined()
  })

  test('with a body that is too large is cut off', async () => {
    await begin({}, { maxBytes: 1000 })
    const { status, body } = await call('Subscriptions/Create', { ...order, Name: 'x'.repeat(2000) })

    expect([status, body.Code]).toEqual([413, 413])
  })
})

test('what nobody expected is told without its words, and noted without secrets', async () => {
  const broken = {
    ...fabrikam.fabrikam,
    apply: async () => {
      throw new Error(`${token} ${apiKey} c4llback-t0ken`)
    },
  } as typeof fabrikam.fabrikam
  await served.close()
  served = await serve(broken, { credentials: { token }, clock: impatientClock() })

  const answer = await call('Subscriptions/Create', order, { 'X-CloudPlatform-Token': 'c4llback-t0ken' })

  expect(answer).toMatchObject({ status: 500, body: { Code: 50, Result: null } })
  expect(answer.text).not.toMatch(/t0ken|k3y/)
  expect(served.notes).toHaveLength(1)
  expect(JSON.stringify(served.notes)).not.toMatch(/t0ken|k3y/)
})
