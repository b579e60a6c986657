import { randomUUID } from 'node:crypto'
import { systemClock } from '../../../internal/clock.ts'
import type { Connector } from '../../connector.ts'
import { createConnectorContext } from '../../connector-context.ts'
import {
  type ConnectorServer,
  createConnectorServer,
  type ServeConnectorOptions,
} from '../../serving/connector-server.ts'
import { noteProblem } from '../../serving/problem.ts'
import { createApp } from './app.ts'
import { connectorHandlers, type ValidationRules } from './connector-handlers.ts'
import { openApi } from './open-api.ts'

/** How the provider is reached, and how it is served. */
export interface ServeRestProviderOptions extends ServeConnectorOptions {
  /** The secret that Work 365 sends: the Password of the provider's form. */
  readonly apiKey: string
  /** What addresses are like, by upper-case country code. Default: rules that ask for little. */
  readonly validationRules?: ValidationRules
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
export function serveRestProvider(connector: Connector, options: ServeRestProviderOptions): ConnectorServer {
  const { apiKey, validationRules = {}, waitMs = 20_000, maxBytes, clock = systemClock, log, ...connection } = options
  if (!apiKey) throw new TypeError('serveRestProvider: `apiKey` is empty: choose the secret that Work 365 sends.')

  const contextFor = (key: string = randomUUID()) =>
    createConnectorContext(connector, { ...connection, clock, log, key })
  const { redact } = contextFor()
  const handlers = connectorHandlers({ connector, contextFor, clock, waitMs }, validationRules)
  return createConnectorServer(() =>
    createApp(handlers, {
      apiKey,
      clock,
      maxBytes,
      honoursKeys: true,
      document: openApi({ title: `${connector.title}, served as a Rest Provider`, version: connector.version }),
      problemOf: (error) => noteProblem(error, log, (text) => redact(text).replaceAll(apiKey, '[redacted]')),
    }),
  )
}
