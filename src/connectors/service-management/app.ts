import type { Context, Hono } from 'hono'
import type { FailureCode } from '../retry-table.ts'
import { createBaseApp } from '../serving/base-app.ts'
import type { Problem } from '../serving/problem.ts'
import { readJson } from '../serving/read-json.ts'
import { WireError } from '../serving/read-model.ts'
import { Refused } from '../serving/refused.ts'
import { isSameSecret } from '../serving/same-secret.ts'
import { endpointAt, endpoints } from './endpoints.ts'
import type { Handlers } from './handlers.ts'
import type { Tenant } from './tenant.ts'
import { failureCodes, headers } from './wire.ts'

export interface AppOptions {
  readonly applicationId: string
  readonly apiKey: string
  readonly maxBytes?: number | undefined
  /** Who calls, by what the headers say. */
  readonly tenantOf: (given: Headers) => Tenant
  /** What is told of a failure that is no refusal, and noted without the secrets of the tenant, if he is known. */
  readonly problemOf: (error: unknown, tenant: Tenant | undefined, given: Headers) => Problem
  /** What it says about itself, by path. */
  readonly documents: Readonly<Record<string, object>>
}

/** Service Management over any handlers: knows the wire, and nothing of what a provider does. */
export async function createApp(handlers: Handlers, options: AppOptions): Promise<Hono> {
  const { applicationId, apiKey, maxBytes, tenantOf, problemOf, documents } = options
  const app = await createBaseApp({
    maxBytes,
    refuse(context) {
      const id = isSameSecret(context.req.header(headers.applicationId) ?? '', applicationId)
      const key = isSameSecret(context.req.header(headers.apiKey) ?? '', apiKey)
      return id && key ? undefined : fail(context, 401, 'The application id or the API key is missing or wrong.')
    },
    tooLarge: (context) => fail(context, 413, 'The body is too large.'),
  })
  for (const [path, document] of Object.entries(documents)) app.get(path, (context) => context.json(document))

  app.all('*', async (context) => {
    const { pathname, searchParams } = new URL(context.req.url)
    const name = endpointAt(pathname)
    if (name === undefined) return fail(context, 404, `There is no endpoint ${pathname}. There are ${paths}.`)
    const { method, path } = endpoints[name]
    if (context.req.method !== method) return fail(context, 405, `${path} is asked with ${method}.`)

    let known: Tenant | undefined
    const tenant = () => {
      known = tenantOf(context.req.raw.headers)
      return known
    }
    try {
      const content = method === 'POST' ? readContent(await context.req.text()) : undefined
      return context.json((await handlers[name]({ content, checkOnly: isCheck(searchParams), tenant })) as object)
    } catch (error) {
      if (error instanceof Refused || error instanceof WireError) return fail(context, 400, error.message)
      return tell(context, problemOf(error, known, context.req.raw.headers))
    }
  })
  return app
}

const paths = Object.values(endpoints)
  .map(({ path }) => path)
  .join(', ')

/** A refusal is for a person to read, so it is an answer; only what is broken here is a status of its own. */
function tell(context: Context, { detail, code = 'notEligible', traceId, retryAfterMs }: Problem): Response {
  const found = code === 'bug' ? ` (${traceId})` : ''
  if (retryAfterMs !== undefined) context.header('retry-after', String(Math.ceil(retryAfterMs / 1000)))
  const body = { Code: failureCodes[code as FailureCode], Message: detail + found, Result: null }
  return context.json(body, code === 'bug' ? 500 : 200)
}

/** A call that cannot be read or let in: its code is the status. */
function fail(context: Context, status: 400 | 401 | 404 | 405 | 413, message: string): Response {
  return context.json({ Code: status, Message: message, Result: null }, status)
}

function readContent(text: string): unknown {
  const content = readJson(text)
  if (content === null) throw new Refused(400, 'The body is empty.')
  return content
}

/** `checkonly=true`. What is neither true nor false is refused, so that no slip of the pen ever buys something. */
function isCheck(parameters: URLSearchParams): boolean {
  const given = [...parameters].filter(([name]) => name.toLowerCase() === 'checkonly').map(([, value]) => value)
  const wrong = given.find((value) => !/^(true|false)$/i.test(value))
  if (wrong !== undefined) throw new Refused(400, `checkonly is true or false, and it is ${JSON.stringify(wrong)}.`)
  return given.some((value) => value.toLowerCase() === 'true')
}
