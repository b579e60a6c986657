import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  channel,
  Job,
  LicenseChangeLog,
  Product,
  Provider,
  providerType,
  Subscription,
} from '../../src/entities/index.ts'
import { type Mail, manualProviderReminder } from '../../src/jobs/index.ts'
import { changeSourceTags, defineStep, work365Steps } from '../../src/plugins/index.ts'
import { InvalidPluginExecution, reference } from '../../src/service/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment } from './environment.ts'
import { failing } from './provider-double.ts'

describe(rule('L1'), () => {
  test('L1: an increase, a decrease and a change of price make one each', async () => {
    const { dataverse, order, setQuantity, changeLogs } = await createEnvironment()
    const subscription = await order()
    await setQuantity(subscription, 15)
    await setQuantity(subscription, 12)
    await dataverse.update(Subscription, subscription, { work365_subscription_sellingpriceperunit: 9.5 })
    expect((await changeLogs(subscription)).map(({ quantity, audit }) => [quantity, audit])).toEqual([
      [10, false],
      [5, false],
      [-3, false],
      [0, true],
    ])
  })

  test('L1: saving the same quantity or another column makes none', async () => {
    const { dataverse, order, setQuantity, changeLogs } = await createEnvironment()
    const subscription = await order()
    await setQuantity(subscription, 10)
    await dataverse.update(Subscription, subscription, { work365_subscription_friendlyname: 'Mail' })
    expect(await changeLogs(subscription)).toHaveLength(1)
  })

  test('L1: deleting a change log is refused and it stays; so does its subscription', async () => {
    const { dataverse, order, changeLogs } = await createEnvironment()
    const subscription = await order()
    const [changeLog] = await changeLogs(subscription)
    await expect(dataverse.delete(LicenseChangeLog, changeLog!.id)).rejects.toThrow(/cannot be deleted.*Archive it/s)
    await expect(dataverse.delete(Subscription, subscription)).rejects.toMatchObject({
      name: 'CannotDeleteDueToAssociation',
    })
    expect(await changeLogs(subscription)).toEqual([changeLog])
  })
})

test('L2: the quantity of a change log is the difference, free of the dust of floating point', async () => {
  const { order, setQuantity, changeLogs } = await createEnvironment()
  const subscription = await order({ work365_subscription_quantity: 0.1 })
  await setQuantity(subscription, 0.3)
  await setQuantity(subscription, 10)
  expect((await changeLogs(subscription)).map(({ quantity }) => quantity)).toEqual([0.1, 0.2, 9.7])
})

test('L2: whatever is ordered, changed and re-queued, change logs add up to the quantity and refusals leave no trace', async () => {
  const limit = defineStep({
    name: 'at most 40',
    table: Subscription,
    message: 'Update',
    stage: 'postOperation',
    // After the change log is written, so that refusing has something to undo.
    rank: 99,
    filter: ['work365_subscription_quantity'],
    run({ target }) {
      if ((target.work365_subscription_quantity ?? 0) > 40) throw new InvalidPluginExecution('At most 40.')
    },
  })
  const seeded = await createEnvironment({ steps: [...work365Steps, limit] })
  const quantity = fc.integer({ min: 0, max: 5000 }).map((hundredths) => hundredths / 100)
  const action = fc.oneof(
    fc.record({ kind: fc.constant('order' as const), quantity }),
    fc.record({ kind: fc.constant('change' as const), which: fc.nat(9), quantity }),
    fc.record({ kind: fc.constant('requeue' as const), which: fc.nat(9) }),
    fc.record({ kind: fc.constant('reprice' as const), which: fc.nat(9), quantity }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 14 }), async (actions) => {
      const { dataverse, order, changeLogs, changeLog, requeue, setQuantity } = seeded.fork()
      const subscriptions: { readonly id: string; quantity: number }[] = []
      for (const action of actions) {
        if (action.kind === 'order') {
          const id = await order({ work365_subscription_quantity: action.quantity })
          subscriptions.push({ id, quantity: action.quantity })
          continue
        }
        const subscription = subscriptions[action.which % Math.max(1, subscriptions.length)]
        if (!subscription) continue
        if (action.kind === 'requeue') await requeue((await changeLog(subscription.id)).id)
        else if (action.kind === 'reprice') {
          await dataverse.update(Subscription, subscription.id, {
            work365_subscription_sellingpriceperunit: action.quantity,
          })
        } else if (action.quantity <= 40) {
          await setQuantity(subscription.id, action.quantity)
          subscription.quantity = action.quantity
        } else {
          const before = [
            await dataverse.list(LicenseChangeLog),
            await dataverse.list(Job),
            await dataverse.list(Subscription),
          ]
          await expect(setQuantity(subscription.id, action.quantity)).rejects.toThrow('At most 40.')
          const after = [
            await dataverse.list(LicenseChangeLog),
            await dataverse.list(Job),
            await dataverse.list(Subscription),
          ]
          expect(after).toEqual(before)
        }
      }
      for (const { id, quantity } of subscriptions) {
        const hundredths = (await changeLogs(id)).reduce((sum, log) => sum + Math.round((log.quantity ?? 0) * 100), 0)
        expect(hundredths).toBe(Math.round(quantity * 100))
        const row = await dataverse.retrieve(Subscription, id, ['work365_subscription_quantity'])
        expect(row.work365_subscription_quantity).toBe(quantity)
      }
    }),
    { numRuns: 40 },
  )
})

test(rule('L3'), async () => {
  const { order, setQuantity, changeLogs, jobs } = await createEnvironment({ type: 'Do Nothing' })
  const subscription = await order()
  await setQuantity(subscription, 11)
  expect((await changeLogs(subscription)).map(({ status }) => status)).toEqual(['Not Applicable', 'Not Applicable'])
  expect(await jobs()).toEqual([])
})

test(rule('L4'), async () => {
  const { dataverse, order, changeLogs, changeLog, jobs, runner, save, double } = await createEnvironment({
    type: 'Manual',
  })
  const mails: Mail[] = []
  const reminder = manualProviderReminder({ sendMail: async (mail) => void mails.push(mail) })
  const subscription = await order()
  await runner({ extra: [reminder] }).runDue()

  expect(mails).toMatchObject([
    { to: 'orders@contoso.example', text: expect.stringContaining('Change of quantity: +10') },
  ])
  expect(await jobs()).toMatchObject([{ type: 'Manual Provider Reminder Email', status: 'Succeeded' }])
  expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning', provisionedOn: null }])
  expect(double.deliveries).toEqual([])

  await dataverse.clock.advance(3_600_000)
  await save((await changeLog(subscription)).id, 'Provisioned')
  expect(await changeLogs(subscription)).toMatchObject([
    { status: 'Provisioned', message: null, provisionedOn: dataverse.clock.now() },
  ])
})

test('L4: a reminder for a change log that was done in the meantime is not sent', async () => {
  const { order, changeLog, jobs, runner, save } = await createEnvironment({ type: 'Manual' })
  const mails: Mail[] = []
  await save((await changeLog(await order())).id, 'Provisioned')
  await runner({ extra: [manualProviderReminder({ sendMail: async (mail) => void mails.push(mail) })] }).runDue()
  expect(mails).toEqual([])
  expect(await jobs()).toMatchObject([{ status: 'Not Applicable' }])
})

test(rule('L5'), async () => {
  const { dataverse, order, changeLogs, jobs, runner, double } = await createEnvironment()
  const synced = await order({ work365_subscription_channel: channel.Provider })
  expect(await changeLogs(synced)).toMatchObject([{ status: 'Not Applicable', source: channel.Provider }])

  const ordered = await order()
  await dataverse.update(
    Subscription,
    ordered,
    { work365_subscription_quantity: 12 },
    { tag: changeSourceTags.provider },
  )
  expect(await changeLogs(ordered)).toMatchObject([
    { status: 'Awaiting Provisioning' },
    { status: 'Not Applicable', quantity: 2, source: channel.Provider },
  ])
  await runner().runDue()
  expect(double.deliveries).toHaveLength(1)
  expect(await jobs()).toHaveLength(1)
})

test(rule('L6'), async () => {
  const { dataverse, order, subscription, changeLogs, runner, jobs } = await createEnvironment()
  const id = await order()
  expect(await runner().runDue()).toMatchObject([{ type: 'Sync License Change Log', status: 'Succeeded' }])
  expect(await changeLogs(id)).toMatchObject([
    { status: 'Provisioned', message: null, provisionedOn: dataverse.clock.now() },
  ])
  expect(await subscription(id)).toMatchObject({ work365_subscription_providersubscriptionid: 'S-1' })
  expect(await jobs()).toMatchObject([{ status: 'Succeeded', results: 'The provider has 10 of subscription S-1.' }])
})

test('L6: failure makes it Failed Provisioning with the message of the provider', async () => {
  const { order, changeLogs, runner, double, jobs } = await createEnvironment()
  double.next(failing('notEligible', 'The product is not sold in this country.'))
  const subscription = await order()
  await runner().runDue()
  expect(await changeLogs(subscription)).toMatchObject([
    { status: 'Failed Provisioning', message: 'The product is not sold in this country.', provisionedOn: null },
  ])
  expect(await jobs()).toMatchObject([{ status: 'Failed', results: 'The product is not sold in this country.' }])
})

test('L6: only what is Awaiting Provisioning is processed', async () => {
  const { order, changeLog, save, runner, double, jobs, changeLogs } = await createEnvironment()
  const subscription = await order()
  await save((await changeLog(subscription)).id, 'Not Applicable')
  await runner().runDue()
  expect(double.deliveries).toEqual([])
  expect(await jobs()).toMatchObject([{ status: 'Not Applicable' }])
  expect(await changeLogs(subscription)).toMatchObject([{ status: 'Not Applicable' }])
})

describe(rule('L7'), () => {
  test('L7: Awaiting over Awaiting does nothing', async () => {
    const { order, changeLog, save, jobs } = await createEnvironment()
    const { id } = await changeLog(await order())
    await save(id, 'Awaiting Provisioning')
    expect(await jobs()).toHaveLength(1)
  })

  test.each(['Failed Provisioning', 'Not Applicable', 'Provisioned'] as const)(
    'L7: a move from %s queues exactly one',
    async (status) => {
      const { order, changeLog, save, jobs, runner } = await createEnvironment()
      const { id } = await changeLog(await order())
      await runner().runDue()
      await save(id, status)
      expect(await jobs()).toHaveLength(1)
      await save(id, 'Awaiting Provisioning')
      expect(await jobs()).toMatchObject([{ status: 'Succeeded' }, { status: 'Waiting', regarding: id }])
    },
  )

  test('L7: an update that leaves the status alone queues nothing', async () => {
    const { dataverse, order, changeLog, jobs } = await createEnvironment()
    const { id } = await changeLog(await order())
    await dataverse.update(LicenseChangeLog, id, { work365_licensechangelog_name: 'renamed' })
    expect(await jobs()).toHaveLength(1)
  })

  test('L7: a change log re-queued while its job still waits is sent once', async () => {
    const { order, changeLog, requeue, runner, double, changeLogs, jobs } = await createEnvironment()
    const subscription = await order()
    await requeue((await changeLog(subscription)).id)
    await runner().runDue()
    expect(double.writes).toHaveLength(1)
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
    expect((await jobs()).map(({ status }) => status)).not.toContain('Waiting')
  })

  test('L7: a re-queue asks the rules again and says what is still wrong', async () => {
    const { dataverse, product, order, changeLog, requeue, changeLogs, jobs } = await createEnvironment()
    await dataverse.update(Product, product, { work365_product_providerpartnumber: null })
    const subscription = await order()
    await requeue((await changeLog(subscription)).id)
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('part number') },
    ])
    expect(await jobs()).toEqual([])
  })
})

test(rule('L8'), async () => {
  const { order, changeLog, requeue, runner, double, changeLogs } = await createEnvironment()
  const subscription = await order()
  await runner().runDue()
  await requeue((await changeLog(subscription)).id)
  await runner().runDue()
  expect(double.writes).toEqual([expect.objectContaining({ quantity: 10 })])
  expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
})

test('L8: the provider is told totals, not differences', async () => {
  const { order, setQuantity, runner, double } = await createEnvironment()
  const subscription = await order()
  await setQuantity(subscription, 15)
  await setQuantity(subscription, 12)
  await runner().runDue()
  expect(double.writes.map(({ kind, quantity }) => [kind, quantity])).toEqual([
    ['create', 10],
    ['setQuantity', 15],
    ['setQuantity', 12],
  ])
})

test(rule('L11'), async () => {
  const { dataverse, order, changeLogs, runner, double, jobs } = await createEnvironment()
  const subscription = await order({ work365_subscription_effectivestartdate: '2026-03-10' })
  expect(await jobs()).toMatchObject([{ status: 'Waiting', scheduledFor: new Date('2026-03-10T00:00:00Z') }])
  await runner().runDue()
  expect(double.deliveries).toEqual([])
  expect(await changeLogs(subscription)).toMatchObject([
    { status: 'Awaiting Provisioning', message: 'The change takes effect on 2026-03-10.' },
  ])

  dataverse.clock.set('2026-03-10T00:00:00Z')
  await runner().runDue()
  expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
})

test.each<[string, Record<string, unknown>, RegExp]>([
  ['is inactive', { statecode: 1 }, /Provider account 'fabrikam.example' is inactive/],
  [
    'has no id at the provider',
    { work365_provideraccount_providerspecificaccountid: null },
    /has no id at the provider/,
  ],
])('L13: a provider account that %s keeps it from provisioning', async (_, changes, message) => {
  const { dataverse, order, providerAccount, setQuantity, changeLog } = await createEnvironment()
  const subscription = await order()
  await dataverse.update('work365_provideraccount', providerAccount, changes as never)
  await setQuantity(subscription, 11)
  expect(await changeLog(subscription)).toMatchObject({
    status: 'Failed Provisioning',
    message: expect.stringMatching(message),
  })
})

describe(rule('L16'), () => {
  test('L16: a change of price alone is for the record: nothing is sent', async () => {
    const { dataverse, order, changeLog, runner, double, jobs } = await createEnvironment()
    const subscription = await order()
    await runner().runDue()
    await dataverse.update(Subscription, subscription, { work365_subscription_sellingpriceperunit: 12 })
    expect(await changeLog(subscription)).toMatchObject({ quantity: 0, audit: true, status: 'Not Applicable' })
    await runner().runDue()
    expect(double.deliveries).toHaveLength(1)
    expect(await jobs()).toHaveLength(1)
  })

  test('L16: both at once make one change log, over the quantity', async () => {
    const { dataverse, order, changeLogs } = await createEnvironment()
    const subscription = await order()
    await dataverse.update(Subscription, subscription, {
      work365_subscription_quantity: 14,
      work365_subscription_sellingpriceperunit: 12,
    })
    expect(await changeLogs(subscription)).toMatchObject([
      { quantity: 10 },
      { quantity: 4, audit: false, status: 'Awaiting Provisioning' },
    ])
  })
})

describe(rule('L18'), () => {
  const linkedEnvironment = async () => {
    const environment = await createEnvironment()
    const { dataverse, order, runner } = environment
    const linking = await dataverse.create(Provider, {
      work365_provider_name: 'Linked',
      work365_provider_type: providerType['Linked Subscription'],
    })
    const parent = await order()
    await runner().runDue()
    const child = (changes = {}) =>
      order({
        work365_subscription_provider: reference(Provider, linking),
        work365_subscription_quantity: 5,
        ...changes,
      })
    return { ...environment, parent, child }
  }

  test('L18: it is added there and provisioned there', async () => {
    const { parent, child, runner, changeLogs, double } = await linkedEnvironment()
    const id = await child({ work365_subscription_linkedsubscription: reference(Subscription, parent) })
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned', quantity: 5 }])
    expect(await changeLogs(parent)).toMatchObject([{ quantity: 10 }, { quantity: 5, status: 'Provisioned' }])
    expect(double.writes.map(({ kind, quantity }) => [kind, quantity])).toEqual([
      ['create', 10],
      ['setQuantity', 15],
    ])
  })

  test('L18: linked to nothing, it fails and says so', async () => {
    const { child, changeLogs } = await linkedEnvironment()
    expect(await changeLogs(await child())).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('linked to no other subscription') },
    ])
  })
})

describe('a failure anywhere leaves nothing behind', () => {
  test('a step that throws after the change log was written undoes subscription, change log and job', async () => {
    const refuse = defineStep({
      name: 'refuse at the very end',
      table: Job,
      message: 'Create',
      stage: 'postOperation',
      run() {
        throw new InvalidPluginExecution('No jobs today.')
      },
    })
    const { dataverse, order } = await createEnvironment({ steps: [...work365Steps, refuse] })
    await expect(order()).rejects.toThrow('No jobs today.')
    expect(await dataverse.list(Subscription)).toEqual([])
    expect(await dataverse.list(LicenseChangeLog)).toEqual([])
    expect(await dataverse.list(Job)).toEqual([])
  })

  test('an order with a wrong value is refused and leaves nothing', async () => {
    const { dataverse, order } = await createEnvironment()
    await expect(order({ work365_subscription_channel: 7 })).rejects.toMatchObject({ name: 'PicklistValueOutOfRange' })
    expect(await dataverse.list(Subscription)).toEqual([])
    expect(await dataverse.list(LicenseChangeLog)).toEqual([])
  })
})
