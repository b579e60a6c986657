import { STATUS_CODES } from 'node:http'
import type { Context, Hono } from 'hono'
import type { Clock } from '../../../internal/clock.ts'
import { AlreadyThere, createAnswerMemory } from '../../serving/answer-memory.ts'
import { createBaseApp, hasBody } from '../../serving/base-app.ts'
import type { Problem } from '../../serving/problem.ts'
import { readJson } from '../../serving/read-json.ts'
import { WireError } from '../../serving/read-model.ts'
import { Refused } from '../../serving/refused.ts'
import { isSameSecret } from '../../serving/same-secret.ts'
import { type Route, type RouteName, routes } from '../routes.ts'
import { API_KEY_HEADER, IDEMPOTENCY_HEADER, LONGEST_ID, REPLAYED_HEADER, refusals } from '../wire.ts'

export interface RouteRequest {
  readonly params: Readonly<Record<string, string>>
  /** The body's JSON; `null` without one. */
  readonly content: unknown
  /** The idempotency key. */
  readonly key: string | undefined
}

/** What each route answers, at once or later: JSON, `undefined` for 204, or {@link AlreadyThere}. */
export type RouteHandlers = Readonly<Record<RouteName, (request: RouteRequest) => unknown>>

export interface AppOptions {
  readonly apiKey: string
  readonly clock: Clock
  /** Whether a repeated key gets the first answer again. */
  readonly honoursKeys: boolean
  /** What is told of a failure that is no refusal. */
  readonly problemOf: (error: unknown) => Problem
  /** What it says about itself at `/openapi.json`. Default: nothing. */
  readonly document?: object
  /** Default: 1 MB (1,000,000). */
  readonly maxBytes?: number | undefined
}

const LONGEST_KEY = 255

/** The Rest Provider's API over any handlers: knows the wire, and nothing of what a provider does. */
export async function createApp(handlers: RouteHandlers, options: AppOptions): Promise<Hono> {
  const { apiKey, clock, honoursKeys, problemOf, document, maxBytes } = options
  const answers = createAnswerMemory(clock)
  const app = await createBaseApp({
    maxBytes,
    refuse(context) {
      const given = context.req.header(API_KEY_HEADER)
      if (given === undefined) return context.text(refusals.noKey, 403)
      return isSameSecret(given, apiKey) ? undefined : context.text(refusals.wrongKey, 403)
    },
    tooLarge: (context) => context.text('The body is too large.', 413),
  })

  for (const [name, { method, path }] of Object.entries(routes) as [RouteName, Route][]) {
    app.on(method, path, async (context) => {
      const params = context.req.param() as Record<string, string>
      if (isTooLong(path, params)) return context.notFound()
      const text = hasBody(context) ? await context.req.text() : ''
      const request = { params, content: readJson(text), key: keyOf(context) }
      const handle = async () => handlers[name](request)
      const isCreation = method === 'POST' && request.key !== undefined && honoursKeys
      const answer = await (isCreation ? answers.once(`${path} ${request.key}`, text, handle) : handle())
      if (answer instanceof AlreadyThere) context.header(REPLAYED_HEADER, 'true')
      const body = answer instanceof AlreadyThere ? answer.body : answer
      return body === undefined ? context.body(null, 204) : context.json(body as object)
    })
  }
  if (document) app.get('/openapi.json', (context) => context.json(document))

  app.notFound((context) => answerProblem(context, { status: 404, detail: 'There is no such route.' }))
  app.onError((error, context) => {
    if (error instanceof Refused) return context.text(error.message, error.status)
    if (error instanceof WireError) return context.text(error.message, 400)
    return answerProblem(context, problemOf(error))
  })
  return app
}

function keyOf(context: Context): string | undefined {
  const key = context.req.header(IDEMPOTENCY_HEADER) || undefined
  if (key && key.length > LONGEST_KEY) throw new Refused(400, `An idempotency key has at most ${LONGEST_KEY} letters.`)
  return key
}

function isTooLong(route: string, params: Readonly<Record<string, string>>): boolean {
  return /^\/(customers|subscriptions)/.test(route) && Object.values(params).some((id) => id.length > LONGEST_ID)
}

function answerProblem(context: Context, { status, retryAfterMs, ...problem }: Problem): Response {
  return context.json({ type: 'about:blank', title: STATUS_CODES[status], status, ...problem }, status as 500, {
    'content-type': 'application/problem+json',
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
  })
}
