import type { Connector } from '../../../connectors/index.ts'
import { deepFreeze } from '../../../internal/freeze.ts'
import type { Exception } from './finding.ts'
import type { ConnectorWorld } from './world.ts'

/** What checks are about. Without a world, the connector reaches no provider. */
export interface Subject {
  readonly connector: Connector
  readonly world: ConnectorWorld | undefined
  /** The text of its page, where it has one. */
  readonly page: string | undefined
}

interface NeedRule extends Exception {
  isMet(subject: Subject): boolean
}

/** The connector has no such thing. */
const offered = (why: string, isMet: (connector: Connector) => boolean): NeedRule => ({
  status: 'not supported',
  why,
  isMet: ({ connector }) => isMet(connector),
})

/** The world cannot provoke it. */
const provoked = (why: string, isMet: (world: ConnectorWorld) => boolean): NeedRule => ({
  status: 'not tried',
  why,
  isMet: ({ world }) => world !== undefined && isMet(world),
})

/** What a check may need, and what its absence means. */
export const needs = deepFreeze({
  provider: {
    status: 'not supported',
    why: 'it reaches no provider',
    isMet: ({ world }: Subject) => world !== undefined,
  },
  page: { status: 'not tried', why: 'it has no page', isMet: ({ page }: Subject) => page !== undefined },
  secrets: offered('it has no secrets', ({ settings, credentials }) =>
    Object.values({ ...settings, ...credentials }).some(({ type }) => type === 'secret'),
  ),
  create: offered('it sells nothing', ({ changes }) => changes.includes('create')),
  resume: offered('resume is not offered', ({ resume }) => resume !== undefined),
  preview: offered('preview is not offered', ({ preview }) => preview !== undefined),
  lookup: offered('find and subscriptions are not offered', ({ find, subscriptions }) =>
    Boolean(find ?? subscriptions),
  ),
  customers: offered('customers is not offered', ({ customers }) => customers !== undefined),
  catalog: offered('catalog is not offered', ({ catalog }) => catalog !== undefined),
  limits: offered('it declares no limit', ({ limits }) => limits?.requestsPerMinute !== undefined),

  order: provoked('the world has no order', ({ samples }) => samples.order !== undefined),
  change: provoked('the world has no change', ({ samples }) => samples.change !== undefined),
  target: provoked('the world has no change', ({ samples }) => Boolean(samples.change ?? samples.order)),
  purchases: provoked('the world does not say what was bought', ({ purchases }) => purchases !== undefined),
  competing: provoked('the world has no second writer', ({ samples }) => samples.competing !== undefined),
  refused: provoked('the world refuses nothing', ({ samples }) => Boolean(samples.refused?.length)),
  earlyAddOn: provoked('the world has no base that is under way', ({ samples }) => samples.earlyAddOn !== undefined),
  cancellation: provoked('the world has no cancellation window', ({ samples }) => samples.cancellation !== undefined),
  prices: provoked('the world has no prices', ({ samples }) => Boolean(samples.prices?.length)),
  wrongs: provoked('the world has no wrong connections', ({ wrongs }) => Boolean(wrongs?.length)),
  tokens: provoked('the world gives no tokens', ({ tokens }) => tokens !== undefined),
  refreshTokens: provoked('the world has no refresh tokens', ({ tokens }) => tokens?.once !== undefined),
  refusedRefresh: provoked('the world refuses no refresh token', ({ tokens }) => tokens?.refuse !== undefined),
  slow: provoked('the world does everything at once', ({ slow }) => slow !== undefined),
  mumble: provoked('the world names each status by a known word', ({ mumble }) => mumble !== undefined),
  populate: provoked('the world cannot have many customers', ({ populate }) => populate !== undefined),
  pages: provoked('the world has no pages', ({ pageSize }) => pageSize !== undefined),
} as const satisfies Readonly<Record<string, NeedRule>>)

export type Need = keyof typeof needs
