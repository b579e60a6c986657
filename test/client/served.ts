import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CustomApi } from '../../src/plugins/index.ts'
import type { Emulator } from '../../src/testing/index.ts'
import { createWebApi, toNodeListener } from '../../src/webapi/index.ts'

/** An emulator behind real HTTP, on a port of its own. */
export async function serveEmulator(emulator: Emulator): Promise<{ readonly url: string; close(): Promise<void> }> {
  const api = createWebApi({
    service: emulator,
    tables: emulator.tables,
    customApis: emulator.customApis as readonly CustomApi[],
    serviceAs: emulator.as,
  })
  const server = createServer(toNodeListener(api.answer))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
