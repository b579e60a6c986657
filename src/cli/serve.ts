import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { createControls, type Emulator } from '../testing/index.ts'
import { createWebApi } from '../webapi/index.ts'

/** Serves an emulator: its Web API, and beside it its own controls. Rejects when the port is taken. */
export async function serve(
  emulator: Emulator,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const webApi = createWebApi({
    service: emulator,
    tables: emulator.tables,
    serviceAs: (userId: string) => emulator.as(userId),
  })
  const controls = createControls(emulator)
  const server = createAdaptorServer({
    fetch(request: Request, env: unknown) {
      if (comesFromAnotherSite(request)) return refusal('A page of another site may not use this.')
      if (!new URL(request.url).pathname.startsWith('/_emulator')) return webApi(request)
      const { incoming } = env as { readonly incoming: { readonly socket: { readonly remoteAddress?: string } } }
      if (!isLocal(request, incoming.socket.remoteAddress)) {
        return refusal(
          'The controls of the emulator answer this machine only. Ask them through 127.0.0.1 or localhost.',
        )
      }
      return controls(request)
    },
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

/** A browser says where a page that asks comes from; any page could otherwise reset the environment. */
function comesFromAnotherSite(request: Request): boolean {
  const origin = request.headers.get('origin')
  return origin !== null && (!URL.canParse(origin) || new URL(origin).host !== new URL(request.url).host)
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/

/**
 * Whether the request comes from this machine, and is meant for it: a page whose name was made to point here would
 * come from it, too, but under its own name.
 */
function isLocal(request: Request, remoteAddress = ''): boolean {
  const { hostname } = new URL(request.url)
  const name = hostname.replace(/^\[|\]$/g, '')
  return LOOPBACK.test(remoteAddress) && (name === 'localhost' || LOOPBACK.test(name))
}

function refusal(message: string): Response {
  return Response.json({ error: { message } }, { status: 403 })
}
