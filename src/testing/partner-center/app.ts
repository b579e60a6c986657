import type { Context, Hono, MiddlewareHandler } from 'hono'
import { routes } from './routes.ts'
import type { createTokens } from './tokens.ts'
import { Refused, type World } from './world.ts'

export interface AppOptions {
  readonly world: () => World
  readonly tokens: () => ReturnType<typeof createTokens>
  readonly tenantId: string
  /** How long until another request is taken; 0 when it is taken. */
  readonly secondsToWait: () => number
}

/** Partner Center's HTTP: sign-in, limits, tokens, request ids and the shapes of its errors. */
export async function createApp({ world, tokens, tenantId, secondsToWait }: AppOptions): Promise<Hono> {
  const { Hono } = await import('hono')
  const app = new Hono()

  app.post(`/${tenantId}/oauth2/v2.0/token`, async (context) =>
    tokens().answer(new URLSearchParams(await context.req.text())),
  )

  const open: MiddlewareHandler = async (context, next) => {
    const seconds = secondsToWait()
    if (seconds > 0) {
      const message = `Rate limit is exceeded. Try again in ${seconds} seconds.`
      return context.json({ statusCode: 429, message }, 429, { 'retry-after': String(seconds) })
    }
    if (!tokens().read(context.req.header('authorization') ?? null))
      return refusal(context, 401, 800001, 'Partner Token missing.')
    context.header('ms-correlationid', context.req.header('ms-correlationid') ?? '')
    context.header('ms-requestid', context.req.header('ms-requestid') ?? '')
    return next()
  }
  app.use('/v1/*', open)
  app.use('/webhooks/*', open)

  const answered = new Map<
    string,
    { readonly status: number; readonly body: string; readonly location: string | null }
  >()
  for (const { method, path, handler, userOnly } of routes) {
    app.on(method === 'HEAD' ? 'GET' : method, path, async (context) => {
      const { forUser } = tokens().read(context.req.header('authorization') ?? null)!
      if (userOnly && !forUser)
        return refusal(context, 403, 900329, 'This resource does not support application-only authentication.')
      const id = `${method} ${context.req.path} ${context.req.header('ms-requestid')}`
      const before =
        method === 'GET' || method === 'HEAD' || world().quirks.forgetsRequestIds ? undefined : answered.get(id)
      if (before)
        return new Response(before.body || null, {
          status: before.status,
          headers: before.location === null ? {} : { location: before.location },
        })

      const params = context.req.param() as Record<string, string>
      const query = new URL(context.req.url).searchParams
      const content = parse(await context.req.text())
      const result = handler(world(), { params, query, headers: context.req.raw.headers, content, forUser })
      const response =
        result instanceof Response ? result : context.json(result as object, method === 'POST' ? 201 : 200)
      if (method !== 'GET' && method !== 'HEAD') {
        const body = await response.clone().text()
        answered.set(id, { status: response.status, body, location: response.headers.get('location') })
      }
      return response
    })
  }

  app.notFound((context) => refusal(context, 404, 1000, 'Not found'))
  app.onError((error, context) =>
    error instanceof Refused
      ? refusal(context, error.status, error.code, error.message)
      : refusal(context, 500, '800003', `Unexpected service error: ${error.message}`),
  )
  return app
}

/** Codes of either kind come with either shape. */
function refusal(context: Context, status: number, code: string | number, description: string): Response {
  const body =
    typeof code === 'number'
      ? {
          code,
          message: description,
          description,
          isRetryable: false,
          parameters: {},
          errorMessageExtended: `InternalErrorCode=${code}`,
        }
      : { code, description, data: [], source: 'simulator' }
  return context.json(body, status as 400)
}

function parse(text: string): unknown {
  return text.trim() === '' ? undefined : JSON.parse(text)
}
