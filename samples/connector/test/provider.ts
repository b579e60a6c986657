import type { ConnectorWorld } from 'work365-sdk/testing/conformance'
import type { WireSubscription } from '../src/wire.ts'

const API_KEY = 'the secret of a test'
const order = { kind: 'create', customer: { id: 'fabrikam' }, product: { id: 'desk' }, quantity: 5 } as const
const subscription = { id: 'sub-1', customerId: 'fabrikam' }

/** Contoso in memory. Teach it more of what the real one does, and more checks are tried: see `ConnectorWorld`. */
export function contosoWorld(): ConnectorWorld {
  const subscriptions = new Map<string, WireSubscription>()
  const answered = new Map<string, WireSubscription>()
  const purchases: { subscriptionId: string; quantity: number }[] = []
  const put = (one: WireSubscription) => {
    subscriptions.set(one.id, one)
    return one
  }
  put({ id: 'sub-1', customer: 'fabrikam', product: 'desk', seats: 10, state: 'active', reference: '' })

  async function answer(request: Request): Promise<Response> {
    if (request.headers.get('x-api-key') !== API_KEY) return Response.json({ message: 'Unknown key.' }, { status: 401 })
    const { pathname } = new URL(request.url)
    const [, set, id = '', more] = pathname.split('/')
    if (pathname === '/me') return Response.json({ company: 'Contoso Partner' })
    if (set === 'customers' && more === 'subscriptions') {
      return Response.json([...subscriptions.values()].filter(({ customer }) => customer === id))
    }
    if (set === 'subscriptions' && request.method === 'POST') return Response.json(await sell(request), { status: 201 })
    const found = subscriptions.get(id)
    if (set !== 'subscriptions' || !found) return Response.json({ message: 'Not found.' }, { status: 404 })
    if (request.method === 'GET') return Response.json(found)
    return Response.json(put({ ...found, ...((await request.json()) as Partial<WireSubscription>) }))
  }

  async function sell(request: Request): Promise<WireSubscription> {
    const key = request.headers.get('idempotency-key') ?? ''
    const before = answered.get(key)
    if (before) return before
    const asked = (await request.json()) as Omit<WireSubscription, 'id' | 'state'>
    const made = put({ ...asked, id: `sub-${subscriptions.size + 1}`, state: 'active' })
    purchases.push({ subscriptionId: made.id, quantity: made.seats })
    answered.set(key, made)
    return made
  }

  return {
    answer,
    settings: (url) => ({ baseUrl: url }),
    credentials: { apiKey: API_KEY },
    samples: { order, change: { kind: 'setQuantity', subscription, quantity: 25 } },
    purchases: () => purchases,
    wrongs: [{ what: 'a wrong key', credentials: { apiKey: 'another' } }],
    forgetKeys: () => answered.clear(),
  }
}
