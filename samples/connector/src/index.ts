import {
  type Change,
  type ConnectorContext,
  defineConnector,
  done,
  field,
  type Outcome,
  ProviderError,
  path,
} from 'work365-sdk/connectors'
import { toSubscription, type WireSubscription } from './wire.ts'

const settings = { baseUrl: field.url({ title: 'Base URL', help: 'Where the API is, without a route.' }) }
const credentials = { apiKey: field.secret({ title: 'API Key', header: 'x-api-key' }) }

type Context = ConnectorContext<typeof settings, typeof credentials>

/** Subscriptions at Contoso. */
export default defineConnector({
  name: 'contoso',
  title: 'Contoso',
  version: '0.1.0',
  contract: 1,
  changes: ['create', 'setQuantity', 'cancel'],
  settings,
  credentials,

  async verifyConnectivity({ http }) {
    const { company } = await http.get<{ company: string }>('/me')
    return { ok: true, account: company }
  },

  apply: (context, change) => (change.kind === 'create' ? buy(context, change) : converge(context, change)),

  async find(context, { customer }) {
    const found = await boughtUnder(context, customer.id)
    return found ? toSubscription(found) : null
  },

  async *subscriptions({ http }, { id }) {
    for (const wire of await http.get<WireSubscription[]>(path`/customers/${id}/subscriptions`)) yield toSubscription(wire)
  },
})

/** Looks before it buys: an earlier delivery may have bought, and its answer may have been lost. */
async function buy(context: Context, { customer, product, quantity }: Change<'create'>): Promise<Outcome> {
  const { http, key } = context
  const before = await boughtUnder(context, customer.id)
  if (before) return done(toSubscription(before), { changed: false })
  const body = { customer: customer.id, product: product.id, seats: quantity, reference: key }
  return done(toSubscription(await http.post<WireSubscription>('/subscriptions', { body, idempotencyKey: key })))
}

/** What is already so is done, and nothing is written. */
async function converge(
  { http, key }: Context,
  change: Change<'setQuantity' | 'cancel'>,
): Promise<Outcome> {
  const url = path`/subscriptions/${change.subscription.id}`
  const current = await http.get<WireSubscription>(url)
  const target = change.kind === 'cancel' ? { state: 'ended' as const } : { seats: change.quantity }
  const isThere = 'seats' in target ? current.seats === target.seats : current.state === target.state
  if (isThere) return done(toSubscription(current), { changed: false })
  if (current.state === 'ended') throw new ProviderError('notEligible', 'Contoso has ended this subscription: order it again.')
  return done(toSubscription(await http.patch<WireSubscription>(url, { body: target, idempotencyKey: key })))
}

async function boughtUnder({ http, key }: Context, customer: string): Promise<WireSubscription | undefined> {
  const all = await http.get<WireSubscription[]>(path`/customers/${customer}/subscriptions`)
  return all.find(({ reference }) => reference === key)
}
