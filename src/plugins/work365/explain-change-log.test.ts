import { describe, expect, test } from 'vitest'
import { createEnvironment } from '../../../test/work365/environment.ts'
import { LicenseChangeLog, Product } from '../../entities/index.ts'
import { defineRule, type ProvisioningFacts, type ProvisioningOutcome } from '../../rules/index.ts'
import { createWork365Steps, explainChangeLog } from '../index.ts'

const trials = defineRule<ProvisioningFacts, ProvisioningOutcome>({
  id: 'X1',
  title: 'A trial waits for a person.',
  priority: 50,
  when: ({ subscription }) => subscription.name.includes('Trial'),
  then: { status: 'Awaiting Provisioning', queue: false },
  because: ({ subscription }) => `'${subscription.name}' is a trial.`,
  fix: 'Approve it.',
})

describe('explainChangeLog', () => {
  test('answers why a change log is Failed Provisioning: the rule, the facts and the fix', async () => {
    const { dataverse, product, order, changeLog } = await createEnvironment()
    await dataverse.update(Product, product, { work365_product_providerpartnumber: null })
    const { id, message } = await changeLog(await order())

    const explanation = await explainChangeLog(dataverse, id, { now: dataverse.clock.now() })
    expect(explanation).toMatchObject({
      status: 'Failed Provisioning',
      message,
      decision: {
        rule: { id: 'P6-part-number' },
        outcome: { status: 'Failed Provisioning', queue: false },
        facts: { subscription: { partNumber: null }, account: { name: 'Fabrikam' } },
      },
    })
    expect(explanation.text.split('\n')).toEqual(
      expect.arrayContaining([
        "Change log 'Business Basic' is Failed Provisioning.",
        `It says: ${message}`,
        'Rule P6-part-number: Without a provider part number the provider does not know what to provision.',
        "Because: Subscription 'Business Basic' has no provider part number.",
        expect.stringMatching(/^Fix: Enter the provider part number on the product 'Business Basic', then re-queue/),
        '  subscription.partNumber = —',
        '  provider.name = Contoso Distribution',
      ]),
    )
  })

  test('says when the data was mended since', async () => {
    const { dataverse, addProviderAccount, providerAccount, order, changeLog } = await createEnvironment()
    await dataverse.delete('work365_provideraccount', providerAccount)
    const subscription = await order()
    const mended = await addProviderAccount('fabrikam.example')
    await dataverse.update('work365_subscription', subscription, {
      work365_subscription_provideraccount: { logicalName: 'work365_provideraccount', id: mended },
    })
    const { text } = await explainChangeLog(dataverse, (await changeLog(subscription)).id, {
      now: dataverse.clock.now(),
    })
    expect(text).toContain('is Failed Provisioning.')
    expect(text).toContain('By the rules it would now become Awaiting Provisioning.')
  })

  test('of an order from before auto-provisioning that was re-queued says that it would fail again', async () => {
    const { dataverse, order, changeLog, requeue } = await createEnvironment({ setting: null })
    const { id } = await changeLog(await order())
    const now = dataverse.clock.now()
    expect((await explainChangeLog(dataverse, id, { now })).decision.rule.id).toBe('P2')
    await requeue(id)
    const { decision, text } = await explainChangeLog(dataverse, id, { now })
    expect(decision.rule.id).toBe('P6-mapping')
    expect(text).not.toContain('By the rules it would now become')
  })

  test('changes nothing', async () => {
    const { dataverse, order, changeLog } = await createEnvironment({ setting: null })
    const { id } = await changeLog(await order())
    const before = await dataverse.list(LicenseChangeLog)
    await explainChangeLog(dataverse, id, { now: dataverse.clock.now() })
    expect(await dataverse.list(LicenseChangeLog)).toEqual(before)
  })

  test('of a change log that does not exist says so', async () => {
    const { dataverse } = await createEnvironment()
    const nobody = '00000000-0000-4000-8000-00000000dead'
    await expect(explainChangeLog(dataverse, nobody, { now: dataverse.clock.now() })).rejects.toMatchObject({
      name: 'ObjectDoesNotExist',
    })
  })
})

describe('rules of your own', () => {
  test('are asked beside the built-in ones, by their priority', async () => {
    const { order, changeLogs, jobs } = await createEnvironment({ steps: createWork365Steps({ rules: [trials] }) })
    const trial = await order({ work365_subscription_subscriptionname: 'Trial of Basic' })
    const usual = await order()
    expect(await changeLogs(trial)).toMatchObject([
      { status: 'Awaiting Provisioning', message: "'Trial of Basic' is a trial. Approve it." },
    ])
    expect(await changeLogs(usual)).toMatchObject([{ status: 'Awaiting Provisioning', message: null }])
    expect(await jobs()).toHaveLength(1)
  })

  test('with the id of a built-in one are refused when the steps are made', () => {
    const impostor = defineRule<ProvisioningFacts, ProvisioningOutcome>({ ...trials, fix: 'Approve it.', id: 'P5' })
    expect(() => createWork365Steps({ rules: [impostor] })).toThrow("two rules have the id 'P5'")
  })

  test('explain change logs too, beside the built-in ones', async () => {
    const rules = [trials]
    const { dataverse, order, changeLog } = await createEnvironment({ steps: createWork365Steps({ rules }) })
    const explanationOf = async (subscription: string) =>
      explainChangeLog(dataverse, (await changeLog(subscription)).id, { now: dataverse.clock.now(), rules })
    const trial = await explanationOf(await order({ work365_subscription_subscriptionname: 'Trial of Basic' }))
    const usual = await explanationOf(await order())
    expect(trial.text).toContain('Rule X1: A trial waits for a person.')
    expect(usual.text).toContain('Rule L6:')
  })
})
