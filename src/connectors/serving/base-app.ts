import type { Context, Hono } from 'hono'

export interface BaseAppOptions {
  /** The answer to somebody who may not call; `undefined` lets the request in. */
  readonly refuse: (context: Context) => Response | undefined
  /** The answer to a body that is too large. */
  readonly tooLarge: (context: Context) => Response
  /** Bytes that a body may have. Default: 1 MB (1,000,000). */
  readonly maxBytes?: number | undefined
}

/** What every served connector begins with: nothing is read of a caller without the key, and of others not too much. */
export async function createBaseApp({ refuse, tooLarge, maxBytes = 1_000_000 }: BaseAppOptions): Promise<Hono> {
  const [{ Hono }, { bodyLimit }] = await Promise.all([import('hono'), import('hono/body-limit')])
  const app = new Hono()
  app.use(async (context, next) => refuse(context) ?? next())
  const limit = bodyLimit({
    maxSize: maxBytes,
    onError(context) {
      // The rest of the body stays unread, so the connection cannot carry another request.
      context.header('connection', 'close')
      return tooLarge(context)
    },
  })
  app.use((context, next) => (hasBody(context) ? limit(context, next) : next()))
  return app
}

/** Looking for the body of a request that reads costs more than answering it: a `Request` would be made for it. */
export const hasBody = ({ req }: Context): boolean => req.method !== 'GET' && req.method !== 'HEAD'
