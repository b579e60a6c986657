import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, inOrder, type ProviderType, type ProvisioningFacts, provisioningRules } from './index.ts'

/** A portal order with everything in place. */
const facts: ProvisioningFacts = {
  today: '2026-03-02',
  occasion: 'created',
  settings: { autoProvisionNewSubscription: true, enableCreditHold: false },
  changeLog: { source: 'Portal', isAudit: false, effectiveDate: '2026-03-02' },
  subscription: {
    name: 'Business Basic',
    isPortalOrder: true,
    isAutoProvisioned: true,
    startDate: null,
    partNumber: 'CFQ7TTC0LH31:001B',
    isLinked: false,
  },
  account: { name: 'Fabrikam', creditOnHold: false },
  product: { name: 'Basic', hasProvider: true },
  provider: { name: 'Contoso', type: 'Automatic', isActive: true, consentExpired: false },
  providerAccount: { name: 'fabrikam.example', isActive: true, providerSpecificId: 'tenant' },
  matchingProviderAccounts: ['fabrikam.example'],
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
  [
    'C1',
    {
      settings: { ...facts.settings, enableCreditHold: true },
      account: { name: 'Fabrikam', creditOnHold: true },
    },
  ],
  ['L4', provider({ type: 'Manual' })],
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
  expect(decision.outcome).toEqual({ status: 'Awaiting Provisioning', queue: true, notBefore: '2026-05-01' })
})

test('whatever the facts, a rule decides; a failure names its fix, and only what awaits is queued', () => {
  const text = fc.constantFrom(null, 'something')
  const anyFacts: fc.Arbitrary<ProvisioningFacts> = fc.record({
    today: fc.constant('2026-03-02'),
    occasion: fc.constantFrom('created', 'requeued', 'processing'),
    settings: fc.record({ autoProvisionNewSubscription: fc.boolean(), enableCreditHold: fc.boolean() }),
    changeLog: fc.record({
      source: fc.constantFrom('Portal', 'Provider', 'System'),
      isAudit: fc.boolean(),
      effectiveDate: fc.constantFrom(null, '2026-01-01', '2026-12-01'),
    }),
    subscription: fc.record({
      name: fc.string(),
      isPortalOrder: fc.boolean(),
      isAutoProvisioned: fc.boolean(),
      startDate: fc.constantFrom(null, '2026-01-01', '2026-12-01'),
      partNumber: text,
      isLinked: fc.boolean(),
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
  })
  fc.assert(
    fc.property(anyFacts, (facts) => {
      const { outcome, because, fix, rule } = decide(provisioningRules, facts)
      expect(because).not.toBe('')
      if (outcome.status === 'Failed Provisioning') expect(fix, rule.id).toMatch(/re-queue the change log/)
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
