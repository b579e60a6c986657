import {
  applyChange,
  type Change,
  type ConnectionState,
  createConnectorContext,
  createPartnerCenter,
  type Json,
  memoryState,
  type Outcome,
  type PartnerCenterOptions,
  resumeChange,
} from '../../src/connectors/index.ts'
import {
  createPartnerCenterSimulator,
  type ListeningSimulator,
  type PartnerCenterSeed,
  type PartnerCenterSimulatorOptions,
  type TestClock,
} from '../../src/testing/index.ts'
import { impatientClock } from '../connectors/impatient-clock.ts'

export const tenantId = '11111111-1111-4111-8111-111111111111'
export const clientId = '22222222-2222-4222-8222-222222222222'
export const clientSecret = 'cl13nt-s3cret'
export const refreshToken = 'r3fresh-t0ken'
export const start = '2026-11-24T09:00:00Z'
export const HOUR_MS = 3_600_000

export const BASIC = 'CFQ7TTC0LH18:0001'
export const PREMIUM = 'CFQ7TTC0LH31:0001'

export const seed: PartnerCenterSeed = {
  customers: [
    { id: 'contoso', name: 'Contoso', domain: 'contoso.onmicrosoft.com' },
    { id: 'fabrikam', name: 'Fabrikam', agreement: 'none' },
    { id: 'litware', name: 'Litware', agreement: 'signed' },
  ],
  products: [
    { id: BASIC, title: 'Business Basic', maximum: 300, transitions: [PREMIUM] },
    {
      id: PREMIUM,
      title: 'Business Premium',
      maximum: 300,
      terms: [
        { duration: 'P1M', billingCycle: 'monthly' },
        { duration: 'P1Y', billingCycle: 'monthly' },
      ],
    },
    { id: 'CFQ7TTC0LH99:0001', title: 'Retired', refusedWith: '2091' },
  ],
  subscriptions: [
    { id: 'sub-1', customerId: 'contoso', product: BASIC, quantity: 10 },
    { id: 'old-1', customerId: 'contoso', product: BASIC, quantity: 10, boughtAt: new Date('2026-10-01T00:00:00Z') },
    { id: 'addon-1', customerId: 'contoso', product: PREMIUM, quantity: 2, parentId: 'sub-1' },
  ],
}

export const order: Change<'create'> = {
  kind: 'create',
  customer: { id: 'contoso', name: 'Contoso' },
  product: { id: BASIC, name: 'Business Basic' },
  quantity: 5,
}
export const ref = (id: string) => ({ id, customerId: 'contoso' })

export interface Connected {
  readonly simulator: ReturnType<typeof createPartnerCenterSimulator>
  readonly connector: ReturnType<typeof createPartnerCenter>
  readonly clock: TestClock
  readonly notes: unknown[]
  readonly url: string
  context(options?: ContextOptions): ReturnType<typeof contextFor>
  /** Applies, and asks again with the handle until there is an outcome; the clock runs on in between. */
  settle(change: Change, options?: ContextOptions): Promise<Outcome>
  apply(change: Change, options?: ContextOptions): Promise<Outcome>
  resume(handle: Json, options?: ContextOptions): Promise<Outcome>
  close(): Promise<void>
}

export interface ContextOptions {
  readonly key?: string
  readonly settings?: object
  readonly credentials?: object
  readonly state?: ConnectionState
}

function contextFor(
  {
    connector,
    clock,
    notes,
    state,
  }: { connector: Connected['connector']; clock: TestClock; notes: unknown[]; state: ConnectionState },
  { key = 'log-1', settings = {}, credentials = {}, ...options }: ContextOptions,
) {
  return createConnectorContext(connector, {
    settings: { tenantId, clientId, countryCode: 'US', ...settings },
    credentials: { clientSecret, refreshToken, ...credentials },
    key,
    clock,
    random: () => 0,
    state: options.state ?? state,
    log: (...note) => notes.push(note),
  })
}

/** A Partner Center over HTTP, and the connector that reaches it. Waiting between tries turns the clock by itself. */
export async function connect(
  options: Partial<PartnerCenterSimulatorOptions> = {},
  connectorOptions: PartnerCenterOptions = {},
): Promise<Connected> {
  const clock = impatientClock(start)
  const simulator = createPartnerCenterSimulator({
    tenantId,
    clientId,
    clientSecret,
    refreshToken,
    clock,
    seed,
    ...options,
  })
  const server: ListeningSimulator = await simulator.listen()
  const { url } = server
  const connector = createPartnerCenter({ endpoints: { api: url, login: url }, limits: {}, ...connectorOptions })
  const notes: unknown[] = []
  const state = memoryState()
  const context = (contextOptions: ContextOptions = {}) =>
    contextFor({ connector, clock, notes, state }, contextOptions)
  const apply = (change: Change, contextOptions?: ContextOptions) =>
    applyChange(connector, context(contextOptions), change)
  const resume = (handle: Json, contextOptions?: ContextOptions) =>
    resumeChange(connector, context(contextOptions), JSON.parse(JSON.stringify(handle)))

  return {
    simulator,
    connector,
    clock,
    notes,
    url,
    context,
    apply,
    resume,
    async settle(change, contextOptions) {
      let outcome = await apply(change, contextOptions)
      while (outcome.status === 'accepted') {
        await clock.advance(outcome.pollAfterMs ?? 0)
        outcome = await resume(outcome.handle, contextOptions)
      }
      return outcome
    },
    close: server.close,
  }
}
