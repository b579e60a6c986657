import { type Context, Hono } from 'hono'
import type { Clock } from '../../src/internal/clock.ts'
import { sequentialIds } from '../../src/internal/ids.ts'
import type { ConnectorWorld } from '../../src/testing/conformance/index.ts'

export interface WireSubscription {
  readonly id: string
  readonly customer: string
  readonly product: string
  readonly seats: number
  readonly renews: boolean
  readonly state: string
  /** Who ordered it, by the caller's own words. */
  readonly reference: string
  readonly version: number
  /** Until when it can be given back. */
  readonly until: string
}

interface Stored extends WireSubscription {
  readonly pending?: { readonly from: number; readonly fields: Partial<WireSubscription> }
}

const WINDOW_MS = 168 * 3_600_000
const PAGE_SIZE = 50
const clientSecret = 'c0nt0so-cl1ent'
const refreshToken = 'c0nt0so-refr3sh'
const customer = { id: 'fabrikam', name: 'Fabrikam', agreed: true }
const order = { kind: 'create', customer: { id: 'fabrikam' }, product: { id: 'desk' }, quantity: 5 } as const
const subscription = { id: 'sub-1', customerId: 'fabrikam' }
const late = { id: 'old-1', customerId: 'fabrikam' }

/** Contoso, a distributor with everything that a check can ask for. */
export function contosoWorld(clock: Clock): ConnectorWorld {
  const ids = sequentialIds('c0')
  const now = () => clock.now().getTime()
  const subscriptions = new Map<string, Stored>()
  const answered = new Map<string, WireSubscription>()
  const purchases: { subscriptionId: string }[] = []
  const access = new Set<string>()
  const refresh = new Set([refreshToken])
  let customers = [customer, { id: 'tailwind', name: 'Tailwind', agreed: false }]
  const how = {
    forgets: false,
    slowMs: 0,
    word: 'working',
    once: false,
    circle: false,
    gap: false,
    refuses: 0,
    given: 0,
  }

  const seed = (id: string, parts: Partial<Stored> = {}) =>
    subscriptions.set(id, {
      ...{ id, customer: 'fabrikam', product: 'desk', seats: 10, renews: true, state: 'active', reference: '' },
      ...{ version: 1, until: new Date(now() + WINDOW_MS).toISOString() },
      ...parts,
    })
  seed('sub-1')
  seed('old-1', { until: new Date(now() - WINDOW_MS).toISOString() })
  seed('base-1', { state: 'working' })

  function read(id: string): WireSubscription | undefined {
    const found = subscriptions.get(id)
    if (!found) return undefined
    const { pending, ...shown } = found
    if (pending && pending.from > now()) return { ...shown, state: how.word }
    const settled = { ...shown, ...pending?.fields }
    subscriptions.set(id, settled)
    return settled
  }

  function write(before: Omit<Stored, 'pending'>, fields: Partial<WireSubscription>): WireSubscription {
    const version = before.version + 1
    subscriptions.set(before.id, { ...before, version, pending: { from: now() + how.slowMs, fields } })
    return read(before.id)!
  }

  const refuse = (context: Context, status: 400 | 401 | 403 | 404 | 412 | 422, code: string) =>
    context.json({ code, message: `Contoso refuses this: ${code}.` }, status)
  const app = new Hono()

  app.post('/token', async (context) => {
    const form = new URLSearchParams(await context.req.text())
    const old = form.get('refresh_token') ?? ''
    if (form.get('client_secret') !== clientSecret) return refuse(context, 401, 'CLIENT')
    if (!refresh.has(old)) return refuse(context, 400, 'EXPIRED')
    if (how.once) refresh.delete(old)
    const [token, next] = [`access-${ids()}`, `refresh-${ids()}`]
    access.add(token)
    refresh.add(next)
    how.given++
    return context.json({ access_token: token, expires_in: 3600, refresh_token: next })
  })

  app.use(async (context, next) => {
    if (how.refuses) return context.body(null, how.refuses as 401)
    const token = context.req.header('authorization')?.replace('Bearer ', '') ?? ''
    if (!access.has(token)) return refuse(context, 401, 'TOKEN')
    return next()
  })

  app.get('/me', (context) => context.json({ company: 'Contoso Partner' }))
  app.get('/products', (context) => context.json({ products: [{ id: 'desk', name: 'Desk', price: 17.6 }] }))
  app.get('/products/desk', (context) => context.json({ id: 'desk', least: 0.5, most: 300 }))

  app.get('/customers', (context) => {
    const from = how.circle ? 0 : Number(context.req.query('after') ?? 0)
    // The gap is a page of its own, whose link leads on to the same place.
    const isGap = how.gap && from === PAGE_SIZE && context.req.query('gap') === undefined
    if (isGap) return context.json({ customers: [], next: `/customers?after=${from}&gap=over` })
    const next = from + PAGE_SIZE
    const isMore = how.circle || next < customers.length
    return context.json({
      customers: customers.slice(from, next),
      ...(isMore && { next: how.circle ? '/customers' : `/customers?after=${next}` }),
    })
  })
  app.get('/customers/:id', (context) => {
    const found = customers.find(({ id }) => id === context.req.param('id'))
    return found ? context.json(found) : refuse(context, 404, 'CUSTOMER')
  })
  app.get('/customers/:id/subscriptions', (context) => {
    const all = [...subscriptions.keys()].map((id) => read(id)!)
    return context.json({ subscriptions: all.filter((one) => one.customer === context.req.param('id')) })
  })

  app.get('/subscriptions/:id', (context) => {
    const found = read(context.req.param('id'))
    return found ? context.json(found) : refuse(context, 404, 'SUBSCRIPTION')
  })
  app.post('/subscriptions', async (context) => {
    const key = context.req.header('idempotency-key')
    const before = key === undefined || how.forgets ? undefined : answered.get(key)
    if (before) return context.json(before)
    const asked = await context.req.json<Pick<WireSubscription, 'customer' | 'product' | 'seats' | 'reference'>>()
    const id = ids()
    seed(id, { ...asked, state: 'working' })
    purchases.push({ subscriptionId: id })
    const made = write(subscriptions.get(id)!, { state: 'active' })
    if (key !== undefined) answered.set(key, made)
    return context.json(made, 201)
  })
  app.patch('/subscriptions/:id', async (context) => {
    const before = read(context.req.param('id'))
    if (!before) return refuse(context, 404, 'SUBSCRIPTION')
    const match = context.req.header('if-match')
    if (match !== undefined && match !== String(before.version)) return refuse(context, 412, 'VERSION')
    return context.json(write(before, await context.req.json()))
  })

  const refuseWith = (status: number) => () => {
    how.refuses = status
  }
  return {
    answer: (request) => app.fetch(request),
    settings: (url) => ({ baseUrl: url }),
    credentials: { clientSecret, refreshToken },
    samples: {
      order,
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      competing: { kind: 'setAutoRenew', subscription, enabled: false },
      refused: [
        { what: 'nothing', change: { ...order, quantity: 0 }, code: 'quantityInvalid' },
        { what: 'too many', change: { ...order, quantity: 301 }, code: 'quantityInvalid' },
        {
          what: 'fewer, too late',
          change: { kind: 'setQuantity', subscription: late, quantity: 4 },
          code: 'reductionNotAllowed',
        },
        { what: 'an end, too late', change: { kind: 'cancel', subscription: late }, code: 'windowClosed' },
        { what: 'no agreement', change: { ...order, customer: { id: 'tailwind' } }, code: 'agreementRequired' },
      ],
      earlyAddOn: { ...order, parent: { id: 'base-1', customerId: 'fabrikam' } },
      cancellation: { change: { kind: 'cancel', subscription }, withinMs: WINDOW_MS },
      fraction: { ...order, quantity: 2.5 },
      prices: [{ id: 'desk', unitPrice: 17.6 }],
    },
    purchases: () => purchases,
    kindOf: (request) => (request.url.endsWith('/token') ? 'signIn' : undefined),
    wrongs: [
      { what: 'a wrong secret', credentials: { clientSecret: 'another' } },
      { what: 'a token for something else', prepare: refuseWith(401) },
      { what: 'a role that is missing', prepare: refuseWith(403) },
      { what: 'a refresh token that is over', credentials: { refreshToken: 'over' } },
    ],
    tokens: {
      given: () => how.given,
      expire: () => access.clear(),
      once() {
        how.once = true
      },
      refuse: () => refresh.clear(),
    },
    forgetKeys() {
      how.forgets = true
    },
    slow(milliseconds) {
      how.slowMs = milliseconds
    },
    mumble() {
      how.word = 'pondering'
    },
    populate(count) {
      customers = Array.from({ length: count }, (_, at) => ({ id: `c-${at}`, name: `Customer ${at}`, agreed: true }))
    },
    pageSize: PAGE_SIZE,
    listInCircle() {
      how.circle = true
    },
    listWithGap() {
      how.gap = true
    },
  }
}
