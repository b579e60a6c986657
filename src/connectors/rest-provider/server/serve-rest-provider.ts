import { randomUUID } from 'node:crypto'
import type { Hono } from 'hono'
import { systemClock } from '../../../internal/clock.ts'
import { type ListeningServer, listen } from '../../../internal/http-server.ts'
import type { Connector } from '../../connector.ts'
import { type ConnectorContextOptions, createConnectorContext } from '../../connector-context.ts'
import { createApp } from './app.ts'
import { connectorHandlers, type ValidationRules } from './connector-handlers.ts'
import { openApi } from './open-api.ts'
import { problemOf } from './problem.ts'

/** How the provider is reached, as for {@link createConnectorContext}, and how it is served. */
export interface ServeRestProviderOptions extends Omit<ConnectorContextOptions, 'key' | 'signal'> {
  /** The secret that Work 365 sends: the Password of the provider's form. */
  readonly apiKey: string
  /** What addresses are like, by upper-case country code. Default: rules that ask for little. */
  readonly validationRules?: ValidationRules
  /** Milliseconds that a change which takes time is waited for. Default: 20,000. */
  readonly waitMs?: number
  /** Bytes that a request may have. Default: 1 MB (1,000,000). */
  readonly maxBytes?: number
}

export interface ListenToWork365Options {
  /** Default: one that is free. */
  readonly port?: number
  /** Default: `127.0.0.1`, which is reached from this machine only. */
  readonly hostname?: string
  /** Milliseconds in which a whole request has to arrive. Default: 30,000. */
  readonly requestTimeoutMs?: number
  /** Milliseconds that `close` leaves to requests under way. Default: 30,000. */
  readonly graceMs?: number
}

/** A connector as the API that Work 365 calls. */
export interface RestProviderServer {
  /** Answers a request without a socket, for any host that speaks `Request` and `Response`. */
  fetch(request: Request): Promise<Response>
  /** Serves over HTTP. Put a proxy with a certificate before it. */
  listen(options?: ListenToWork365Options): Promise<ListeningServer>
}

/**
 * Serves a connector as a Rest Provider: every route of the contract, so that a Work 365 environment can sell through it.
 * What the connector lacks is answered as the contract says, or with 501.
 *
 * @throws TypeError without a secret.
 * @throws ProviderError `invalid` when a setting or credential is missing or wrong.
 * @see https://docs.work365apps.com/docs/rest-provider
 * @example
 * const server = serveRestProvider(contoso, { apiKey, settings, credentials })
 * const { url, close } = await server.listen({ port: 8080 })
 */
export function serveRestProvider(connector: Connector, options: ServeRestProviderOptions): RestProviderServer {
  const { apiKey, validationRules = {}, waitMs = 20_000, maxBytes, clock = systemClock, log, ...connection } = options
  if (!apiKey) throw new TypeError('serveRestProvider: `apiKey` is empty: choose the secret that Work 365 sends.')

  const contextFor = (key: string = randomUUID()) =>
    createConnectorContext(connector, { ...connection, clock, log, key })
  const { redact } = contextFor()
  const handlers = connectorHandlers({ connector, contextFor, clock, waitMs }, validationRules)
  const app = createLazily(() =>
    createApp(handlers, {
      apiKey,
      clock,
      maxBytes,
      honoursKeys: true,
      document: openApi({ title: `${connector.title}, served as a Rest Provider`, version: connector.version }),
      problemOf(error) {
        const problem = problemOf(error, randomUUID())
        const trace = error instanceof Error ? (error.stack ?? String(error)) : String(error)
        const { status, traceId = null } = problem
        log?.('request failed', { status, traceId, trace: redact(trace).replaceAll(apiKey, '[redacted]') })
        return problem
      },
    }),
  )
  const answer = async (request: Request) => (await app()).fetch(request)

  return {
    fetch: answer,
    listen: ({ port = 0, hostname = '127.0.0.1', requestTimeoutMs = 30_000, graceMs = 30_000 } = {}) =>
      listen({ port, hostname, answer, requestTimeoutMs, graceMs }),
  }
}

/** The library behind it is loaded with the first request. */
function createLazily(create: () => Promise<Hono>): () => Promise<Hono> {
  let created: Promise<Hono> | undefined
  return () => {
    created ??= create()
    return created
  }
}
