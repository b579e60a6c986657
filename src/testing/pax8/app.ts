import type { Context, Hono } from 'hono'
import { contactTypes, type NewCompany, type NewContact, type NewOrder } from '../../connectors/pax8/wire.ts'
import type { Clock } from '../../internal/clock.ts'
import type { IdGenerator } from '../../internal/ids.ts'
import type { Pax8Behaviour, Pax8State, Pax8Subscription } from './state.ts'

export interface Pax8World {
  readonly clientId: string
  readonly clientSecret: string
  readonly clock: Clock
  readonly ids: IdGenerator
  readonly how: () => Pax8Behaviour
}

/** A refusal in Pax8's words. */
class Refused extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422

  constructor(status: Refused['status'], message: string) {
    super(message)
    this.status = status
  }
}

/** Pax8's HTTP over what it has. */
export async function createApp(state: Pax8State, world: Pax8World): Promise<Hono> {
  const { Hono } = await import('hono')
  const app = new Hono()

  app.post('/token', async (context) => {
    const asked = await context.req.json<Record<string, string>>()
    if (asked.client_id !== world.clientId || asked.client_secret !== world.clientSecret)
      throw new Refused(401, 'Unauthorized')
    if (asked.audience !== 'https://api.pax8.com') throw new Refused(403, 'The audience is not known.')
    state.tokens.given++
    state.tokens.current = `pax8-${world.ids()}`
    return context.json({ access_token: state.tokens.current, expires_in: 86_400, token_type: 'Bearer' })
  })

  app.use(async (context, next) => {
    const isGood = context.req.header('authorization') === `Bearer ${state.tokens.current}`
    if (!isGood) throw new Refused(401, 'Unauthorized')
    await next()
  })

  app.get('/companies', (context) => page(context, state.companies))
  app.get('/companies/:id', (context) => context.json(find(state.companies, context)))
  app.post('/companies', async (context) => {
    const { name, website, address } = await context.req.json<NewCompany>()
    if (!name || !website || !address?.street) throw new Refused(422, 'The company is not valid.')
    const company = { id: world.ids(), name, website, status: 'Inactive' as const }
    state.companies.push(company)
    return context.json(company)
  })
  app.get('/companies/:id/contacts', (context) =>
    page(
      context,
      state.contacts.filter(({ companyId }) => companyId === context.req.param('id')),
    ),
  )
  app.post('/companies/:id/contacts', async (context) => {
    const company = find(state.companies, context)
    const contact = { ...(await context.req.json<NewContact>()), id: world.ids(), companyId: company.id }
    state.contacts.push(contact)
    const isPrimary = (wanted: string) => contact.types.some(({ type, primary }) => type === wanted && primary)
    if (contactTypes.every(isPrimary))
      state.companies[state.companies.indexOf(company)] = { ...company, status: 'Active' }
    return context.json(contact)
  })
  app.get('/products', (context) => page(context, state.products))

  app.get('/orders', (context) => {
    const now = world.clock.now().getTime()
    const isListed = ({ companyId, listedFrom }: Pax8State['orders'][number]) =>
      companyId === context.req.query('companyId') && listedFrom <= now
    return page(context, state.orders.filter(isListed))
  })
  app.get('/orders/:id', (context) => context.json(find(state.orders, context)))
  app.post('/orders', async (context) => {
    const order = await context.req.json<NewOrder>()
    refuseOrder(state, order)
    if (context.req.query('isMock') === 'true') return context.json({ ...order, id: null })
    return context.json(place(state, world, order))
  })

  app.get('/subscriptions', (context) =>
    page(
      context,
      state.subscriptions.filter(({ companyId }) => companyId === context.req.query('companyId')),
    ),
  )
  app.get('/subscriptions/:id', (context) => context.json(find(state.subscriptions, context)))
  app.put('/subscriptions/:id', async (context) => {
    const before = find(state.subscriptions, context)
    const { quantity } = await context.req.json<{ readonly quantity: number }>()
    if (before.status === 'Cancelled') throw new Refused(422, 'The subscription is cancelled.')
    replace(state, before, { ...before, quantity })
    state.writes.push({ kind: 'quantity', subscriptionId: before.id })
    return context.json({ ...before, quantity })
  })
  app.delete('/subscriptions/:id', (context) => {
    const before = find(state.subscriptions, context)
    replace(state, before, { ...before, status: world.how().cancelStatus ?? 'Cancelled' })
    state.writes.push({ kind: 'cancel', subscriptionId: before.id })
    return context.body(null, 204)
  })

  app.notFound((context) => refusal(context, 404, 'Not found'))
  app.onError((error, context) => refusal(context, error instanceof Refused ? error.status : 500, error.message))
  return app
}

function refuseOrder(
  { companies, products, subscriptions }: Pax8State,
  { companyId, lineItems: [line] }: NewOrder,
): void {
  const company = companies.find(({ id }) => id === companyId)
  if (!company) throw new Refused(403, 'The company is not one of yours.')
  if (company.status === 'Inactive') throw new Refused(422, 'The company is not active.')
  const product = products.find(({ id }) => id === line?.productId)
  if (!product) throw new Refused(422, 'The product is not valid.')
  const { billingTerms = ['Monthly', 'Annual'], needsCommitment, provisioningDetails = [] } = product
  if (!(line.quantity > 0)) throw new Refused(422, 'The quantity is not valid.')
  if (!(billingTerms as readonly string[]).includes(line.billingTerm))
    throw new Refused(422, 'The billing term is not valid.')
  if (needsCommitment && !line.commitmentTermId) throw new Refused(422, 'A commitment term is required.')
  const parent = line.parentSubscriptionId
  if (parent && !subscriptions.some(({ id, status }) => id === parent && status === 'Active'))
    throw new Refused(422, 'The parent subscription is not active.')
  const missing = provisioningDetails.find((key) => !line.provisioningDetails.some((one) => one.key === key))
  if (missing) throw new Refused(422, `The provisioning detail ${missing} is required.`)
}

function place(state: Pax8State, { ids, clock, how }: Pax8World, order: NewOrder) {
  const [{ productId, quantity, billingTerm }] = order.lineItems
  const { newStatus = 'Active', listedAfterMs = 0 } = how()
  const now = clock.now()
  const subscription = {
    id: ids(),
    companyId: order.companyId,
    productId,
    quantity,
    status: newStatus,
    startDate: now.toISOString(),
  }
  const placed = {
    id: ids(),
    companyId: order.companyId,
    createdDate: now.toISOString(),
    listedFrom: now.getTime() + listedAfterMs,
    lineItems: [{ productId, quantity, billingTerm, subscriptionId: subscription.id }],
  }
  state.subscriptions.push(subscription)
  state.orders.push(placed)
  state.writes.push({ kind: 'order', subscriptionId: subscription.id })
  return placed
}

function replace({ subscriptions }: Pax8State, before: Pax8Subscription, after: Pax8Subscription): void {
  subscriptions[subscriptions.indexOf(before)] = after
}

function find<T extends { readonly id: string }>(all: readonly T[], context: Context): T {
  const found = all.find(({ id }) => id === context.req.param('id'))
  if (found) return found
  throw new Refused(404, `${context.req.param('id')} was not found.`)
}

/** Pages count from 0, and have at most 200. */
function page(context: Context, all: readonly object[]): Response {
  const number = Number(context.req.query('page') ?? 0)
  const size = Math.min(Number(context.req.query('size') ?? 10), 200)
  const totalPages = Math.ceil(all.length / size)
  const content = all.slice(number * size, (number + 1) * size)
  return context.json({ content, page: { size, totalElements: all.length, totalPages, number } })
}

function refusal(context: Context, status: number, message: string): Response {
  return context.json({ type: 'ERROR', message, instance: context.req.path, status, details: [] }, status as 400)
}
