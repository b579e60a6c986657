import type { AddressInfo } from 'node:net'

/** A simulator that is reached over HTTP. */
export interface ListeningSimulator {
  readonly url: string
  close(): Promise<void>
}

/** Serves what answers requests on a port of this machine. `cut` closes the connection instead of answering. */
export async function listen({
  port,
  hostname,
  answer,
}: {
  readonly port: number
  readonly hostname: string
  readonly answer: (request: Request, cut: () => Response) => Promise<Response>
}): Promise<ListeningSimulator> {
  const { createAdaptorServer } = await import('@hono/node-server')
  const server = createAdaptorServer({
    fetch: (request, { incoming }) =>
      answer(request, () => {
        incoming.socket.destroy()
        return new Response(null)
      }),
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, hostname, () => resolve())
  })
  const { address, port: bound, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}
