import {
  accepted,
  type Change,
  type Connector,
  defineConnector,
  done,
  field,
  type Outcome,
  ProviderError,
  type RemoteSubscription,
  type ServeServiceManagementOptions,
  serveServiceManagement,
} from '../../src/connectors/index.ts'
import { impatientClock } from '../connectors/impatient-clock.ts'

export const applicationId = '7d2f3c2e-application'
export const apiKey = 'pl4tform-k3y'
export const token = 'pr0vider-t0ken'

/** A provider in memory: what it has, and what was written to it. */
export function createFabrikam({ hasPreview = true } = {}) {
  const subscriptions = new Map<string, RemoteSubscription & { readonly parent?: string | undefined }>()
  const bought = new Map<string, string>()
  const customers = new Map<string, { id: string; name: string; domain?: string | undefined }>([
    ['litware', { id: 'litware', name: 'Litware', domain: 'litware.example' }],
  ])
  const writes: string[] = []
  const keys: string[] = []
  /** How many more times it says that it is still at work. */
  let busy = 0

  async function refusalOf(change: Change): Promise<ProviderError | undefined> {
    if (change.kind === 'create') {
      if (!customers.has(change.customer.id)) return new ProviderError('notFound', 'There is no such customer.')
      return change.quantity > 300 ? new ProviderError('quantityInvalid', 'At most 300 are sold.') : undefined
    }
    const before = subscriptions.get(change.subscription.id)
    if (!before) return new ProviderError('notFound', 'There is no such subscription.')
    if (before.status === 'cancelled' && change.kind !== 'cancel')
      return new ProviderError('notEligible', 'It is cancelled.')
    if (change.kind === 'setQuantity' && change.quantity > 300)
      return new ProviderError('quantityInvalid', 'At most 300 are sold.')
    return undefined
  }

  function put(id: string, after: RemoteSubscription, kind: string) {
    subscriptions.set(id, after)
    writes.push(`${kind} ${id}`)
    return after
  }

  function changed(before: RemoteSubscription, change: Exclude<Change, Change<'create'>>): RemoteSubscription {
    switch (change.kind) {
      case 'setQuantity':
        return { ...before, quantity: change.quantity }
      case 'transition':
        return { ...before, sku: change.product.id }
      case 'pause':
        return { ...before, status: 'paused' }
      case 'resume':
        return { ...before, status: 'active' }
      default:
        return { ...before, status: 'cancelled' }
    }
  }

  async function apply({ key }: { readonly key: string }, change: Change): Promise<Outcome> {
    keys.push(key)
    await Promise.resolve()
    const mine = bought.get(key)
    if (mine) return done(subscriptions.get(mine)!, { changed: false })
    const refusal = await refusalOf(change)
    if (refusal) throw refusal
    if (busy > 0) {
      busy--
      return accepted({ key, change: JSON.parse(JSON.stringify(change)) }, { pollAfterMs: 60_000 })
    }
    if (change.kind !== 'create') {
      const before = subscriptions.get(change.subscription.id)!
      const after = changed(before, change)
      if (JSON.stringify(after) === JSON.stringify(before)) return done(before, { changed: false })
      return done(put(before.id, after, change.kind))
    }
    const id = `sub-${subscriptions.size + 1}`
    bought.set(key, id)
    const { product, quantity, customer, parent } = change
    const status = 'active' as const
    return done(
      put(id, { id, customerId: customer.id, sku: product.id, quantity, status, parent: parent?.id } as never, 'buy'),
    )
  }

  const fabrikam = defineConnector({
    name: 'fabrikam',
    title: 'Fabrikam',
    contract: 1,
    changes: ['create', 'setQuantity', 'transition', 'pause', 'resume', 'cancel'],
    settings: { region: field.choice({ title: 'Region', of: ['eu', 'us'], optional: true }) },
    credentials: { token: field.secret({ title: 'Token', help: 'From the portal.' }) },
    verifyConnectivity: async ({ credentials }) =>
      credentials.token === token
        ? { ok: true }
        : { ok: false, findings: [{ name: 'token', ok: false, detail: 'It is refused.' }] },

    apply,
    resume: (context, handle) => apply(context, (handle as unknown as { change: Change }).change),
    async preview(_, change) {
      const refusal = await refusalOf(change)
      if (!refusal) return { ok: true, notes: [] }
      return { ok: false, refusals: [{ code: refusal.code, message: refusal.message }] }
    },
    async *subscriptions(_, { id }) {
      for (const subscription of subscriptions.values()) if (subscription.customerId === id) yield subscription
    },
    customers: {
      async *list() {
        yield* customers.values()
      },
      async create(_, { name, domain }) {
        const id = `customer-${customers.size + 1}`
        customers.set(id, { id, name, domain })
        writes.push(`customer ${id}`)
        return { id, name, firstUser: { userName: 'admin', password: 'f1rst' } }
      },
    },
    catalog: {
      async *products() {
        yield {
          id: 'P1',
          name: 'Basic',
          term: 'P1Y',
          billingCycle: 'monthly',
          currency: 'EUR',
          unitPrice: 5,
          retailPrice: 7,
        }
        yield { id: 'P2', name: 'Backup' }
      },
    },
  })
  return {
    fabrikam: (hasPreview ? fabrikam : { ...fabrikam, preview: undefined }) as Connector,
    subscriptions,
    customers,
    writes,
    keys,
    beBusy: (times: number) => {
      busy = times
    },
  }
}

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: each test looks at what it asked for
  readonly body: any
  readonly text: string
  readonly headers: Headers
}

/** Serves it over HTTP, and calls it as the platform does. */
export async function serve(connector: Connector, options: Partial<ServeServiceManagementOptions> = {}) {
  const notes: unknown[] = []
  const { close, url } = await serveServiceManagement(connector, {
    applicationId,
    apiKey,
    clock: impatientClock(),
    random: () => 0,
    log: (...note) => void notes.push(note),
    ...options,
  }).listen()

  async function call(path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${url}/api/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'X-CloudPlatform-ApplicationId': applicationId, 'X-CloudPlatform-APIKey': apiKey, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, body: JSON.parse(text), text, headers: answer.headers }
  }
  let closed: Promise<void> | undefined
  const closeOnce = () => {
    closed ??= close()
    return closed
  }
  return { call, notes, url, close: closeOnce }
}

/** An order, as the platform describes it. */
export const order = {
  SubscriptionID: '1001',
  Name: 'Basic for Litware',
  ServiceType: 'fabrikam',
  ProductID: '77',
  ActionType: 'Provision',
  Quantity: 5,
  Account: { ID: '9', ExternalID: 'litware', Name: 'Litware' },
  AttributeList: { partNumber: { ID: 'partNumber', Name: 'Part Number', Value: 'P1', Code: '' } },
  Addons: [],
}

export const addon = (more: object = {}) => ({
  Name: 'Backup',
  ProductID: 'P2',
  ActionType: 'Provision',
  Quantity: 2,
  ...more,
})
