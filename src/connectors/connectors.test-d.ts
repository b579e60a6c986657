import { expectTypeOf, test } from 'vitest'
import {
  type Change,
  type ChangeKind,
  type Connector,
  changeKinds,
  createConnectorContext,
  createPartnerCenter,
  createRestProvider,
  defineConnector,
  doNothing,
  done,
  field,
  manual,
  notApplicable,
  type RemoteSubscription,
} from './index.ts'

const small = {
  name: 'small',
  title: 'Small',
  contract: 1,
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('nothing to do'),
} as const

interface ContosoProfile {
  companyName: string
}
interface ContosoSubscription {
  ref: string
  product: string
  seats: number
  enabled: boolean
  url: string
}

test('the connector of the guide compiles as it stands', () => {
  const contoso = defineConnector({
    name: 'contoso',
    title: 'Contoso Distribution',
    contract: 1,
    settings: { baseUrl: field.url({ title: 'Base URL' }) },
    credentials: { apiKey: field.secret({ title: 'API key' }) },

    async verifyConnectivity({ http }) {
      const { companyName } = await http.get<ContosoProfile>('/me')
      return { ok: true, account: companyName }
    },

    async apply({ http, key }, change) {
      const current = await http.get<ContosoSubscription>(`/subscriptions/${change.subscription.id}`)
      if (current.seats === change.quantity) return done(toSubscription(current), { changed: false })

      const body = { seats: change.quantity }
      return done(toSubscription(await http.patch<ContosoSubscription>(current.url, { body, idempotencyKey: key })))
    },
  })

  expectTypeOf(contoso.changes).toEqualTypeOf<readonly 'setQuantity'[]>()
})

function toSubscription({ ref, product, seats, enabled }: ContosoSubscription): RemoteSubscription {
  return { id: ref, sku: product, quantity: seats, status: enabled ? 'active' : 'paused' }
}

test('settings and credentials have the types of their fields', () => {
  defineConnector({
    ...small,
    settings: {
      region: field.choice({ title: 'Region', of: ['us', 'eu'] }),
      tenant: field.text({ title: 'Tenant', optional: true }),
      pageSize: field.number({ title: 'Page size', integer: true }),
      sandbox: field.boolean({ title: 'Sandbox' }),
    },
    credentials: { apiKey: field.secret({ title: 'API key' }) },
    async apply({ settings, credentials }) {
      expectTypeOf(settings.region).toEqualTypeOf<'us' | 'eu'>()
      expectTypeOf(settings.tenant).toEqualTypeOf<string | undefined>()
      expectTypeOf(settings.pageSize).toEqualTypeOf<number>()
      expectTypeOf(settings.sandbox).toEqualTypeOf<boolean>()
      expectTypeOf(credentials.apiKey).toEqualTypeOf<string>()
      // @ts-expect-error: no such setting
      settings.regoin
      // @ts-expect-error: settings are read-only
      settings.region = 'us'
      return notApplicable('nothing to do')
    },
  })
})

test('a change has the type of the kinds that the connector takes', () => {
  defineConnector({
    ...small,
    changes: ['create', 'cancel'],
    async apply(_, change) {
      expectTypeOf(change.kind).toEqualTypeOf<'create' | 'cancel'>()
      // @ts-expect-error: a change to create has no subscription
      change.subscription
      // @ts-expect-error: a pause never comes
      if (change.kind === 'pause') return notApplicable('paused')
      return notApplicable('nothing to do')
    },
  })
  defineConnector({
    ...small,
    changes: changeKinds,
    async apply(_, change) {
      expectTypeOf(change).toEqualTypeOf<Change>()
      return notApplicable('nothing to do')
    },
  })
})

test('what a renewal and a move may leave out is optional, and a Rest Provider takes neither', () => {
  const subscription = { id: 's', customerId: 'c' }
  expectTypeOf({ kind: 'setRenewal', subscription } as const).toExtend<Change<'setRenewal'>>()
  expectTypeOf({ kind: 'transition', subscription } as const).not.toExtend<Change<'transition'>>()
  expectTypeOf(createPartnerCenter().changes[0]!).toEqualTypeOf<ChangeKind>()
  expectTypeOf<'transition'>().not.toExtend<ReturnType<typeof createRestProvider>['changes'][number]>()
})

test('an impossible connector does not compile', () => {
  const { apply, verifyConnectivity, ...rest } = small
  // @ts-expect-error: apply is missing
  defineConnector({ ...rest, verifyConnectivity })
  // @ts-expect-error: verifyConnectivity is missing
  defineConnector({ ...rest, apply })
  // @ts-expect-error: only contract 1 exists
  defineConnector({ ...small, contract: 2 })
  // @ts-expect-error: an outcome is data with a status
  defineConnector({ ...small, apply: async () => true })
  // @ts-expect-error: no such kind of change
  defineConnector({ ...small, changes: ['upgrade'] })
})

test('an optional ability may be absent, and the types say so', () => {
  expectTypeOf(manual.preview).toBeNullable()
  expectTypeOf(manual.customers).toBeNullable()
  // @ts-expect-error: the ability may be absent
  manual.customers.list
})

test('any connector is a Connector', () => {
  const restProvider = createRestProvider()
  expectTypeOf<(typeof restProvider)['settings']>().toExtend<Connector['settings']>()
  const partnerCenter = createPartnerCenter()
  const all: Connector[] = [manual, doNothing, restProvider, partnerCenter]
  expectTypeOf(all).toEqualTypeOf<Connector[]>()
  expectTypeOf(createConnectorContext(restProvider, { key: 'k' }).settings.endpointUrl).toEqualTypeOf<string>()
})
