import { deepFreeze } from '../internal/freeze.ts'
import type { Change, ChangeKind, CreateChange, CustomerRef } from './change.ts'
import { checkDefinition } from './check-definition.ts'
import type { ConnectorContext } from './connector-context.ts'
import type { FieldMap, NoFields, ValuesOf } from './field.ts'
import type { Json } from './json.ts'
import { type JsonSchema, toJsonSchema } from './json-schema.ts'
import type { Limits } from './limiter.ts'
import type {
  AgreementOperations,
  BillingOperations,
  CatalogOperations,
  ConnectivityReport,
  CustomerOperations,
  EventOperations,
  ItemOperations,
  Preview,
} from './operations.ts'
import type { Outcome, RemoteSubscription } from './outcome.ts'

/** The version of the contract between connectors and whoever runs them. */
export const CONTRACT = 1

/** The abilities that a connector may have beyond `verifyConnectivity` and `apply`; its methods tell which. */
export const optionalAbilities = Object.freeze([
  'resume',
  'preview',
  'find',
  'subscriptions',
  'customers',
  'agreements',
  'catalog',
  'items',
  'billing',
  'events',
] as const)

export type Capability = (typeof optionalAbilities)[number]

/** What an author writes. Two methods are required; each other one, by being there, says that the provider can do it. */
export interface ConnectorOptions<S extends FieldMap, C extends FieldMap, K extends ChangeKind> {
  /** Kebab-case and stable: jobs and logs refer to the connector by it. */
  readonly name: string
  /** What people call the provider. */
  readonly title: string
  /** The version of the contract that this connector was written for. Anything but 1 is refused. */
  readonly contract: typeof CONTRACT
  /** The connector's own version, as semantic versioning has it. Default: `0.0.0`, which is a connector not published by itself. */
  readonly version?: string
  /** Where its documentation is. */
  readonly docs?: string
  /** The changes it takes; it is never asked for another. Default: `['setQuantity']`. */
  readonly changes?: readonly K[]
  /** What the provider allows; the SDK keeps it. Default: no limits. */
  readonly limits?: Limits
  /** What an administrator fills in. */
  readonly settings?: S
  /** The same, kept and logged as secrets. */
  readonly credentials?: C
  /** The address that relative requests are sent to. Default: the value of the connector's only `field.url` setting. */
  baseUrl?(settings: ValuesOf<S>): string

  /** Whether settings and credentials open the provider. Reads only. */
  verifyConnectivity(context: ConnectorContext<S, C>): Promise<ConnectivityReport>

  /**
   * Converges on the target: a change that is already in force is `done` with `changed: false`, and writes nothing.
   * It may be called again with the same `context.key`, also by another process after this one died between request and answer.
   *
   * @throws ProviderError when the provider refuses or cannot; the code decides what happens next.
   */
  apply(context: ConnectorContext<S, C>, change: Change<K>): Promise<Outcome>

  /** Asks what became of an `accepted` change. Required of a connector whose `apply` may return it. */
  resume?(context: ConnectorContext<S, C>, handle: Json): Promise<Outcome>

  /** What would become of the change. Writes nothing, and refuses exactly what `apply` refuses. */
  preview?(context: ConnectorContext<S, C>, change: Change<K>): Promise<Preview>

  /** The subscription that an earlier delivery of this change bought, so that it is not bought again; `null` when there is none. */
  find?(context: ConnectorContext<S, C>, change: CreateChange): Promise<RemoteSubscription | null>

  /** The customer's subscriptions at the provider. */
  subscriptions?(context: ConnectorContext<S, C>, customer: CustomerRef): AsyncIterable<RemoteSubscription>

  readonly customers?: CustomerOperations<S, C>
  readonly agreements?: AgreementOperations<S, C>
  readonly catalog?: CatalogOperations<S, C>
  /** Things sold once, which are bought and not subscribed to. */
  readonly items?: ItemOperations<S, C>
  /** What the provider has charged for: invoices and usage. */
  readonly billing?: BillingOperations<S, C>
  /** What the provider tells by itself. */
  readonly events?: EventOperations<S, C>
}

/** A frozen description of a connector. Without type arguments: any connector. */
export interface Connector<
  S extends FieldMap = FieldMap,
  C extends FieldMap = FieldMap,
  K extends ChangeKind = ChangeKind,
> extends ConnectorOptions<S, C, K> {
  readonly version: string
  readonly changes: readonly K[]
  readonly settings: S
  readonly credentials: C
  /** Which of the optional abilities it has. */
  readonly capabilities: readonly Capability[]
  /** Settings and credentials as JSON Schema 2020-12, for forms and for checks elsewhere. */
  jsonSchema(): { readonly settings: JsonSchema; readonly credentials: JsonSchema }
}

/**
 * Describes a connector: how one provider is verified and asked to converge on a change.
 * The description is data: it can be listed, printed and served, and nothing in it is rewritten.
 *
 * @throws TypeError when the declaration is impossible; the message names the connector, the property and the fix.
 * @example
 * export const contoso = defineConnector({
 *   name: 'contoso',
 *   title: 'Contoso Distribution',
 *   contract: 1,
 *   settings: { baseUrl: field.url({ title: 'Base URL' }) },
 *   credentials: { apiKey: field.secret({ title: 'API key', header: 'x-api-key' }) },
 *   async verifyConnectivity({ http }) {
 *     const { companyName } = await http.get<ContosoProfile>('/me')
 *     return { ok: true, account: companyName }
 *   },
 *   async apply({ http, key }, { subscription, quantity }) {
 *     const current = await http.get<ContosoSubscription>(path`/subscriptions/${subscription.id}`)
 *     if (current.seats === quantity) return done(toSubscription(current), { changed: false })
 *     return done(toSubscription(await http.patch(current.url, { body: { seats: quantity }, idempotencyKey: key })))
 *   },
 * })
 */
export function defineConnector<
  S extends FieldMap = NoFields,
  C extends FieldMap = NoFields,
  const K extends ChangeKind = 'setQuantity',
>(options: ConnectorOptions<S, C, K>): Connector<S, C, K> {
  checkDefinition(options)
  const settings = options.settings ?? ({} as S)
  const credentials = options.credentials ?? ({} as C)
  return deepFreeze({
    ...options,
    version: options.version ?? '0.0.0',
    changes: [...(options.changes ?? (['setQuantity'] as K[]))],
    settings,
    credentials,
    capabilities: optionalAbilities.filter((ability) => options[ability] !== undefined),
    jsonSchema: () => ({ settings: toJsonSchema(settings), credentials: toJsonSchema(credentials) }),
  })
}
