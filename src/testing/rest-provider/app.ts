import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, Hono } from 'hono'
import {
  API_KEY_HEADER,
  IDEMPOTENCY_HEADER,
  LONGEST_ID,
  type RouteName,
  refusals,
  routes,
  WireError,
} from '../../connectors/rest-provider/wire.ts'

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>
  /** The body's JSON; `null` without one. */
  readonly content: unknown
  readonly key: string | undefined
}

/** What each route answers: JSON, or `undefined` for 204. */
export type RouteHandlers = Readonly<Record<RouteName, (request: RouteRequest) => unknown>>

/** Thrown by a handler to answer with this status and, as plain text, this message. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: 400 | 404 | 422

  constructor(status: Refused['status'], message: string) {
    super(message)
    this.status = status
  }
}

export interface AppOptions {
  readonly apiKey: string
  /** Whether a repeated key gets the first answer again. */
  readonly honoursKeys: boolean
}

const MOST_BYTES = 1_000_000

/** The Rest Provider's API over any handlers: knows the wire, and nothing of what a provider does. */
export async function createApp(handlers: RouteHandlers, { apiKey, honoursKeys }: AppOptions): Promise<Hono> {
  const [{ Hono }, { bodyLimit }] = await Promise.all([import('hono'), import('hono/body-limit')])
  const app = new Hono()
  const answered = createAnswerMemory()

  app.use(async (context, next) => {
    const given = context.req.header(API_KEY_HEADER)
    if (given === undefined) return context.text(refusals.noKey, 403)
    if (!isSameSecret(given, apiKey)) return context.text(refusals.wrongKey, 403)
    return next()
  })
  // The rest of the body stays unread, so the connection cannot carry another request.
  const onError = (context: Context) => context.text('The body is too large.', 413, { connection: 'close' })
  app.use(bodyLimit({ maxSize: MOST_BYTES, onError }))

  for (const [name, [method, route]] of Object.entries(routes) as [RouteName, (typeof routes)[RouteName]][]) {
    app.on(method, route, async (context) => {
      const params = context.req.param() as Record<string, string>
      if (isTooLong(route, params)) return context.notFound()
      const text = await context.req.text()
      const request = { params, content: parse(text), key: context.req.header(IDEMPOTENCY_HEADER) }
      const handle = () => handlers[name](request)
      const isCreation = method === 'POST' && request.key !== undefined && honoursKeys
      const body = isCreation ? answered.once(`${route} ${request.key}`, text, handle) : handle()
      return body === undefined ? context.body(null, 204) : context.json(body as object)
    })
  }

  app.notFound((context) => problem(context, 404, 'There is no such route.'))
  app.onError((error, context) => {
    if (error instanceof Refused) return context.text(error.message, error.status)
    if (error instanceof WireError) return context.text(error.message, 400)
    return problem(context, 500, error.message)
  })
  return app
}

/** Keeps what was answered under a key, so that a repeated delivery gets the same answer and does nothing. */
function createAnswerMemory() {
  const answers = new Map<string, { readonly text: string; readonly body: unknown }>()
  return {
    once(key: string, text: string, handle: () => unknown): unknown {
      const before = answers.get(key)
      if (before === undefined) {
        const body = handle()
        answers.set(key, { text, body })
        return body
      }
      if (before.text === text) return before.body
      throw new Refused(422, 'This idempotency key was used for another request.')
    },
  }
}

/** Digests have one length, so that comparing them tells nothing about the secret, not even how long it is. */
function isSameSecret(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}

function isTooLong(route: string, params: Readonly<Record<string, string>>): boolean {
  return /^\/(customers|subscriptions)/.test(route) && Object.values(params).some((id) => id.length > LONGEST_ID)
}

function parse(text: string): unknown {
  if (text.trim() === '') return null
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch {
    throw new Refused(400, 'The body is not JSON.')
  }
}

function problem(context: Context, status: 404 | 500, detail: string): Response {
  const title = status === 404 ? 'Not Found' : 'An error occurred while processing your request.'
  return context.json({ type: 'about:blank', title, status, detail }, status, {
    'content-type': 'application/problem+json',
  })
}
