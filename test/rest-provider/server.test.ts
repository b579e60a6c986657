import { request as httpRequest } from 'node:http'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  accepted,
  type Connector,
  defineConnector,
  done,
  field,
  manual,
  ProviderError,
  type RemoteSubscription,
  type ServeRestProviderOptions,
  serveRestProvider,
} from '../../src/connectors/index.ts'
import { models } from '../../src/connectors/rest-provider/models.ts'
import { routes } from '../../src/connectors/rest-provider/routes.ts'
import { impatientClock } from '../connectors/impatient-clock.ts'

const apiKey = 'sh4red-s3cret'
const token = 'pr0vider-t0ken'

/** A provider in memory, and how often it was asked to buy. */
function createContoso() {
  const subscriptions = new Map<string, RemoteSubscription>()
  const bought = new Map<string, string>()
  const purchases: string[] = []
  const contoso = defineConnector({
    name: 'contoso',
    title: 'Contoso',
    contract: 1,
    changes: ['create', 'setQuantity', 'setAutoRenew', 'pause', 'resume', 'cancel'],
    credentials: { token: field.secret({ title: 'Token' }) },
    verifyConnectivity: async () => ({ ok: true }),
    async apply({ key }, change) {
      if (change.kind === 'create') {
        const before = bought.get(key)
        if (before) return done(subscriptions.get(before)!, { changed: false })
        await Promise.resolve()
        const { product, quantity, customer, autoRenew, startsAt } = change
        const id = `sub-${subscriptions.size + 1}`
        purchases.push(key)
        bought.set(key, id)
        const subscription = {
          ...{ id, customerId: customer.id, sku: product.id, name: product.name, quantity },
          ...{ status: 'active' as const, autoRenew: autoRenew ?? false, startsAt },
        }
        subscriptions.set(id, subscription)
        return done(subscription)
      }
      const before = subscriptions.get(change.subscription.id)
      if (!before) throw new ProviderError('notFound', 'There is no such subscription.')
      const after = {
        ...before,
        ...(change.kind === 'setQuantity' && { quantity: change.quantity }),
        ...(change.kind === 'setAutoRenew' && { autoRenew: change.enabled }),
        ...(change.kind === 'pause' && { status: 'paused' as const }),
        ...(change.kind === 'resume' && { status: 'active' as const }),
        ...(change.kind === 'cancel' && { status: 'cancelled' as const }),
      }
      subscriptions.set(after.id, after)
      return done(after)
    },
    async *subscriptions(_, { id }) {
      for (const subscription of subscriptions.values()) if (subscription.customerId === id) yield subscription
    },
    customers: {
      async *list() {
        yield { id: 'fabrikam', name: 'Fabrikam' }
        yield { id: 'litware', name: 'Litware', address: { country: 'US' } }
      },
    },
    agreements: {
      async *list(_, { id }) {
        yield { id: 'a1', customerId: id, templateId: 'mca' }
      },
    },
  })
  return { contoso: contoso as Connector, purchases }
}

function serve(connector: Connector, options: Partial<ServeRestProviderOptions> = {}) {
  const notes: unknown[] = []
  const credentials = 'token' in connector.credentials ? { token } : {}
  const log = (...note: unknown[]) => void notes.push(note)
  const server = serveRestProvider(connector, { apiKey, credentials, clock: impatientClock(), log, ...options })
  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await server.fetch(
      new Request(`http://served${path}`, {
        method,
        headers: { 'work-365-rest-provider-api-key': apiKey, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    )
    const text = await response.text()
    const type = response.headers.get('content-type')
    return {
      status: response.status,
      type,
      headers: response.headers,
      body: type?.includes('json') ? JSON.parse(text) : text,
    }
  }
  return { ask, notes, server }
}

const order = { PARTNUMBER: 'P1', Quantity: '5', customer: { ID: 'litware' }, friendlyname: 'Basic', name: 'LCL-1' }

describe('who calls', () => {
  const { ask, server } = serve(createContoso().contoso)

  test('without the key is told so', async () => {
    const response = await server.fetch(new Request('http://served/openapi.json'))

    expect([response.status, await response.text()]).toEqual([403, 'Unknown client!'])
  })

  test.each(['Sh4red-s3cret', 'sh4red-s3cre', ''])('with the wrong key %j is told so', async (key) => {
    const answer = await ask('GET', '/customers', undefined, { 'work-365-rest-provider-api-key': key })

    expect(answer).toMatchObject({ status: 403, body: 'Invalid client!' })
  })

  test('a server without a secret is refused', () => {
    expect(() => serve(createContoso().contoso, { apiKey: '' })).toThrow('`apiKey` is empty')
  })

  test('a server whose connector lacks a credential is refused', () => {
    expect(() => serve(createContoso().contoso, { credentials: {} })).toThrow('Token')
  })
})

describe('a subscription', () => {
  test('is bought in any case, and answered in camel case with integers and dates', async () => {
    const { ask } = serve(createContoso().contoso)

    const { status, body } = await ask('POST', '/subscriptions', { ...order, StartDate: '0001-01-01T00:00:00' })

    expect(status).toBe(200)
    expect(body).toEqual({
      ...{ id: 'sub-1', name: 'LCL-1', createdOn: null, modifiedOn: null, partNumber: 'P1', friendlyName: 'Basic' },
      ...{ autoRenew: false, provisioningFrequency: 0, billingType: 1, status: 1, quantity: 5, pricing: null },
      ...{ customer: { id: 'litware', name: null }, startDate: '0001-01-01T00:00:00' },
    })
    expect((await ask('GET', '/customers/litware/subscriptions')).body).toEqual([body])
    expect((await ask('GET', '/customers/litware/subscriptions/sub-1')).body).toEqual(body)
  })

  test.each([
    ['PATCH', '/subscriptions/sub-1/suspend', { status: 2 }],
    ['PATCH', '/subscriptions/sub-1/activate', { status: 1 }],
    ['PATCH', '/subscriptions/sub-1/expire', { autoRenew: false }],
    ['DELETE', '/subscriptions/sub-1/cancel', true],
  ])('%s %s finds out whose it is, also after a restart', async (method, path, expected) => {
    const { contoso } = createContoso()
    await serve(contoso).ask('POST', '/subscriptions', { ...order, autoRenew: true })

    const { body } = await serve(contoso).ask(method, path)

    if (expected === true) expect(body).toBe(true)
    else expect(body).toMatchObject({ id: 'sub-1', ...(expected as object) })
  })

  test('is patched to its total and its auto-renew; what is left out stays', async () => {
    const { ask } = serve(createContoso().contoso)
    await ask('POST', '/subscriptions', order)
    const patch = { ID: 'sub-1', customer: { id: 'litware' } }

    expect((await ask('PATCH', '/subscriptions', { ...patch, quantity: 9 })).body).toMatchObject({ quantity: 9 })
    expect((await ask('PATCH', '/subscriptions', { ...patch, AutoRenew: true })).body).toMatchObject({
      quantity: 9,
      autoRenew: true,
    })
  })
})

test.each([
  ['GET', '/customers/nobody', undefined, 200, null],
  ['GET', '/customers/nobody/subscriptions', undefined, 200, []],
  ['GET', '/customers/litware/subscriptions/x', undefined, 200, null],
  ['POST', '/customers', {}, 400, 'Customer name is required!'],
  ['POST', '/agreements', { customer: { id: 'litware' } }, 400, 'Agreement templateId is required!'],
  ['POST', '/agreements', { templateId: 'mca' }, 400, 'Agreement customer id is required!'],
  [
    'POST',
    '/agreements',
    { templateId: 'mca', customer: { id: 'litware' }, signedOn: '0001-01-01T00:00:00' },
    400,
    'Agreement signedOn is required!',
  ],
  ['POST', '/subscriptions', undefined, 400, 'Subscription body cannot be null!'],
  ['POST', '/subscriptions', { ...order, PARTNUMBER: null }, 400, 'Subscription partNumber is required!'],
  ['POST', '/subscriptions', { ...order, customer: null }, 400, 'Subscription customer id is required!'],
  ['POST', '/subscriptions', { ...order, Quantity: 0 }, 400, 'Subscription quantity has to be more than 0!'],
  ['POST', '/subscriptions', '{"quantity":', 400, 'The body is not JSON.'],
  ['POST', '/subscriptions', '['.repeat(40), 400, 'The body nests more than 32 deep.'],
  ['POST', '/subscriptions', `"${'x'.repeat(1_000_000)}"`, 413, 'The body is too large.'],
  ['PATCH', '/subscriptions', 'null', 400, 'Subscription body cannot be null!'],
  ['PATCH', '/subscriptions', { id: 'x' }, 404, 'Subscription Id x not found'],
  ['PATCH', '/subscriptions', { id: 'x', customer: { id: 'litware' } }, 404, 'Subscription Id x not found'],
  ['PATCH', '/subscriptions/x/activate', undefined, 400, 'Subscription Id x not found'],
  ['PATCH', '/subscriptions/x/suspend', undefined, 400, 'Subscription Id x not found'],
  ['PATCH', '/subscriptions/x/expire', undefined, 400, 'Subscription Id x not found'],
  ['DELETE', '/subscriptions/x/cancel', undefined, 400, 'Subscription Id x not found'],
])('%s %s of what is not there, or cannot be, %#', async (method, path, body, status, expected) => {
  const { contoso, purchases } = createContoso()

  expect(await serve(contoso).ask(method, path, body)).toMatchObject({ status, body: expected })
  expect(purchases).toEqual([])
})

describe('what the connector has tells what is offered', () => {
  test('in the properties of the provider', async () => {
    expect((await serve(createContoso().contoso).ask('GET', '/utilities/provider-properties')).body).toEqual({
      supportsAgreementConfirmation: false,
      supportsAddressVerification: false,
      supportsCustomerCreation: false,
    })
  })

  test.each([
    ['GET', '/utilities/domain-check/contoso.example', undefined],
    ['POST', '/customers', { name: 'Wingtip' }],
    ['POST', '/agreements', { templateId: 'm', customer: { id: 'litware' }, signedOn: '2026-01-01T00:00:00' }],
    ['GET', '/nonrecurringitems', undefined],
    ['POST', '/nonrecurringitems', []],
    ['GET', '/pricelists/us/licensebased/current', undefined],
    ['GET', '/invoices', undefined],
    ['GET', '/invoices/1/licensesummary', undefined],
  ])('%s %s, which it has not, is answered with 501', async (method, path, body) => {
    expect(await serve(createContoso().contoso).ask(method, path, body)).toMatchObject({
      status: 501,
      type: 'application/problem+json',
      body: { title: 'Not Implemented', detail: expect.stringContaining('Contoso') },
    })
  })

  test('an address that nobody can validate is answered so', async () => {
    const { body } = await serve(createContoso().contoso).ask('POST', '/utilities/validate-address', { City: 'Bonn' })

    expect(body).toMatchObject({ addressValidationStatus: 2, originalAddress: { city: 'Bonn' } })
  })

  test('an agreement that is not signed carries the date that means so', async () => {
    const { body } = await serve(createContoso().contoso).ask('GET', '/customers/litware/agreements')

    expect(body).toMatchObject([{ templateId: 'mca', signedOn: '0001-01-01T00:00:00' }])
  })

  test('rules of a country are those given, in any case, and lenient elsewhere', async () => {
    const { ask } = serve(createContoso().contoso, { validationRules: { DE: { isPostalCodeRequired: true } } })

    expect((await ask('GET', '/countries/de/validation-rules')).body).toEqual({ isPostalCodeRequired: true })
    expect((await ask('GET', '/countries/fr/validation-rules')).body).toMatchObject({ isPostalCodeRequired: false })
  })

  test('a person who has to do it is named in the refusal', async () => {
    const subscription = { id: 's', customer: { id: 'c' }, quantity: 1 }

    expect(await serve(manual).ask('PATCH', '/subscriptions', subscription)).toMatchObject({
      status: 422,
      body: { code: 'notEligible', detail: expect.stringContaining('A person has to do it') },
    })
  })
})

describe('an idempotency key', () => {
  const headers = { 'idempotency-key': 'log-1' }

  test('buys once, however often and however at once', async () => {
    const { contoso, purchases } = createContoso()
    const { ask } = serve(contoso)

    const answers = await Promise.all([1, 2, 3].map(() => ask('POST', '/subscriptions', order, headers)))

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(answers.map((answer) => answer.headers.get('idempotent-replayed'))).toEqual([null, 'true', 'true'])
    expect(purchases).toEqual(['log-1'])
  })

  test('buys once over a restart, by what the connector finds', async () => {
    const { contoso, purchases } = createContoso()
    await serve(contoso).ask('POST', '/subscriptions', order, headers)

    const { headers: answered, body } = await serve(contoso).ask('POST', '/subscriptions', order, headers)

    expect([body.id, answered.get('idempotent-replayed')]).toEqual(['sub-1', 'true'])
    expect(purchases).toEqual(['log-1'])
  })

  test('does not stand for two orders', async () => {
    const { ask } = serve(createContoso().contoso)
    await ask('POST', '/subscriptions', order, headers)

    expect(await ask('POST', '/subscriptions', { ...order, Quantity: 6 }, headers)).toMatchObject({ status: 422 })
  })

  test('of a refused order is free again', async () => {
    const { ask } = serve(createContoso().contoso)
    await ask('POST', '/subscriptions', { ...order, Quantity: 0 }, headers)

    expect(await ask('POST', '/subscriptions', order, headers)).toMatchObject({ status: 200 })
  })

  test('that is too long is refused', async () => {
    const answer = serve(createContoso().contoso).ask('POST', '/subscriptions', order, {
      'idempotency-key': 'x'.repeat(256),
    })
    expect(await answer).toMatchObject({ status: 400 })
  })
})

describe('a change that takes time', () => {
  const remote = (status: RemoteSubscription['status']): RemoteSubscription => ({ id: 's1', quantity: 5, status })

  function createSlow({ polls, isSeen }: { polls: number; isSeen: boolean }) {
    const asked: string[] = []
    const slow = defineConnector({
      name: 'slow',
      title: 'Slow',
      contract: 1,
      changes: ['create'],
      verifyConnectivity: async () => ({ ok: true }),
      async apply() {
        asked.push('apply')
        return accepted({ left: polls }, { pollAfterMs: 5000 })
      },
      async resume(_, handle) {
        asked.push('resume')
        const { left } = handle as { left: number }
        return left === 0 ? done(remote('active')) : accepted({ left: left - 1 }, { pollAfterMs: 5000 })
      },
      find: async () => (isSeen ? remote('pending') : null),
    })
    return { slow, asked }
  }

  test('is waited for', async () => {
    const { slow, asked } = createSlow({ polls: 2, isSeen: false })

    expect(await serve(slow).ask('POST', '/subscriptions', order)).toMatchObject({ status: 200, body: { status: 1 } })
    expect(asked).toEqual(['apply', 'resume', 'resume', 'resume'])
  })

  test('and longer than the limit, is answered as it is by then, which is not active', async () => {
    const { slow } = createSlow({ polls: 99, isSeen: true })

    expect(await serve(slow).ask('POST', '/subscriptions', order)).toMatchObject({ status: 200, body: { status: 2 } })
  })

  test('and cannot be seen yet, is pending; the same request goes on where this one stopped', async () => {
    const { slow, asked } = createSlow({ polls: 5, isSeen: false })
    const { ask } = serve(slow)
    const headers = { 'idempotency-key': 'log-1' }

    const first = await ask('POST', '/subscriptions', order, headers)
    expect(first).toMatchObject({ status: 423, body: { code: 'pending' } })
    expect(first.headers.get('retry-after')).toBe('5')

    expect(await ask('POST', '/subscriptions', order, headers)).toMatchObject({ status: 200 })
    expect(asked.filter((step) => step === 'apply')).toHaveLength(1)
  })
})

test('two changes of one subscription are never under way together', async () => {
  let underWay = 0
  let most = 0
  const { contoso } = createContoso()
  const watched: Connector = {
    ...contoso,
    async apply(context, change) {
      most = Math.max(most, ++underWay)
      await new Promise((resolve) => setImmediate(resolve))
      underWay--
      return contoso.apply(context, change)
    },
  }
  const { ask } = serve(watched)
  await ask('POST', '/subscriptions', order)

  await Promise.all([6, 7, 8].map((quantity) => ask('PATCH', '/subscriptions', { id: 'sub-1', quantity })))

  expect(most).toBe(1)
})

describe('a failure', () => {
  const failing = (error: unknown) =>
    defineConnector({
      name: 'failing',
      title: 'Failing',
      contract: 1,
      credentials: { token: field.secret({ title: 'Token' }) },
      verifyConnectivity: async () => ({
        ok: false,
        findings: [{ name: 'token', ok: false, detail: 'It is refused.' }],
      }),
      apply: async () => {
        throw error
      },
    })
  const change = { id: 's', customer: { id: 'c' }, quantity: 2 }

  test.each([
    [new ProviderError('throttled', 'Slow down.', { retryAfterMs: 7000 }), 429, 'throttled'],
    [new ProviderError('transient', 'Broken.', { correlationId: 'c-1' }), 503, 'transient'],
    [new ProviderError('windowClosed', 'Too late.'), 422, 'windowClosed'],
    [new ProviderError('consentExpired', 'Consent again.'), 502, 'consentExpired'],
  ])('of the provider is told with its code: %s', async (error, status, code) => {
    const answer = await serve(failing(error)).ask('PATCH', '/subscriptions', change)

    expect(answer).toMatchObject({
      status,
      type: 'application/problem+json',
      body: { code, detail: error.message, traceId: error.details.correlationId ?? expect.any(String) },
    })
    expect(answer.headers.get('retry-after')).toBe(code === 'throttled' ? '7' : null)
  })

  test('that nobody expected tells nothing but where to look, and no secret gets out', async () => {
    const { ask, notes } = serve(failing(new Error(`at https://api.example/?key=${token} with ${apiKey}`)))

    const { status, body } = await ask('PATCH', '/subscriptions', change)

    expect([status, body.detail]).toEqual([500, 'Something unexpected has happened. The log tells more.'])
    expect(JSON.stringify(notes)).toContain(body.traceId)
    expect(JSON.stringify([body, notes])).not.toMatch(/s3cret|t0ken/)
  })

  test('of the connection shows when Work 365 verifies it', async () => {
    expect(await serve(failing(null)).ask('GET', '/utilities/provider-properties')).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('token: It is refused.') },
    })
  })
})

test('the OpenAPI document has every route and model', async () => {
  const { body } = await serve(createContoso().contoso).ask('GET', '/openapi.json')

  const operations = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    (path) => Object.values(path).map(({ operationId }) => operationId),
  )
  expect(body.openapi).toBe('3.1.0')
  expect(operations.sort()).toEqual(Object.keys(routes).sort())
  expect(Object.keys(body.components.schemas)).toEqual([...Object.keys(models), 'Problem'])
  const references = [...JSON.stringify(body).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name!)
  expect(references.filter((name) => !(name in body.components.schemas))).toEqual([])
})

test('no body brings it out of its contract', async () => {
  const { ask } = serve(createContoso().contoso)
  const writes = Object.values(routes).filter(({ method }) => method === 'POST' || method === 'PATCH')
  const property = fc.constantFrom('id', 'ID', 'customer', 'Quantity', 'partNumber', 'name', '__proto__', 'signedOn')
  const bodies = fc.oneof(
    fc.json(),
    fc.string(),
    fc.dictionary(property, fc.jsonValue()).map((value) => JSON.stringify(value)),
    fc.array(fc.dictionary(property, fc.jsonValue())).map((value) => JSON.stringify(value)),
  )

  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...writes), bodies, async ({ method, path }, body) => {
      const answer = await ask(method, path.replace(/:\w+/g, 'x'), body)
      expect([200, 204, 400, 404, 422, 501]).toContain(answer.status)
      if (answer.status === 400) expect(answer.type).toContain('text/plain')
    }),
    { seed: 7, numRuns: 300 },
  )
})

describe('over HTTP', () => {
  test('it listens on this machine only, and answers what is under way before it closes', async () => {
    const { contoso } = createContoso()
    let asked = () => {}
    let answer = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve
    })
    const { server } = serve({
      ...contoso,
      async apply(context, change) {
        asked()
        await mayAnswer
        return contoso.apply(context, change)
      },
    })
    const { url, close } = await server.listen()
    const headers = { 'work-365-rest-provider-api-key': apiKey }

    const buying = fetch(`${url}/subscriptions`, { method: 'POST', headers, body: JSON.stringify(order) })
    await isAsked
    const closed = close()
    answer()

    expect(new URL(url).hostname).toBe('127.0.0.1')
    expect((await buying).status).toBe(200)
    await closed
    await expect(fetch(`${url}/customers`, { headers })).rejects.toThrow()
  })

  test('a body that is too long is refused by what it says of itself', async () => {
    const { url, close } = await serve(createContoso().contoso).server.listen()
    const status = await new Promise((resolve, reject) => {
      const headers = { 'work-365-rest-provider-api-key': apiKey, 'content-length': 10_000_000 }
      const request = httpRequest(`${url}/subscriptions`, { method: 'POST', headers }, ({ statusCode }) => {
        resolve(statusCode)
        request.destroy()
      })
      request.on('error', reject)
      request.write('{')
    })

    expect(status).toBe(413)
    await close()
  })
})
