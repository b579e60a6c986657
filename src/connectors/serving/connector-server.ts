import type { Hono } from 'hono'
import { type ListeningServer, listen } from '../../internal/http-server.ts'
import type { ConnectorContextOptions } from '../connector-context.ts'

/** How the provider is reached, as for {@link createConnectorContext}, and how patient the server is. */
export interface ServeConnectorOptions extends Omit<ConnectorContextOptions, 'key' | 'signal'> {
  /** Milliseconds that a change which takes time is waited for. Default: 20,000. */
  readonly waitMs?: number
  /** Bytes that a request may have. Default: 1 MB (1,000,000). */
  readonly maxBytes?: number
}

export interface ConnectorServerListenOptions {
  /** Default: one that is free. */
  readonly port?: number
  /** Default: `127.0.0.1`, which is reached from this machine only. */
  readonly hostname?: string
  /** Milliseconds in which a whole request has to arrive. Default: 30,000. */
  readonly requestTimeoutMs?: number
  /** Milliseconds that `close` leaves to requests under way. Default: 30,000. */
  readonly graceMs?: number
}

/** A connector as an API that others call. */
export interface ConnectorServer {
  /** Answers a request without a socket, for any host that speaks `Request` and `Response`. */
  fetch(request: Request): Promise<Response>
  /** Serves over HTTP. Put a proxy with a certificate before it. */
  listen(options?: ConnectorServerListenOptions): Promise<ListeningServer>
}

/** The server of an app, which is made, with the library behind it, for the first request. */
export function createConnectorServer(createApp: () => Promise<Hono>): ConnectorServer {
  let app: Promise<Hono> | undefined
  async function answer(request: Request): Promise<Response> {
    app ??= createApp()
    return (await app).fetch(request)
  }
  return {
    fetch: answer,
    listen: ({ port = 0, hostname = '127.0.0.1', requestTimeoutMs = 30_000, graceMs = 30_000 } = {}) =>
      listen({ port, hostname, answer, requestTimeoutMs, graceMs }),
  }
}
