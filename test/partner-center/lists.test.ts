import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { collect } from '../connectors/collect.ts'
import { BASIC, type Connected, connect, PREMIUM, seed } from './connection.ts'

let center: Connected
beforeEach(async () => {
  center = await connect()
})
afterEach(() => center.close())

const customers = () => center.connector.customers!
const agreements = () => center.connector.agreements!

describe('customers', () => {
  test('are listed page by page', async () => {
    const many = Array.from({ length: 95 }, (_, index) => ({ id: `c-${index}`, name: `Customer ${index}` }))
    await center.close()
    center = await connect({ seed: { customers: many } })

    expect((await collect(customers().list(center.context()))).map(({ name }) => name)).toEqual(
      many.map(({ name }) => name),
    )
    expect(center.simulator.state.requests.filter(({ path }) => path === '/v1/customers')).toHaveLength(3)
  })

  test('that are listed in a circle are an error', async () => {
    center.simulator.behave({ quirks: { repeatsPages: true } })

    await expect(collect(customers().list(center.context()))).rejects.toMatchObject({ code: 'transient' })
  })

  test('are found by their tenant', async () => {
    expect(await customers().find!(center.context(), 'contoso')).toMatchObject({ id: 'contoso', name: 'Contoso' })
  })

  test('that are unknown are none', async () => {
    center.simulator.fail({ path: '/v1/customers/x', status: 404 })
    expect(await customers().find!(center.context(), 'x')).toBeNull()
  })

  test('are made once for each key, with the first user told once', async () => {
    const customer = { name: 'Tailspin', domain: 'tailspin.onmicrosoft.com', address: { country: 'US' } }
    const first = await customers().create!(center.context(), customer)
    const again = await customers().create!(center.context(), customer)

    expect(first).toMatchObject({ name: 'Tailspin', firstUser: { userName: 'admin', password: expect.any(String) } })
    expect(again.id).toBe(first.id)
    expect(JSON.stringify(first.raw)).not.toContain(first.firstUser?.password)
    expect(center.simulator.state.writes).toHaveLength(1)
  })

  test('that lack something are refused', async () => {
    await expect(customers().create!(center.context(), { name: 'X' })).rejects.toMatchObject({ code: 'invalid' })
  })
})

test('a domain that is found is taken, and one that is not is free', async () => {
  expect(await customers().isDomainAvailable!(center.context(), 'contoso')).toBe(false)
  expect(await customers().isDomainAvailable!(center.context(), 'new.onmicrosoft.com')).toBe(true)
})

test('an address is valid, or comes with suggestions', async () => {
  const whole = { country: 'US', line1: '1 Main St', city: 'Redmond' }
  expect(await customers().validateAddress!(center.context(), whole)).toMatchObject({
    status: 'valid',
    suggestions: [],
  })
  expect(await customers().validateAddress!(center.context(), { country: 'US' })).toMatchObject({
    status: 'invalid',
    suggestions: [{ city: 'Redmond', line1: '1 Microsoft Way' }],
  })
})

describe('the Microsoft Customer Agreement', () => {
  const acceptance = {
    templateId: 'mca-2026',
    signedBy: { firstName: 'Ada', lastName: 'Reyes' },
    signedOn: new Date('2026-11-24'),
  }

  test('is named by its template', async () => {
    expect(await agreements().template!(center.context())).toEqual({
      id: 'mca-2026',
      url: 'https://aka.ms/customeragreement',
    })
  })

  test('is listed where it was confirmed', async () => {
    expect(await collect(agreements().list(center.context(), { id: 'contoso' }))).toMatchObject([
      { templateId: 'mca-2026' },
    ])
    expect(await collect(agreements().list(center.context(), { id: 'fabrikam' }))).toEqual([])
  })

  test.each([
    ['contoso', true],
    ['litware', true],
    ['fabrikam', false],
  ])('of %s counts as accepted: %s', async (id, expected) => {
    expect(await agreements().isAccepted!(center.context(), { id })).toBe(expected)
  })

  test('is confirmed once, and a second confirmation is none', async () => {
    const confirm = (key: string) => agreements().accept!(center.context({ key }), { id: 'fabrikam' }, acceptance)

    expect(await confirm('job-1')).toMatchObject({ customerId: 'fabrikam', signedBy: { firstName: 'Ada' } })
    expect(await confirm('job-2')).toMatchObject({ templateId: 'mca-2026', signedOn: acceptance.signedOn })
    expect(center.simulator.state.writes).toHaveLength(1)
  })

  test('is not kept in other clouds', async () => {
    const context = center.context({ settings: { cloud: 'china' } })
    await expect(agreements().template!(context)).rejects.toMatchObject({ code: 'notEligible' })
  })
})

test('the catalogue lists each edition with each of its terms', async () => {
  const products = await collect(center.connector.catalog!.products(center.context()))

  expect(products.map(({ id, term, billingCycle }) => [id, term, billingCycle])).toEqual([
    [BASIC, 'P1Y', 'monthly'],
    [PREMIUM, 'P1M', 'monthly'],
    [PREMIUM, 'P1Y', 'monthly'],
    ['CFQ7TTC0LH99:0001', 'P1Y', 'monthly'],
  ])
})

test("a customer's subscriptions are listed, over links from page to page", async () => {
  await center.close()
  center = await connect({ seed, pageSize: 1 })

  const all = await collect(center.connector.subscriptions!(center.context(), { id: 'contoso' }))
  expect(all.map(({ id, reducible }) => [id, reducible?.length])).toEqual([
    ['sub-1', 1],
    ['old-1', 0],
    ['addon-1', 1],
  ])
})

test('10,000 customers are listed with one page of them in memory', async () => {
  await center.close()
  const many = Array.from({ length: 10_000 }, (_, index) => ({ id: `c-${index}`, name: `Customer ${index}` }))
  center = await connect({ seed: { customers: many } })

  let count = 0
  for await (const _ of customers().list(center.context())) {
    // No page is asked for before the one ahead of it is used up.
    if (++count % 1000 === 1) {
      const asked = center.simulator.state.requests.filter(({ path }) => path === '/v1/customers').length
      expect(asked).toBe(Math.ceil(count / 40))
    }
  }
  expect(count).toBe(10_000)
}, 60_000)

test('1,000 changes at once keep the declared limit, without a refusal', async () => {
  await center.close()
  const ids = Array.from({ length: 1000 }, (_, index) => `s-${index}`)
  const subscriptions = ids.map((id) => ({ id, customerId: 'contoso', product: BASIC, quantity: 1 }))
  center = await connect(
    { seed: { ...seed, subscriptions }, requestsPerMinute: 301 },
    { limits: { requestsPerMinute: 300 } },
  )

  for (const [index, id] of ids.entries()) {
    const change = { kind: 'setAutoRenew', subscription: { id, customerId: 'contoso' }, enabled: false } as const
    expect(await center.apply(change, { key: `log-${index}` })).toMatchObject({ changed: true })
  }

  const times = center.simulator.state.requests
    .filter(({ path }) => path.startsWith('/v1'))
    .map(({ at }) => at.getTime())
  const busiest = Math.max(...times.map((from, index) => times.slice(index).filter((at) => at < from + 60_000).length))
  expect(times).toHaveLength(2000)
  expect(busiest).toBeLessThanOrEqual(300)
}, 60_000)
