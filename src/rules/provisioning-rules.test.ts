import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, inOrder, type ProviderType, type ProvisioningFacts, provisioningRules } from './index.ts'

/** A portal order with everything in place. */
const facts: ProvisioningFacts = {
  today: '2026-03-02',
  subject: 'change log',
  occasion: 'created',
  settings: {
    autoProvisionNewSubscription: true,
    enableCreditHold: false,
    heldStatus: 'Awaiting Provisioning',
    defaultTimeZone: 'UTC',
  },
  changeLog: { source: 'Portal', isAudit: false, type: 'Create', effectiveDate: '2026-03-02' },
  failedBefore: null,
  subscription: {
    name: 'Business Basic',
    isActive: true,
    isPortalOrder: true,
    isAutoProvisioned: true,
    startDate: null,
    partNumber: 'CFQ7TTC0LH31:001B',
    isLinked: false,
    parent: null,
  },
  account: { name: 'Fabrikam', creditOnHold: false },
  product: { name: 'Basic', hasProvider: true },
  provider: { name: 'Contoso', type: 'Automatic', isActive: true, consentExpired: false },
  providerAccount: { name: 'fabrikam.example', isActive: true, providerSpecificId: 'tenant' },
  matchingProviderAccounts: ['fabrikam.example'],
  agreement: { status: 'notDemanded', missing: [] },
}
const ruleFor = (changes: Partial<ProvisioningFacts>) => decide(provisioningRules, { ...facts, ...changes }).rule.id
const provider = (changes: Partial<NonNullable<ProvisioningFacts['provider']>>) => ({
  provider: { ...facts.provider!, ...changes },
})

test('with everything in place it is sent', () => {
  expect(decide(provisioningRules, facts)).toMatchObject({
    rule: { id: 'L6' },
    outcome: { status: 'Awaiting Provisioning', queue: true },
    fix: undefined,
  })
})

test.each<[string, Partial<ProvisioningFacts>]>([
  ['L16', { changeLog: { ...facts.changeLog, isAudit: true } }],
  ['L5', { changeLog: { ...facts.changeLog, source: 'Provider' } }],
  ['A9', { changeLog: { ...facts.changeLog, source: 'Provider' }, account: null }],
  ['L3', provider({ type: 'Do Nothing' })],
  ['L10', { account: null }],
  ['P6-mapping', { provider: null }],
  ['P6-inactive', provider({ isActive: false })],
  ['L18', provider({ type: 'Linked Subscription' })],
  ['P6-consent', provider({ consentExpired: true })],
  ['P6-part-number', { subscription: { ...facts.subscription, partNumber: null } }],
  ['P5', { providerAccount: null, matchingProviderAccounts: [] }],
  ['P5', { providerAccount: null, matchingProviderAccounts: ['a', 'b'] }],
  ['L13', { providerAccount: null, subscription: { ...facts.subscription, isAutoProvisioned: false } }],
  ['L13', { providerAccount: { ...facts.providerAccount!, isActive: false } }],
  ['L13', { providerAccount: { ...facts.providerAccount!, providerSpecificId: null } }],
  ['G6', { agreement: { status: 'missing', missing: ['Customer Agreement'] } }],
  [
    'C1',
    {
      settings: { ...facts.settings, enableCreditHold: true },
      account: { name: 'Fabrikam', creditOnHold: true },
    },
  ],
  ['L4', provider({ type: 'Manual' })],
  ['L9', { failedBefore: 'an earlier one' }],
  ['L12', { subscription: { ...facts.subscription, parent: { name: 'Bundle', isReady: false } } }],
  ['L6', { subscription: { ...facts.subscription, parent: { name: 'Bundle', isReady: true } } }],
  ['L17', { subscription: { ...facts.subscription, isActive: false } }],
  [
    'L6',
    {
      subscription: { ...facts.subscription, isActive: false },
      changeLog: { ...facts.changeLog, type: 'Deactivate' },
    },
  ],
  ['L11', { subscription: { ...facts.subscription, startDate: '2026-03-03' } }],
  ['L11', { changeLog: { ...facts.changeLog, effectiveDate: '2026-04-01' } }],
])('%s decides when its own condition alone is not met', (id, changes) => {
  expect(ruleFor(changes)).toBe(id)
})

describe('who needs a part number and a provider account', () => {
  test.each<[ProviderType, string]>([
    ['Automatic', 'P6-part-number'],
    ['Rest', 'P6-part-number'],
    ['Manual', 'L4'],
    ['Do Nothing', 'L3'],
  ])('%s: %s', (type, id) => {
    const subscription = { ...facts.subscription, partNumber: null }
    expect(ruleFor({ ...provider({ type }), subscription, providerAccount: null })).toBe(id)
  })
})

test('P2 holds for a new portal order only: re-queued without a provider it fails', () => {
  const off = { provider: null, subscription: { ...facts.subscription, isAutoProvisioned: false } }
  expect(ruleFor(off)).toBe('P2')
  expect(ruleFor({ ...off, occasion: 'requeued' })).toBe('P6-mapping')
})

test('L11 waits for the later of the two days', () => {
  const decision = decide(provisioningRules, {
    ...facts,
    subscription: { ...facts.subscription, startDate: '2026-05-01' },
    changeLog: { ...facts.changeLog, effectiveDate: '2026-04-01' },
  })
  expect(decision.outcome).toEqual({
    status: 'Awaiting Provisioning',
    queue: true,
    notBefore: new Date('2026-05-01T00:00:00Z'),
  })
})

test('L11 counts days in the time zone of the settings', () => {
  const decision = decide(provisioningRules, {
    ...facts,
    settings: { ...facts.settings, defaultTimeZone: 'America/New_York' },
    changeLog: { ...facts.changeLog, effectiveDate: '2026-04-01' },
  })
  expect(decision.outcome.notBefore).toEqual(new Date('2026-04-01T04:00:00Z'))
})

test('C1 leaves what it holds in the status that the settings say', () => {
  const held = decide(provisioningRules, {
    ...facts,
    settings: { ...facts.settings, enableCreditHold: true, heldStatus: 'Failed Provisioning' },
    account: { name: 'Fabrikam', creditOnHold: true },
  })
  expect(held.outcome).toEqual({ status: 'Failed Provisioning', queue: false, waits: true })
})

test('whatever the facts, a rule decides; a failure names its fix, and only what awaits is queued', () => {
  const text = fc.constantFrom(null, 'something')
  const anyFacts: fc.Arbitrary<ProvisioningFacts> = fc.record({
    today: fc.constant('2026-03-02'),
    subject: fc.constantFrom('change log', 'item'),
    occasion: fc.constantFrom('created', 'requeued', 'processing'),
    settings: fc.record({
      autoProvisionNewSubscription: fc.boolean(),
      enableCreditHold: fc.boolean(),
      heldStatus: fc.constantFrom('Awaiting Provisioning', 'Failed Provisioning'),
      defaultTimeZone: fc.constantFrom('UTC', 'America/New_York'),
    }),
    failedBefore: fc.constantFrom(null, 'an earlier one'),
    changeLog: fc.record({
      source: fc.constantFrom('Portal', 'Provider', 'System'),
      isAudit: fc.boolean(),
      type: fc.constantFrom('Create', 'Update', 'Activate', 'Deactivate'),
      effectiveDate: fc.constantFrom(null, '2026-01-01', '2026-12-01'),
    }),
    subscription: fc.record({
      name: fc.string(),
      isActive: fc.boolean(),
      isPortalOrder: fc.boolean(),
      isAutoProvisioned: fc.boolean(),
      startDate: fc.constantFrom(null, '2026-01-01', '2026-12-01'),
      partNumber: text,
      isLinked: fc.boolean(),
      parent: fc.option(fc.record({ name: fc.string(), isReady: fc.boolean() })),
    }),
    account: fc.option(fc.record({ name: fc.string(), creditOnHold: fc.boolean() })),
    product: fc.option(fc.record({ name: fc.string(), hasProvider: fc.boolean() })),
    provider: fc.option(
      fc.record({
        name: fc.string(),
        type: fc.constantFrom('Automatic', 'Manual', 'Do Nothing', 'Linked Subscription', 'Rest'),
        isActive: fc.boolean(),
        consentExpired: fc.boolean(),
      }),
    ),
    providerAccount: fc.option(fc.record({ name: fc.string(), isActive: fc.boolean(), providerSpecificId: text })),
    matchingProviderAccounts: fc.array(fc.string(), { maxLength: 3 }),
    agreement: fc.constantFrom(
      { status: 'notDemanded' as const, missing: [] },
      { status: 'accepted' as const, missing: [] },
      { status: 'missing' as const, missing: ['Customer Agreement'] },
    ),
  })
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { outcome, because, fix, rule } = decide(provisioningRules, facts)
      expect(because).not.toBe('')
      if (outcome.status === 'Failed Provisioning' && !outcome.waits) {
        expect(fix, rule.id).toContain(`re-queue the ${facts.subject}`)
      }
      if (outcome.waits) expect([outcome.queue, fix]).toEqual([false, expect.any(String)])
      if (outcome.queue) expect(outcome.status).toBe('Awaiting Provisioning')
      if (facts.settings.enableCreditHold && facts.account?.creditOnHold) expect(outcome.queue).toBe(false)
      if (facts.provider === null) expect(outcome.queue).toBe(false)
    }),
    { numRuns: 1000 },
  )
})

test('every rule says where it is documented, and they are listed in the order in which they are asked', () => {
  for (const { id, source } of provisioningRules) expect(source, id).toMatch(/^https:\/\//)
  expect(inOrder(provisioningRules)).toEqual([...provisioningRules])
})
