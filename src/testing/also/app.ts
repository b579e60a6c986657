import type { Hono } from 'hono'
import { type NewSubscription, serviceOf } from '../../connectors/also/wire.ts'
import type { IdGenerator } from '../../internal/ids.ts'
import type { AlsoBehaviour, AlsoState, AlsoSubscription } from './state.ts'

export interface AlsoWorld {
  readonly userName: string
  readonly password: string
  readonly ids: IdGenerator
  readonly how: () => AlsoBehaviour
}

class Refused extends Error {
  readonly status: number | undefined

  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
}

/** SimpleAPI over what it has: each method is a POST, answers are JSON, refusals XML. */
export async function createApp(state: AlsoState, world: AlsoWorld): Promise<Hono> {
  const { Hono } = await import('hono')
  const app = new Hono()

  app.post('/GetSessionToken', async (context) => {
    const { UserName, Password } = await context.req.json<Record<string, string>>()
    if (UserName !== world.userName || Password !== world.password) throw new Refused('Login failed.', 401)
    state.sessions.given++
    state.sessions.current = `s3ssion-${world.ids()}`
    return context.json(state.sessions.current)
  })
  app.use(async (context, next) => {
    const isGood = context.req.header('authenticate') === `CCPSessionId ${state.sessions.current}`
    if (!isGood) throw new Refused('The session is not valid.', 401)
    await next()
  })
  for (const [method, answer] of Object.entries(methods)) {
    app.post(`/${method}`, async (context) => context.json(answer(state, world, await context.req.json()) as object))
  }

  app.notFound(() => refusal(world, new Refused('There is no such method.', 404)))
  app.onError((error) => refusal(world, error instanceof Refused ? error : new Refused(error.message, 500)))
  return app
}

type Method<T> = (state: AlsoState, world: AlsoWorld, body: T) => unknown

const methods = {
  PingPong: (() => 'Pong') satisfies Method<object>,

  GetSubscriptions: ((state, _, { AccountId }) => {
    refuseCustomer(state, AccountId)
    return state.subscriptions.filter(({ ParentAccountId }) => ParentAccountId === AccountId)
  }) satisfies Method<{ readonly AccountId: string }>,

  CreateSubscription: ((state, { ids, how }, { Subscription }) => {
    refuseCustomer(state, Subscription.ParentAccountId)
    const { services: naming = 'ServiceId' } = how()
    if (!(naming in Subscription)) throw new Refused(`${naming} is missing.`)
    if (!state.services.includes(serviceOf(Subscription) ?? '')) throw new Refused('The service is not <available>.')
    const created = { ...Subscription, AccountId: ids(), AccountState: how().newState ?? 'Active' }
    state.subscriptions.push(created)
    state.writes.push({ kind: 'create', accountId: created.AccountId })
    return created
  }) satisfies Method<{ readonly Subscription: NewSubscription }>,

  UpdateSubscription: ((state, _, { Subscription: { AccountId, Quantity } }) =>
    replace(state, 'update', AccountId, { Quantity })) satisfies Method<{
    readonly Subscription: { readonly AccountId: string; readonly Quantity: number }
  }>,

  TerminateAccount: ((state, _, { AccountId }) =>
    replace(state, 'terminate', AccountId, { AccountState: 'Terminated' })) satisfies Method<{
    readonly AccountId: string
  }>,
} as unknown as Readonly<Record<string, Method<unknown>>>

function refuseCustomer({ customers }: AlsoState, id: string): void {
  if (!customers.includes(id)) throw new Refused(`Account ${id} does not exist.`)
}

function replace(state: AlsoState, kind: 'update' | 'terminate', id: string, part: Partial<AlsoSubscription>) {
  const at = state.subscriptions.findIndex(({ AccountId }) => AccountId === id)
  const before = state.subscriptions[at]
  if (!before) throw new Refused(`Account ${id} does not exist.`)
  state.subscriptions[at] = { ...before, ...part }
  state.writes.push({ kind, accountId: id })
  return state.subscriptions[at]
}

function refusal({ how }: AlsoWorld, { message, status }: Refused): Response {
  const { errorType = 'application/xml', refusalStatus = 400 } = how()
  const text = message.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  return new Response(`<?xml version="1.0"?><Error><Code>Refused</Code><Message>${text}</Message></Error>`, {
    status: status ?? refusalStatus,
    headers: { 'content-type': errorType },
  })
}
