import type { ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server that is reached over HTTP. */
export interface ListeningServer {
  readonly url: string
  /** Takes no more requests, and resolves when the last one is answered or cut. */
  close(): Promise<void>
}

export interface ListenOptions {
  readonly port: number
  readonly hostname: string
  /** `cut` closes the connection instead of answering. */
  readonly answer: (request: Request, cut: () => Response) => Promise<Response>
  /** Milliseconds in which a whole request has to arrive. Default: Node's own, five minutes. */
  readonly requestTimeoutMs?: number
  /** Milliseconds that `close` leaves to requests under way. Default: none. */
  readonly graceMs?: number
}

/** Serves what answers requests on a port of this machine. The library is loaded with the first server. */
export async function listen(options: ListenOptions): Promise<ListeningServer> {
  const { port, hostname, answer, requestTimeoutMs, graceMs = 0 } = options
  const { createAdaptorServer } = await import('@hono/node-server')
  const underWay = new Set<ServerResponse>()
  let closing = false

  const server = createAdaptorServer({
    serverOptions:
      requestTimeoutMs === undefined ? {} : { requestTimeout: requestTimeoutMs, headersTimeout: requestTimeoutMs },
    fetch(request, { incoming, outgoing }) {
      underWay.add(outgoing as ServerResponse)
      outgoing.once('close', () => {
        underWay.delete(outgoing as ServerResponse)
        if (closing && underWay.size === 0) cutAll()
      })
      return answer(request, () => {
        incoming.socket.destroy()
        return new Response(null)
      })
    },
  })
  const cutAll = () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => resolve())
  })
  const { address, port: bound, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        closing = true
        const patience = setTimeout(cutAll, graceMs)
        server.close((error) => {
          clearTimeout(patience)
          if (error) reject(error)
          else resolve()
        })
        // A connection that is kept alive between requests would hold the server up.
        if (underWay.size === 0 || graceMs === 0) cutAll()
      }),
  }
}
