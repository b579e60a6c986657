import { createRestProvider, serveRestProvider } from '../../src/connectors/index.ts'
import type { Clock } from '../../src/internal/clock.ts'
import { listen } from '../../src/internal/http-server.ts'
import { type ConnectorWorld, connectorConformance, restProviderWorld } from '../../src/testing/conformance/index.ts'

/** The simulator as before, with a served connector between it and the client: neither may tell. */
function servedWorld(clock: Clock): ConnectorWorld {
  const world = restProviderWorld(clock)
  const { apiKey } = world.credentials as { apiKey: string }

  async function open() {
    const behind = await listen({
      port: 0,
      hostname: '127.0.0.1',
      answer: async (request) => world.answer(request),
    })
    const { settings, credentials } = { settings: world.settings(behind.url), credentials: world.credentials }
    const connector = createRestProvider({ name: 'behind' })
    return { behind, served: serveRestProvider(connector, { apiKey, settings, credentials, clock, random: () => 0 }) }
  }
  let opened: ReturnType<typeof open> | undefined

  return {
    ...world,
    async answer(request) {
      opened ??= open()
      return (await opened).served.fetch(request)
    },
    async close() {
      if (opened) await (await opened).behind.close()
    },
  }
}

connectorConformance(createRestProvider({ title: 'Rest Provider, over a served connector,' }), { world: servedWorld })
