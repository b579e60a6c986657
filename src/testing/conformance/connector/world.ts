import type { Change, CustomerRef, FailureCode } from '../../../connectors/index.ts'
import type { Clock } from '../../../internal/clock.ts'
import type { Exception } from './finding.ts'

/** Makes the provider anew for each check, by the check's id and on its clock. */
export type CreateWorld = (clock: Clock, checkId: string) => ConnectorWorld

/**
 * A provider that is none: what a connector is proven against. The kit puts a socket before it, writes down what arrives,
 * and makes requests go wrong. Everything optional that is missing leaves its checks not tried, which the report says.
 */
export interface ConnectorWorld {
  /** Answers as the provider does. A simulator's `fetch` will do, and so will one line that sends the request on. */
  answer(request: Request): Response | Promise<Response>
  /** What an administrator would enter to reach the provider at this address. */
  settings(url: string): Readonly<Record<string, unknown>>
  readonly credentials: Readonly<Record<string, unknown>>
  /** What is asked of the provider. */
  readonly samples: WorldSamples
  /** What was bought so far, each subscription once. */
  purchases?(): readonly WorldPurchase[]
  /** What a request does. `undefined`, and the default: GET and HEAD read, anything else writes. */
  kindOf?(request: Request, body: string): RequestKind | undefined
  /** The header that says twice that it is the same request; `null` where the provider knows none. Default: `idempotency-key`. */
  readonly idempotencyHeader?: string | null
  /** The ways in which a connection can be wrong: C04. */
  readonly wrongs?: readonly WrongConnection[]
  /** Access tokens, where the connector signs in for them: C21 to C23. */
  readonly tokens?: WorldTokens
  /** The key that the change of a check has. Default: the same in every run. */
  keyFor?(key: string): string
  /** Called at the end of each check, also of one that has failed. @throws Error where the world was not used as it should be */
  close?(): Promise<void>
  /** From now on it forgets what it did under which key. */
  forgetKeys?(): void
  /** From now on it takes changes on, and takes so long to carry them out. */
  slow?(milliseconds: number): void
  /** From now on it calls what it is still working on by a word that nobody knows. */
  mumble?(): void
  /** Has so many customers, and no others. */
  populate?(customers: number): void
  /** How many customers it lists on a page. Absent: it has no pages. */
  readonly pageSize?: number
  /** From now on each page leads back to itself. */
  listInCircle?(): void
  /** From now on a page in the middle is empty, and leads on. */
  listWithGap?(): void
  /** Checks, by their ids, that do not apply here, and why; the report repeats it. */
  readonly except?: Readonly<Record<string, Exception>>
}

export type RequestKind = 'read' | 'write' | 'signIn'

export interface WorldPurchase {
  readonly subscriptionId: string
}

export interface WorldSamples {
  /** An order that the provider takes. */
  readonly order?: Change<'create'>
  /** A change of a subscription that it has, which it takes and which is not in force. */
  readonly change?: Exclude<Change, Change<'create'>>
  /** Another change of that subscription, which somebody else makes meanwhile. */
  readonly competing?: Exclude<Change, Change<'create'>>
  /** What it refuses. */
  readonly refused?: readonly RefusedSample[]
  /** The customer whose subscriptions are listed. Default: that of the order. */
  readonly customer?: CustomerRef
  /** An add-on whose base the provider is still working on. */
  readonly earlyAddOn?: Change<'create'>
  /** A cancellation that is taken up to this many milliseconds from now, and refused from then on. */
  readonly cancellation?: { readonly change: Change<'cancel'>; readonly withinMs: number }
  /** An order of a part of one, such as 2.5. */
  readonly fraction?: Change<'create'>
  /** Prices on its list. */
  readonly prices?: readonly { readonly id: string; readonly unitPrice: number }[]
}

/** A change that the provider refuses, and what the connector has to make of it. */
export interface RefusedSample {
  /** The rest of a title: `below the minimum`. */
  readonly what: string
  readonly change: Change
  readonly code: FailureCode
  /** Milliseconds that pass before it is asked for. Default: 0. */
  readonly afterMs?: number
}

/** A connection that Verify Connectivity must see through. */
export interface WrongConnection {
  readonly what: string
  /** Entered in place of the right ones. */
  readonly settings?: Readonly<Record<string, unknown>>
  readonly credentials?: Readonly<Record<string, unknown>>
  /** Makes it wrong on the provider's side. */
  prepare?(): void
}

export interface WorldTokens {
  /** How many access tokens it has given. */
  given(): number
  /** No access token that it gave is good any more. */
  expire(): void
  /** From now on a refresh token is good for one use. */
  once?(): void
  /** From now on no refresh token is good. */
  refuse?(): void
}
