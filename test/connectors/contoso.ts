import {
  accepted,
  type Change,
  type ConnectorContext,
  defineConnector,
  done,
  field,
  type HttpMethod,
  type HttpOptions,
  type Json,
  type Outcome,
  ProviderError,
  pages,
  path,
  type RemoteSubscription,
} from '../../src/connectors/index.ts'
import type { WireSubscription } from './contoso-world.ts'

/** What a connector may get wrong, each of which a check has to find. */
export type Flaw =
  | 'buys twice on retry'
  | 'ignores Retry-After'
  | 'drops the rotated token'
  | 'treats an unknown status as success'
  | 'leaks a token into its log'
  | 'prints its secret'
  | 'tries a 400 again'
  | 'writes when applied again'
  | 'writes in its preview'
  | 'polls without the signal'
  | 'lists everything before yielding'
  | 'overwrites the other writer'

const settings = { baseUrl: field.url({ title: 'Base URL' }) }
const credentials = {
  clientSecret: field.secret({ title: 'Client Secret' }),
  refreshToken: field.secret({ title: 'Refresh Token' }),
}

type Context = ConnectorContext<typeof settings, typeof credentials>
type Taken = Change<'create' | 'setQuantity' | 'setAutoRenew' | 'cancel'>
type Modification = Exclude<Taken, Change<'create'>>

interface Handle {
  readonly id: string
  readonly change: Modification | null
  readonly until: string
}

const DAY_MS = 24 * 3_600_000

/** Contoso as it should be, or with one flaw. */
export function createContoso(flaw?: Flaw) {
  async function tokenFor({ accessToken, credentials, http, log }: Context, refused?: string): Promise<string> {
    return accessToken({
      refreshToken: credentials.refreshToken,
      refused,
      async acquire(refreshToken = credentials.refreshToken) {
        const given = await http.post<{ access_token: string; expires_in: number; refresh_token: string }>('/token', {
          body: new URLSearchParams({
            client_secret: credentials.clientSecret,
            refresh_token: flaw === 'drops the rotated token' ? credentials.refreshToken : refreshToken,
          }),
          failures: { 400: 'consentExpired' },
          repeatable: true,
        })
        if (flaw === 'leaks a token into its log') log('signed in', given)
        // biome-ignore lint/suspicious/noConsole: printing is the flaw
        if (flaw === 'prints its secret') console.info('signing in', { with: credentials.clientSecret })
        return {
          token: given.access_token,
          expiresInMs: given.expires_in * 1000,
          refreshToken: flaw === 'drops the rotated token' ? undefined : given.refresh_token,
        }
      },
    })
  }

  async function call<T>(context: Context, method: HttpMethod, url: string, options: HttpOptions = {}): Promise<T> {
    const send = async (token: string) => {
      const headers = { ...options.headers, authorization: `Bearer ${token}` }
      return (await context.http.request<T>(method, url, { ...options, headers })).body
    }
    const token = await tokenFor(context)
    try {
      return await send(token)
    } catch (error) {
      if (!ProviderError.isInstance(error) || error.details.status !== 401) throw error
      return send(await tokenFor(context, token))
    }
  }

  const get = <T>(context: Context, url: string) => call<T>(context, 'GET', url)
  const current = (context: Context, id: string) => get<WireSubscription>(context, path`/subscriptions/${id}`)

  async function subscriptionsOf(context: Context, id: string) {
    const url = path`/customers/${id}/subscriptions`
    return (await get<{ subscriptions: WireSubscription[] }>(context, url)).subscriptions
  }

  async function bought(context: Context, { customer }: Change<'create'>) {
    if (flaw === 'buys twice on retry') return undefined
    return (await subscriptionsOf(context, customer.id)).find(({ reference }) => reference === context.key)
  }

  async function refusalOf(context: Context, change: Taken): Promise<ProviderError | undefined> {
    if (change.kind === 'create') return refusalToSell(context, change)
    const { until, seats } = await current(context, change.subscription.id)
    if (new Date(until) > context.clock.now()) return undefined
    if (change.kind === 'cancel') return new ProviderError('windowClosed', `It could be cancelled until ${until}.`)
    const isLess = change.kind === 'setQuantity' && change.quantity < seats
    return isLess ? new ProviderError('reductionNotAllowed', `It could be reduced until ${until}.`) : undefined
  }

  async function refusalToSell(context: Context, { customer, product, quantity, parent }: Change<'create'>) {
    const { least, most } = await get<{ least: number; most: number }>(context, path`/products/${product.id}`)
    if (quantity < least || quantity > most)
      return new ProviderError('quantityInvalid', `Contoso sells ${least} to ${most} of it.`)
    const { agreed } = await get<{ agreed: boolean }>(context, path`/customers/${customer.id}`)
    if (!agreed) return new ProviderError('agreementRequired', 'The customer has to accept the agreement first.')
    const base = parent && (await current(context, parent.id))
    return base && base.state !== 'active' ? new ProviderError('pending', 'The base is not there yet.') : undefined
  }

  async function buy(context: Context, change: Change<'create'>): Promise<Outcome> {
    const before = await bought(context, change)
    if (before) return settled(context, before, null, false)
    const refusal = await refusalOf(context, change)
    if (refusal) throw refusal
    const made = await call<WireSubscription>(context, 'POST', '/subscriptions', {
      body: {
        customer: change.customer.id,
        product: change.product.id,
        seats: change.quantity,
        reference: context.key,
      },
      ...(flaw !== 'buys twice on retry' && { idempotencyKey: context.key }),
      tries: 1,
    })
    return settled(context, made, null, true)
  }

  async function converge(context: Context, change: Modification): Promise<Outcome> {
    for (let attempt = 1; ; attempt++) {
      const before = await current(context, change.subscription.id)
      const isMeant = isReached(change, before) && flaw !== 'writes when applied again'
      if (isMeant) return settled(context, before, change, false)
      const refusal = await refusalOf(context, change)
      if (refusal) throw refusal
      try {
        const after = await patch(context, change, before)
        return await settled(context, after, change, true)
      } catch (error) {
        if (!ProviderError.isInstance(error) || error.details.status !== 412 || attempt === 3) throw error
      }
    }
  }

  const patch = (context: Context, change: Modification, before: WireSubscription) =>
    call<WireSubscription>(context, 'PATCH', path`/subscriptions/${change.subscription.id}`, {
      ...(flaw === 'overwrites the other writer'
        ? { body: { ...before, ...fieldsOf(change) } }
        : { body: fieldsOf(change), headers: { 'if-match': String(before.version) } }),
      ...(flaw === 'tries a 400 again' && { failures: { 400: 'transient' } }),
      idempotencyKey: context.key,
    })

  async function settled(
    context: Context,
    wire: WireSubscription,
    change: Modification | null,
    changed: boolean,
    deadline?: string,
  ): Promise<Outcome> {
    const isOver =
      flaw === 'treats an unknown status as success' ? wire.state !== 'working' : finalStates.has(wire.state)
    if (isOver && (!change || isReached(change, wire) || flaw === 'treats an unknown status as success'))
      return done(toRemote(wire), { changed })
    if (flaw === 'polls without the signal') {
      await context.clock.sleep(60_000)
      return settled(context, await current(context, wire.id), change, changed)
    }
    const until = deadline ?? new Date(context.clock.now().getTime() + DAY_MS).toISOString()
    if (new Date(until) <= context.clock.now()) throw new ProviderError('pending', 'Contoso is not ready yet.')
    const handle: Handle = { id: wire.id, change, until }
    return accepted(handle as unknown as Json, { pollAfterMs: 300_000 })
  }

  return defineConnector({
    name: 'contoso',
    title: 'Contoso',
    contract: 1,
    version: '1.0.0',
    changes: ['create', 'setQuantity', 'setAutoRenew', 'cancel'],
    limits: { requestsPerMinute: 300 },
    settings,
    credentials,

    async verifyConnectivity(context) {
      try {
        await tokenFor(context)
        const { company } = await get<{ company: string }>(context, '/me')
        return { ok: true, account: company }
      } catch (error) {
        if (!ProviderError.isInstance(error)) throw error
        return { ok: false, findings: [{ name: findingOf(error), ok: false, detail: error.message }] }
      }
    },

    async apply(context, change) {
      if (flaw === 'ignores Retry-After') await ping(context)
      return change.kind === 'create' ? buy(context, change) : converge(context, change)
    },

    async resume(context, json) {
      const { id, change, until } = json as unknown as Handle
      return settled(context, await current(context, id), change, true, until)
    },

    async preview(context, change) {
      if (flaw === 'writes in its preview' && change.kind === 'setQuantity') await converge(context, change)
      const refusal = await refusalOf(context, change)
      if (!refusal) return { ok: true, notes: [] }
      return { ok: false, refusals: [{ code: refusal.code, message: refusal.message }] }
    },

    async find(context, change) {
      const found = (await subscriptionsOf(context, change.customer.id)).find(
        ({ reference }) => reference === context.key,
      )
      return found ? toRemote(found) : null
    },

    async *subscriptions(context, { id }) {
      for (const wire of await subscriptionsOf(context, id)) yield toRemote(wire)
    },

    customers: {
      async *list(context) {
        const all = pages<CustomerPage, { id: string; name: string }>({
          first: { url: '/customers' },
          get: ({ url }) => get<CustomerPage>(context, url),
          items: ({ customers }) => customers,
          next: ({ next }) => (next === undefined ? undefined : { url: next }),
        })
        if (flaw !== 'lists everything before yielding') yield* all
        else yield* await everything(all)
      },
    },

    catalog: {
      async *products(context) {
        const { products } = await get<{ products: { id: string; name: string; price: number }[] }>(
          context,
          '/products',
        )
        for (const { price, ...product } of products) yield { ...product, unitPrice: price }
      },
    },
  })

  /** By an HTTP of its own, and as often as it takes. */
  async function ping(context: Context): Promise<void> {
    const headers = { authorization: `Bearer ${await tokenFor(context)}` }
    const { status } = await fetch(`${context.settings.baseUrl}/me`, { headers })
    if (status === 429) await ping(context)
  }
}

interface CustomerPage {
  readonly customers: { readonly id: string; readonly name: string }[]
  readonly next?: string
}

async function everything<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const finalStates = new Set(['active', 'ended'])

function isReached(change: Modification, { seats, renews, state }: WireSubscription): boolean {
  if (change.kind === 'setQuantity') return seats === change.quantity
  return change.kind === 'cancel' ? state === 'ended' : renews === change.enabled
}

function fieldsOf(change: Modification): Partial<WireSubscription> {
  if (change.kind === 'setQuantity') return { seats: change.quantity }
  return change.kind === 'cancel' ? { state: 'ended' } : { renews: change.enabled }
}

const statuses: Readonly<Record<string, RemoteSubscription['status']>> = {
  active: 'active',
  ended: 'cancelled',
  working: 'pending',
}

function toRemote({ id, customer, product, seats, renews, state }: WireSubscription): RemoteSubscription {
  const status = statuses[state] ?? 'unknown'
  return { id, customerId: customer, sku: product, quantity: seats, autoRenew: renews, status }
}

function findingOf({ code, details }: ProviderError): string {
  if (details.providerCode === 'CLIENT') return 'secret'
  if (code === 'consentExpired') return 'consent'
  return details.status === 403 ? 'role' : 'token'
}
