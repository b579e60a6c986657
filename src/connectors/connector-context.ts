import { type Clock, systemClock } from '../internal/clock.ts'
import type { TransportOptions } from '../internal/http-transport.ts'
import { type AccessToken, createAccessToken } from './access-token.ts'
import type { ChangeKind } from './change.ts'
import { shareOf } from './connection-share.ts'
import type { Connector } from './connector.ts'
import type { FieldMap, ValuesOf } from './field.ts'
import { createHttp, type Http } from './http.ts'
import type { Limiter } from './limiter.ts'
import type { Log } from './log.ts'
import { createRedaction, type Redact, redactJson } from './redaction.ts'
import type { ConnectionState } from './state.ts'
import { validateCredentials, validateSettings } from './validate-settings.ts'

/** What reaches the methods of a connector. */
export interface ConnectorContext<S extends FieldMap = FieldMap, C extends FieldMap = FieldMap> {
  readonly settings: ValuesOf<S>
  readonly credentials: ValuesOf<C>
  readonly http: Http
  /** The idempotency key: one per change, and the same on every repetition. */
  readonly key: string
  readonly clock: Clock
  readonly state: ConnectionState
  /** Access tokens, shared by all contexts of the connection and asked for once; refresh tokens that rotate are kept in `state`. */
  readonly accessToken: AccessToken
  /** Takes note of something; secrets are taken out first. */
  readonly log: Log
  /** Takes the secrets of this connection out of a text. */
  readonly redact: Redact
  /** Aborts when the work is to stop. What the provider was already asked to do is not undone. */
  readonly signal: AbortSignal
}

export interface ConnectorContextOptions {
  /** Checked against the connector's declaration. */
  readonly settings?: unknown
  /** Checked against the connector's declaration. */
  readonly credentials?: unknown
  /** The idempotency key: the id of the license change log. */
  readonly key: string
  /** Default: the machine's clock. */
  readonly clock?: Clock | undefined
  /** From 0 up to 1, for the jitter between tries. Default: `Math.random`. */
  readonly random?: (() => number) | undefined
  readonly signal?: AbortSignal | undefined
  /** Default: notes go nowhere. */
  readonly log?: Log | undefined
  /** Default: state of the connection that ends with the process. */
  readonly state?: ConnectionState | undefined
  /** Default: the one that the process has for this connection, by the connector's `limits`. */
  readonly limiter?: Limiter | undefined
  /** How requests leave the machine. */
  readonly transport?: TransportOptions | undefined
}

/**
 * Puts together what a connector needs for one change.
 *
 * @throws ProviderError `invalid` when a setting or credential is missing or wrong; it names the field and the fix.
 */
export function createConnectorContext<S extends FieldMap, C extends FieldMap, K extends ChangeKind>(
  connector: Connector<S, C, K>,
  options: ConnectorContextOptions,
): ConnectorContext<S, C> {
  const settings = validateSettings(connector, options.settings)
  const credentials = validateCredentials(connector, options.credentials)
  const { key, clock = systemClock, random = Math.random, signal = new AbortController().signal } = options
  const share = shareOf(connector, { settings, credentials }, clock)
  const { state = share.state, limiter = share.limiter } = options
  const redact = createRedaction(connector, { settings, credentials }, share.secrets)
  const log: Log = (event, data) =>
    options.log?.(redact(event), ...(data === undefined ? [] : ([redactJson(data, redact)] as const)))

  const http = createHttp({
    baseUrl: baseUrlOf(connector, settings),
    secretHeaders: secretHeadersOf(connector, { ...settings, ...credentials }),
    clock,
    random,
    signal,
    redact,
    log,
    limiter,
    transport: options.transport,
  })
  return Object.freeze({
    settings,
    credentials,
    http,
    key,
    clock,
    state,
    accessToken: createAccessToken({ memory: share.tokens, state, clock, signal, secrets: share.secrets }),
    log,
    redact,
    signal,
  })
}

function baseUrlOf<S extends FieldMap>(
  connector: Pick<Connector<S>, 'settings' | 'baseUrl'>,
  settings: ValuesOf<S>,
): string | undefined {
  if (connector.baseUrl) return connector.baseUrl(settings)
  const [only, ...others] = Object.entries(connector.settings).filter(([, { type }]) => type === 'url')
  return only === undefined || others.length > 0 ? undefined : (settings[only[0]] as string | undefined)
}

function secretHeadersOf(
  { settings, credentials }: Pick<Connector, 'settings' | 'credentials'>,
  values: Readonly<Record<string, unknown>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...settings, ...credentials }).flatMap(([name, field]) => {
      if (field.type !== 'secret' || field.header === undefined || values[name] === undefined) return []
      return [[field.header.toLowerCase(), [field.scheme, values[name]].filter(Boolean).join(' ')]]
    }),
  )
}
