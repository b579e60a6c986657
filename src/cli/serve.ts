import type { ServerOptions } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createRefusedList, createTokenEndpoint, type Emulator } from '../testing/index.ts'
import { authenticateBy } from './server/authenticate.ts'
import { createServedEnvironments } from './server/forks.ts'
import { createListener } from './server/listener.ts'

export interface ServeOptions {
  /** 0 takes any free port. */
  readonly port: number
  readonly host: string
  /** Whether requests need a token that the server has given. Default: any token will do, or none. */
  readonly auth?: boolean
  /** Serves over https with this key and certificate, in PEM. */
  readonly https?: { readonly key: string; readonly cert: string } | undefined
  /** Of more forks than this the oldest is forgotten. Default 256. */
  readonly maxForks?: number
  /** How long a stop waits for requests that are being answered, in milliseconds. Default 2000. */
  readonly graceMs?: number
}

export interface RunningServer {
  /** Such as `http://127.0.0.1:8365`. */
  readonly url: string
  /** The emulator and its forks, as many as there are at the moment. */
  emulators(): readonly Emulator[]
  /** Answers what is being answered, and takes no more. */
  close(): Promise<void>
}

/** Clients keep connections for a while: one that is closed first is one that fails by chance. */
const KEEP_ALIVE_MS = 120_000

const settings: ServerOptions = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  // The Web API takes longer addresses than Node does by itself.
  maxHeaderSize: 128 * 1024,
  noDelay: true,
}

/** Serves an emulator: its Web API, its own controls beside it, and a token endpoint. Rejects when the port is taken. */
export async function serve(
  emulator: Emulator,
  { port, host, auth = false, https, maxForks = 256, graceMs = 2000 }: ServeOptions,
): Promise<RunningServer> {
  const tokens = createTokenEndpoint({
    now(resource) {
      const [, id] = /^https?:\/\/[^/]+\/forks\/([^/]+)/.exec(resource) ?? []
      const fork = id === undefined ? undefined : environments.fork(id)
      return (fork && 'emulator' in fork ? fork.emulator : emulator).clock.now()
    },
  })
  const environments = createServedEnvironments(
    { emulator, authenticate: auth ? authenticateBy(tokens) : undefined, refused: createRefusedList() },
    maxForks,
  )
  const listener = createListener(environments, tokens)
  const server = https
    ? (await import('node:https')).createServer({ ...settings, ...https }, listener)
    : createServer(settings, listener)

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    url: `${https ? 'https' : 'http'}://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    emulators: () => [...environments.all()].map((environment) => environment.emulator),
    close: () =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs)
        // A connection is idle when its last answer is sent, and nothing more is to come on it.
        const idle = setInterval(() => server.closeIdleConnections(), 10)
        server.close(() => {
          clearTimeout(cut)
          clearInterval(idle)
          resolve()
        })
      }),
  }
}
