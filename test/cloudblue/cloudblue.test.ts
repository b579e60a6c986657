import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Change, createCloudBlue, type Json, verifyConnectivity } from '../../src/connectors/index.ts'
import {
  type CloudBlueSubscription,
  createCloudBlueSimulator,
  type ListeningSimulator,
} from '../../src/testing/index.ts'
import { collect } from '../connectors/collect.ts'
import { type CallOptions, createConnection } from '../connectors/connection.ts'

const userName = 'work365'
const password = 'p4ss-s3cret'
const existing = { id: '1006754', customerId: '1000002' }
const order: Change<'create'> = {
  kind: 'create',
  customer: { id: '1000002' },
  product: { id: '204', name: 'Business Basic <annual>' },
  quantity: 5,
  fields: { DomainID: 'fabrikam.example' },
}

let simulator: ReturnType<typeof createCloudBlueSimulator>
let server: ListeningSimulator
const cloudBlue = createCloudBlue()
const connection = createConnection(() => ({
  connector: cloudBlue,
  settings: { accessPoint: `${server.url}/RPC2`, accountId: '1000001' },
  credentials: { userName, password },
}))
const { context, apply, resume, settle } = connection

const office = { id: 12, name: 'Office', limit: 1 }
const seats = { id: 13, name: 'Seats', parentId: 12, limit: 1 }
const storage = { id: 14, name: 'Storage', parentId: 12, limit: 0 }
const subscription: CloudBlueSubscription = {
  id: 1_006_754,
  name: 'Business Basic',
  serviceTemplateId: 204,
  ownerId: 1_000_002,
  isActive: true,
  resourceTypes: [office, { ...seats, limit: 10, usage: 4 }],
}

beforeEach(async () => {
  connection.begin()
  simulator = createCloudBlueSimulator({
    userName,
    password,
    clock: connection.clock,
    seed: {
      accounts: [
        { id: 1_000_001, companyName: 'Contoso Distribution' },
        { id: 1_000_002, companyName: 'Fabrikam', parentId: 1_000_001, country: 'de' },
        { id: 1_000_003, companyName: 'Northwind', parentId: 1_000_001 },
      ],
      serviceTemplates: [
        { id: 204, name: 'Business Basic', ownerId: 1_000_001, resourceTypes: [office, seats] },
        { id: 205, name: 'Many Things', ownerId: 1_000_001, resourceTypes: [office, seats, { ...storage, limit: 5 }] },
      ],
      subscriptions: [
        subscription,
        { ...subscription, id: 1_006_755, name: 'Nothing Else', resourceTypes: [office, seats, storage] },
        { ...subscription, id: 1_006_756, resourceTypes: [office, seats, { ...storage, limit: 5 }] },
        { ...subscription, id: 1_006_757, ownerId: 1_000_003, isActive: false },
        { ...subscription, id: 1_006_758, ownerId: 1_000_003, resourceTypes: [{ ...office, limit: -1, usage: 7 }] },
      ],
    },
  })
  server = await simulator.listen()
})
afterEach(() => server.close())

const bought = () => simulator.state.writes.filter(({ kind }) => kind === 'activate')
const own = (id: number) => simulator.state.subscriptions.find((one) => one.id === id)

describe('an order', () => {
  test('becomes a subscription of the account, with a limit for what is counted and the rest as the template has it', async () => {
    expect(await settle(order)).toMatchObject({
      status: 'done',
      changed: true,
      subscription: { customerId: '1000002', sku: '204', quantity: 5, status: 'active' },
    })
    expect(simulator.state.subscriptions.at(-1)).toMatchObject({
      ownerId: 1_000_002,
      name: expect.stringMatching(/^Business Basic <annual> #[0-9a-f]{12}$/),
      resourceTypes: [
        { id: 12, limit: 1 },
        { id: 13, limit: 5 },
      ],
    })
  })

  test('delivered again is found by its name, whatever the connection has forgotten, and buys nothing', async () => {
    await settle(order)
    connection.forget()

    expect(await apply(order)).toMatchObject({ status: 'done', changed: false })
    expect(bought()).toHaveLength(1)
    expect(await cloudBlue.find?.(context(), order)).toMatchObject({ quantity: 5 })
    expect(await cloudBlue.find?.(context('log-2'), order)).toBeNull()
  })

  test('like another one, for another change, is bought as well', async () => {
    await settle(order, 'log-1')
    await settle(order, 'log-2')

    expect(bought()).toHaveLength(2)
  })

  describe.each(['request', 'answer'] as const)('that loses the %s', (drop) => {
    test.each([
      'pem.activateSubscription',
      'pem.getAccountSubscriptions',
      'pem.getServiceTemplate',
      'pem.getSubscription',
    ])('of %s on its way is bought once', async (method) => {
      simulator.fail({ containing: method, drop, times: 3 })

      expect(await settle(order, 'log-1', { settings: { lostOrders: 'repeat' } })).toMatchObject({ status: 'done' })
      expect(bought()).toHaveLength(1)
    })
  })

  test('that was lost and does not appear is for a person, unless the settings say otherwise', async () => {
    simulator.fail({ containing: 'pem.activateSubscription', drop: 'request' })

    await expect(settle(order)).rejects.toMatchObject({
      code: 'notFound',
      message: expect.stringContaining('Look into the portal of CloudBlue'),
    })
    expect(bought()).toEqual([])
  })

  test('that is not active yet is accepted, pending after a day, and done when it is', async () => {
    simulator.behave({ takesMs: 48 * 3_600_000 })
    const { handle } = (await apply(order)) as { handle: Json }
    expect(await apply(order)).toMatchObject({ status: 'accepted' })

    await connection.clock.advance(25 * 3_600_000)
    await expect(resume(handle)).rejects.toMatchObject({ code: 'pending' })
    await connection.clock.advance(24 * 3_600_000)
    expect(await resume(handle)).toMatchObject({ status: 'done' })
    expect(bought()).toHaveLength(1)
  })

  test('of a template with several leaves is refused by their names, and taken once the settings name one', async () => {
    const many = { ...order, product: { id: '205' } }
    await expect(apply(many)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Seats (13), Storage (14)'),
      details: { field: 'quantityResources' },
    })
    expect(await settle(many, 'log-1', { settings: { quantityResources: '99, 14' } })).toMatchObject({ status: 'done' })
    expect(simulator.state.subscriptions.at(-1)?.resourceTypes).toMatchObject([{}, { limit: 1 }, { id: 14, limit: 5 }])
  })

  test('with a character that cannot be sent is refused before anything is', async () => {
    await expect(apply({ ...order, fields: { DomainID: 'a\0b' } })).rejects.toMatchObject({ code: 'invalid' })
    expect(bought()).toEqual([])
  })
})

describe('a change', () => {
  test.each<[string, Change, object, object | undefined]>([
    [
      'a quantity',
      { kind: 'setQuantity', subscription: existing, quantity: 25, delta: 15 },
      { quantity: 25, status: 'active' },
      { resourceTypes: [{ limit: 1 }, { limit: 25 }] },
    ],
    ['a pause', { kind: 'pause', subscription: existing }, { status: 'paused', quantity: 10 }, { isActive: false }],
  ])('of %s is reached, and asked for again writes nothing', async (_, change, target, there) => {
    expect(await apply(change)).toMatchObject({ status: 'done', changed: true, subscription: target })
    expect(await apply(change)).toMatchObject({ status: 'done', changed: false, subscription: target })
    expect(own(1_006_754)).toMatchObject(there!)
    expect(simulator.state.writes).toHaveLength(1)
  })

  test('lets what was paused go on', async () => {
    const subscription = { id: '1006757', customerId: '1000003' }
    expect(await apply({ kind: 'resume', subscription })).toMatchObject({ subscription: { status: 'active' } })
  })

  test.each(['i8', 'i4', 'string'] as const)('is made with numbers that come as %s', async (largeNumbers) => {
    simulator.behave({ largeNumbers })
    const { subscription } = (await apply({ kind: 'setQuantity', subscription: existing, quantity: 25 })) as {
      subscription: object
    }
    expect(subscription).toMatchObject({ quantity: 25 })
    expect(() => JSON.stringify(subscription)).not.toThrow()
  })

  test.each<[string, Change, string]>([
    [
      'a quantity at the renewal',
      { kind: 'setQuantity', subscription: existing, quantity: 12, when: 'renewal' },
      'notEligible',
    ],
    ['no quantity', { kind: 'setQuantity', subscription: existing, quantity: 0 }, 'quantityInvalid'],
    ['a part of one', { kind: 'setQuantity', subscription: existing, quantity: 7.5 }, 'quantityInvalid'],
    ['more than can be sent', { kind: 'setQuantity', subscription: existing, quantity: 2 ** 31 }, 'quantityInvalid'],
    ['less than is in use', { kind: 'setQuantity', subscription: existing, quantity: 3 }, 'reductionNotAllowed'],
    ["somebody else's", { kind: 'pause', subscription: { ...existing, customerId: '1000003' } }, 'notFound'],
    ['what is not there', { kind: 'cancel', subscription: { ...existing, id: '1' } }, 'notFound'],
    ['what cannot be an id', { kind: 'cancel', subscription: { ...existing, id: 'x' } }, 'notFound'],
    ['auto-renew', { kind: 'setAutoRenew', subscription: existing, enabled: false }, 'notEligible'],
    ['an add-on', { ...order, parent: existing }, 'notEligible'],
    ['nothing', { ...order, quantity: 0 }, 'quantityInvalid'],
    ['what is not sold', { ...order, product: { id: '9' } }, 'notFound'],
    ['an order for nobody', { ...order, customer: { id: '9' } }, 'notFound'],
  ])('of %s is refused', async (_, change, code) => {
    await expect(apply(change)).rejects.toMatchObject({ code })
    expect(simulator.state.writes).toEqual([])
  })
})

describe('an end', () => {
  const end: Change = { kind: 'cancel', subscription: existing }

  test('removes the subscription, and says what it was', async () => {
    expect(await apply(end)).toMatchObject({ status: 'accepted' })
    expect(simulator.state.writes).toEqual([])

    expect(await settle(end)).toMatchObject({
      status: 'done',
      subscription: { id: '1006754', sku: '204', quantity: 10, status: 'cancelled' },
    })
    expect(own(1_006_754)).toBeUndefined()
  })

  test.each([
    ['request', 1],
    ['request', 3],
    ['answer', 1],
    ['answer', 3],
  ] as const)('whose removal loses the %s on its way, %i times, is done once it is gone', async (drop, times) => {
    const { handle } = (await apply(end)) as { handle: Json }
    simulator.fail({ containing: 'pem.removeSubscription', drop, times })

    expect(await settle(end, undefined, undefined, handle)).toMatchObject({ status: 'done' })
    expect(simulator.state.writes).toEqual([{ kind: 'remove', subscriptionId: 1_006_754 }])
  })
})

describe('a refusal', () => {
  test('is told in its own words, with the type that it has', async () => {
    await expect(apply({ ...order, customer: { id: '9' } })).rejects.toMatchObject({
      message: 'CloudBlue refused pem.getAccountSubscriptions: Account #9 does not exist.',
      details: { providerCode: 'Account 1' },
    })
  })

  test.each([
    [4711, 'invalid'],
    [-32601, 'notEligible'],
    [-32700, 'bug'],
    [-32602, 'invalid'],
    [-32603, 'transient'],
  ])('that is a fault with the code %i is %s', async (faultCode, code) => {
    simulator.behave({ faultCode })
    await expect(apply({ kind: 'pause', subscription: { ...existing, id: '1' } })).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Subscription #1 does not exist.'),
      details: { providerCode: String(faultCode) },
    })
  })

  test('that is a fault under the status of an error is told as well', async () => {
    const body =
      '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>7</int></value></member><member><name>faultString</name><value>Out of order.</value></member></struct></value></fault></methodResponse>'
    simulator.fail({ status: 500, body, times: 3 })
    await expect(apply({ kind: 'pause', subscription: existing })).rejects.toMatchObject({
      code: 'transient',
      message: expect.stringContaining('Out of order.'),
      details: { providerCode: '7' },
    })
  })

  test.each([
    ['Access denied for account.', undefined, undefined, 'auth'],
    ['Subscription is locked by another request.', undefined, undefined, 'pending'],
    ['No active licence.', 'Licensing', 1, 'notEligible'],
    ['Whatever.', 'Licensing', 2, 'invalid'],
    [undefined, undefined, undefined, 'invalid'],
  ])('that says %s, of %s %s, is %s', async (message, module, type, code) => {
    const member = (name: string, value: string | undefined) =>
      value === undefined ? '' : `<member><name>${name}</name><value>${value}</value></member>`
    const struct =
      member('status', '<int>-1</int>') +
      member('error_message', message) +
      member('module_id', module) +
      member('extype_id', type === undefined ? undefined : `<int>${type}</int>`)
    simulator.fail({ status: 200, body: response(`<struct>${struct}</struct>`) })
    await expect(apply({ kind: 'pause', subscription: existing })).rejects.toMatchObject({ code })
  })
})

const response = (value: string) =>
  `<methodResponse><params><param><value>${value}</value></param></params></methodResponse>`

describe('an answer that is none', () => {
  test.each([
    ['nothing', '', 'with nothing'],
    ['an HTML page', '<!doctype html><html><head><title>Sign in</title></head></html>', 'an HTML page ("Sign in")'],
    ['a page in XHTML', '<html><body/></html>', 'an HTML page'],
    ['JSON', '{"status":0}', 'something that is not XML'],
    ['half an answer', '<methodResponse><params>', 'something that is not XML'],
    ['other XML', '<rss/>', 'its root is rss'],
    ['a type that there is not', response('<money>3</money>'), 'the type money'],
    ['no struct', response('<int>3</int>'), 'without status'],
    [
      'a status and no result',
      response('<struct><member><name>status</name><value><int>0</int></value></member></struct>'),
      'without a result',
    ],
    [
      'entities that become more and more',
      `<!DOCTYPE x [<!ENTITY a "boom"><!ENTITY b "&a;&a;&a;&a;">]>${response('&b;&b;')}`,
      'something that is not XML',
    ],
    ['arrays without end', response('<array><data><value>'.repeat(40_000)), 'something that is not XML'],
  ])('such as %s may have done its work', async (_, body, why) => {
    simulator.fail({ status: 200, body, times: 3 })

    const error = await apply({ kind: 'pause', subscription: existing }).catch((error) => error)
    expect(error).toMatchObject({ code: 'transient', message: expect.stringContaining(why) })
    expect(error.message).not.toContain('boomboom')
    expect(error.message.length).toBeLessThan(600)
  })

  test('keeps the id that support finds it by', async () => {
    simulator.fail({ status: 200, body: '<rss/>', headers: { 'x-request-id': 'r-17' } })
    await expect(apply({ kind: 'pause', subscription: existing })).rejects.toMatchObject({
      details: { correlationId: 'r-17' },
    })
  })
})

describe('the connection', () => {
  test('is verified, and each thing that is wrong with it is told', async () => {
    const verify = (options?: CallOptions) => verifyConnectivity(cloudBlue, context('verify', options))

    expect(await verify()).toMatchObject({ ok: true, account: 'Contoso Distribution' })
    expect(await verify({ credentials: { userName, password: 'wrong' } })).toMatchObject({
      ok: false,
      findings: [{ name: 'auth' }],
    })
    expect(await verify({ credentials: { userName } })).toMatchObject({
      ok: false,
      findings: [{ name: 'invalid', detail: expect.stringContaining('or neither') }],
    })
    expect(await verify({ settings: { accountId: '7' } })).toMatchObject({
      ok: false,
      findings: [{ name: 'notFound' }],
    })
  })

  test('needs no credentials where only the network is asked for', async () => {
    const open = createCloudBlueSimulator({ seed: { accounts: [{ id: 1_000_001, companyName: 'Contoso' }] } })
    const { url, close } = await open.listen()
    const connection = { credentials: {}, settings: { accessPoint: url } }
    expect(await verifyConnectivity(cloudBlue, context('open', connection))).toMatchObject({ ok: true })
    await close()
  })

  test('lists subscriptions with their quantities, and notes those that have none', async () => {
    const list = async (id: string, options?: CallOptions) => {
      const all = await collect(cloudBlue.subscriptions!(context('list', options), { id }))
      return all.map(({ id, quantity, status }) => `${id} ${quantity} ${status}`)
    }
    expect(await list('1000002')).toEqual(['1006754 10 active', '1006755 1 active'])
    expect(JSON.stringify(connection.notes)).toContain('subscription without a quantity')
    expect(await list('1000002', { settings: { quantityResources: '14' } })).toContain('1006756 5 active')
    expect(await list('1000003')).toEqual(['1006757 10 paused', '1006758 7 active'])
    await expect(list('x')).rejects.toMatchObject({ code: 'notFound' })
  })

  test('lists customers one by one, and finds one', async () => {
    const customers = await collect(cloudBlue.customers!.list(context()))
    expect(customers.map(({ id, name, address }) => [id, name, address?.country])).toEqual([
      ['1000002', 'Fabrikam', 'DE'],
      ['1000003', 'Northwind', 'US'],
    ])
    for await (const _ of cloudBlue.customers!.list(context())) break
    expect(simulator.state.calls.slice(-2)).toEqual(['pem.getVendorCustomers', 'pem.getAccountInfo'])
    expect(await cloudBlue.customers!.find!(context(), '7')).toBeNull()
    expect(await cloudBlue.customers!.find!(context(), 'x')).toBeNull()
  })

  test('asks for customers under the name that the settings have', async () => {
    const listed = collect(
      cloudBlue.customers!.list(context('list', { settings: { customersParameter: 'vendor_id' } })),
    )
    await expect(listed).rejects.toMatchObject({ code: 'invalid', details: { providerCode: 'OpenAPI 21' } })
  })

  test('lists products', async () => {
    expect(await collect(cloudBlue.catalog!.products(context()))).toMatchObject([
      { id: '204', name: 'Business Basic' },
      { id: '205', name: 'Many Things' },
    ])
  })

  test('shows no secret after a run full of faults', async () => {
    const basic = Buffer.from(`${userName}:${password}`).toString('base64')
    const errors: unknown[] = []
    for (const fault of [
      { status: 500, body: `<Error><Message>${basic}</Message></Error>`, times: 3 },
      { status: 200, body: `<html><title>${password}</title></html>`, times: 3 },
      { status: 200, body: `<a${basic.replaceAll('=', '')}/>` },
      { status: 401, body: `Basic ${basic}` },
      { drop: 'request' as const, times: 3 },
    ]) {
      simulator.fail(fault)
      errors.push(await apply(order).catch((error) => [error.message, error.stack, error.details]))
    }
    const outcome = await apply(order)
    const ended = await apply({ kind: 'cancel', subscription: existing })

    const shown = JSON.stringify([errors, connection.notes, outcome, ended, await connection.state.get()])
    expect(shown).not.toContain(password)
    expect(shown).not.toContain(basic.slice(0, 16))
  })
})
