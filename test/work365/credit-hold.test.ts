import { describe, expect, test } from 'vitest'
import { Account, Configuration, LicenseChangeLog, NonRecurringItem } from '../../src/entities/index.ts'
import { type Mail, manualProviderReminder } from '../../src/jobs/index.ts'
import { work365Steps } from '../../src/plugins/index.ts'
import { releaseCreditHold } from '../../src/plugins/work365/account/release-credit-hold.ts'
import { select } from '../../src/query/index.ts'
import { settings } from '../../src/rules/index.ts'
import { type QueryExpression, type Row, reference } from '../../src/service/index.ts'
import type { Emulator } from '../../src/testing/emulator/index.ts'
import { rule } from '../rule.ts'
import { createEnvironment, type EnvironmentOptions } from './environment.ts'

async function environmentWith(creditHold: boolean, options: EnvironmentOptions = {}) {
  const environment = await createEnvironment(options)
  if (creditHold) await environment.configure('true', settings.enableCreditHold.key)
  return environment
}

describe(rule('C1'), () => {
  test.each([
    { creditHold: false, onHold: false, blocked: false },
    { creditHold: true, onHold: false, blocked: false },
    { creditHold: false, onHold: true, blocked: false },
    { creditHold: true, onHold: true, blocked: true },
  ])('C1: switch $creditHold, account on hold $onHold: blocked $blocked', async ({ creditHold, onHold, blocked }) => {
    const { hold, order, changeLogs, runner, double } = await environmentWith(creditHold)
    await hold(onHold)
    const subscription = await order()
    await runner().runDue()
    expect(double.deliveries).toHaveLength(blocked ? 0 : 1)
    expect(await changeLogs(subscription)).toMatchObject([
      { status: blocked ? 'Awaiting Provisioning' : 'Provisioned' },
    ])
  })

  test('C1: a hold that is set after the job was queued still blocks it', async () => {
    const { hold, order, changeLogs, runner, double, jobs } = await environmentWith(true)
    const subscription = await order()
    await hold(true)
    await runner().runDue()
    expect(double.deliveries).toEqual([])
    expect(await jobs()).toMatchObject([{ status: 'Not Applicable', results: expect.stringContaining('credit hold') }])
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await hold(false)
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })
})

test(rule('C2'), async () => {
  const { dataverse, configure } = await createEnvironment()
  const id = await dataverse.create(Account, { name: 'Northwind' })
  const before = await dataverse.list(Account)
  await configure('true', settings.enableCreditHold.key)
  expect(await dataverse.list(Account)).toEqual(before)
  expect((await dataverse.retrieve(Account, id, ['creditonhold'])).creditonhold).not.toBe(true)
})

test(rule('C3'), async () => {
  const { hold, order, setQuantity, subscription, changeLogs } = await environmentWith(true)
  await hold(true)
  const id = await order()
  await setQuantity(id, 12)
  expect(await subscription(id)).toMatchObject({ work365_subscription_quantity: 12 })
  expect(await changeLogs(id)).toHaveLength(2)
})

describe(rule('C4'), () => {
  test('C4: each held change log gets one job, the oldest first, and provisions by itself', async () => {
    const { hold, order, setQuantity, changeLogs, jobs, runner, double } = await environmentWith(true)
    await hold(true)
    const first = await order()
    await setQuantity(first, 12)
    const second = await order({ work365_subscription_quantity: 3 })
    expect(await jobs()).toEqual([])

    await hold(false)
    const held = [...(await changeLogs(first)), ...(await changeLogs(second))].map(({ id }) => id)
    expect((await jobs()).map(({ regarding }) => regarding)).toEqual(held)
    await runner().runDue()
    expect(double.writes.map(({ quantity }) => quantity).sort((a, b) => a - b)).toEqual([3, 10, 12])
    expect((await changeLogs(first)).map(({ status, message }) => [status, message])).toEqual([
      ['Provisioned', null],
      ['Provisioned', null],
    ])
  })

  test('C4: clearing Credit Hold releases as well', async () => {
    const { dataverse, account, hold, order, jobs } = await environmentWith(true)
    await hold(true)
    await order()
    await dataverse.update(Account, account, { creditonhold: null })
    expect(await jobs()).toHaveLength(1)
  })

  test("C4: it is the subscription's customer that counts, not the one that the change log was written with", async () => {
    const { dataverse, hold, order, changeLog, jobs } = await environmentWith(true)
    await hold(true)
    const held = await changeLog(await order())
    const other = await dataverse.create(Account, { name: 'Northwind' })
    await dataverse.update(LicenseChangeLog, held.id, {
      work365_licensechangelog_customer: reference(Account, other),
    })
    await hold(false)
    expect((await jobs()).map(({ regarding }) => regarding)).toEqual([held.id])
  })

  test('C4: what fills more than one page is released to the last', async () => {
    const steps = work365Steps.filter(({ name }) => name !== releaseCreditHold.name)
    const { dataverse, account, hold, order, setQuantity, changeLogs, jobs } = await environmentWith(true, { steps })
    await hold(true)
    const subscription = await order()
    for (const quantity of [11, 12, 13, 14]) await setQuantity(subscription, quantity)
    await hold(false)
    expect(await jobs()).toEqual([])

    const service = {
      ...dataverse,
      retrieveMultiple: (query: QueryExpression) =>
        dataverse.retrieveMultiple(
          query.table === LicenseChangeLog.logicalName ? { ...query, page: { ...query.page, size: 2 } } : query,
        ),
    }
    await releaseCreditHold.run({
      id: account,
      target: { creditonhold: false },
      preImage: { creditonhold: true },
      service,
      now: dataverse.clock.now,
      trace: () => {},
    } as never)
    const held = (await changeLogs(subscription)).map(({ id }) => id)
    expect(held).toHaveLength(5)
    expect((await jobs()).map(({ regarding }) => regarding)).toEqual(held)
  })

  test('C4: saving No over No releases nothing again', async () => {
    const { hold, order, jobs } = await environmentWith(true)
    await hold(true)
    await order()
    await hold(false)
    await hold(false)
    expect(await jobs()).toHaveLength(1)
  })

  test('C4: what already has a job in hand gets no second one', async () => {
    const { hold, order, jobs } = await environmentWith(true)
    await order()
    await hold(true)
    await hold(false)
    expect(await jobs()).toHaveLength(1)
  })

  test('C4: what is held goes on as its provider dictates', async () => {
    const { hold, order, jobs, changeLogs } = await environmentWith(true, { type: 'Manual' })
    await hold(true)
    const subscription = await order()
    expect(await jobs()).toEqual([])
    await hold(false)
    expect(await jobs()).toMatchObject([{ type: 'Manual Provider Reminder Email' }])
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Awaiting Provisioning', message: expect.stringContaining('of the type Manual') },
    ])
  })

  test('C4: what waited for another reason stays as it was', async () => {
    const { hold, order, changeLogs, jobs } = await environmentWith(true, { setting: null })
    const waitsForAPerson = await order()
    const before = await changeLogs(waitsForAPerson)
    expect(before).toMatchObject([{ status: 'Awaiting Provisioning' }])
    await hold(true)
    await hold(false)
    expect(await changeLogs(waitsForAPerson)).toEqual(before)
    expect(await jobs()).toEqual([])
  })

  test('C4: a person who was reminded before the hold is not reminded again by its end', async () => {
    const { hold, order, jobs } = await environmentWith(true, { type: 'Manual' })
    await order()
    await hold(true)
    await hold(false)
    expect(await jobs()).toHaveLength(1)
  })

  test('C4: Failed and finished change logs are not released', async () => {
    const { hold, order, changeLog, save, jobs, runner } = await environmentWith(true)
    await order()
    await runner().runDue()
    const failed = await changeLog(await order())
    await save(failed.id, 'Failed Provisioning')
    await hold(true)
    await hold(false)
    expect((await jobs()).map(({ status }) => status)).toEqual(['Succeeded', 'Waiting'])
  })
})

describe(rule('C5'), () => {
  test('a held change log stays Awaiting Provisioning without a job, and notes the reason, the moment and the way out', async () => {
    const { dataverse, hold, order, changeLog, jobs } = await environmentWith(true)
    await hold(true)
    const since = dataverse.clock.now()
    const held = await changeLog(await order())

    expect(held).toMatchObject({
      status: 'Awaiting Provisioning',
      message:
        "Account 'Fabrikam' is on credit hold, and Enable Credit Hold is on. Set Credit Hold of 'Fabrikam' to No: the change log then goes on by itself.",
    })
    const columns = ['work365_licensechangelog_decidedby', 'work365_licensechangelog_waitingsince'] as const
    expect(await dataverse.retrieve(LicenseChangeLog, held.id, columns)).toEqual({
      work365_licensechangelog_decidedby: 'C1',
      work365_licensechangelog_waitingsince: since,
    })
    expect(await jobs()).toEqual([])
  })

  test('by the setting it is Failed Provisioning meanwhile, and released all the same', async () => {
    const { configure, hold, order, changeLogs, runner } = await environmentWith(true)
    await configure('Failed Provisioning', settings.heldStatus.key)
    await hold(true)
    const id = await order()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Failed Provisioning' }])

    await hold(false)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('by the setting one that was queued before the hold fails with it, too', async () => {
    const { configure, hold, order, changeLogs, runner, double } = await environmentWith(true)
    await configure('Failed Provisioning', settings.heldStatus.key)
    const id = await order()
    await hold(true)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([
      { status: 'Failed Provisioning', message: expect.stringContaining('credit hold') },
    ])

    await hold(false)
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
    expect(double.writes).toHaveLength(1)
  })

  test("a new item carries its account's hold, and waits with it", async () => {
    const { hold, sell, item, jobs, dataverse } = await environmentWith(true)
    await hold(true)
    const id = await sell()

    expect(await item(id)).toMatchObject({
      status: 'Awaiting Provisioning',
      onHold: true,
      message: expect.stringContaining('the item then goes on by itself'),
      waitingSince: dataverse.clock.now(),
    })
    expect(await jobs()).toEqual([])
  })
})

describe('items sold once are held and released like change logs', () => {
  test('without a hold an item is bought once, and carries the order of the provider', async () => {
    const { sell, item, runner, double } = await environmentWith(true)
    const id = await sell()
    await runner().runDue()

    expect(await item(id)).toMatchObject({ status: 'Provisioned', orderId: 'I-1', onHold: false, message: null })
    expect([...double.items.keys()]).toEqual([id])
  })

  test('C4: taking the account off hold releases its items in the order in which they were sold', async () => {
    const { hold, sell, item, jobs, runner, double } = await environmentWith(true)
    await hold(true)
    const ids = [await sell(), await sell({ work365_nonrecurringitem_name: 'SQL Server' }), await sell()]
    await hold(false)

    expect((await jobs()).map(({ regarding, type }) => [regarding, type])).toEqual(
      ids.map((id) => [id, 'Sync Non-Recurring Item']),
    )
    await runner().runDue()
    expect(await Promise.all(ids.map(async (id) => (await item(id)).status))).toEqual(ids.map(() => 'Provisioned'))
    expect(await item(ids[0]!)).toMatchObject({ onHold: false })
    expect(double.items.size).toBe(3)
  })

  test('an item that is open when the account goes on hold takes the flag over, and its job holds back', async () => {
    const { hold, sell, item, runner, double } = await environmentWith(true)
    const id = await sell()
    await hold(true)
    expect(await item(id)).toMatchObject({ onHold: true })
    await runner().runDue()
    expect(await item(id)).toMatchObject({
      status: 'Awaiting Provisioning',
      message: expect.stringContaining('on credit hold'),
    })
    expect(double.items.size).toBe(0)

    await hold(false)
    await runner().runDue()
    expect(await item(id)).toMatchObject({ status: 'Provisioned' })
  })

  test("taking off an item's own flag releases that item and no other", async () => {
    const { dataverse, hold, sell, item, runner } = await environmentWith(true)
    await hold(true)
    const [first, second] = [await sell(), await sell()]
    await dataverse.update(NonRecurringItem, first, { work365_nonrecurringitem_creditonhold: false })
    await runner().runDue()

    expect(await item(first)).toMatchObject({ status: 'Provisioned' })
    expect(await item(second)).toMatchObject({ status: 'Awaiting Provisioning', onHold: true })
  })

  test('what is provisioned keeps its flag', async () => {
    const { hold, sell, item, runner } = await environmentWith(true)
    const id = await sell()
    await runner().runDue()
    await hold(true)

    expect(await item(id)).toMatchObject({ status: 'Provisioned', onHold: false })
  })

  test('an item without a provider has nothing to provision', async () => {
    const { sell, item, jobs } = await environmentWith(true)
    expect(await item(await sell({ work365_nonrecurringitem_provider: null }))).toMatchObject({ status: undefined })
    expect(await jobs()).toEqual([])
  })

  test('of a Manual provider a person is reminded of it', async () => {
    const { sell, item, runner } = await environmentWith(true, { type: 'Manual' })
    const mails: Mail[] = []
    const sendMail = async (mail: Mail) => void mails.push(mail)
    const id = await sell()
    await runner({ extra: [manualProviderReminder({ sendMail })] }).runDue()

    expect(await item(id)).toMatchObject({ status: 'Awaiting Provisioning' })
    expect(mails).toMatchObject([{ text: expect.stringContaining('Item: Windows Server\nQuantity: 2') }])
  })

  test('two provider accounts at its provider fail it, by their names', async () => {
    const { addProviderAccount, sell, item } = await environmentWith(true)
    await addProviderAccount('another.example')

    expect(await item(await sell())).toMatchObject({
      status: 'Failed Provisioning',
      message: expect.stringMatching(
        /2 provider accounts .* another\.example, fabrikam\.example\. .* re-queue the item/,
      ),
    })
  })
})

describe(rule('C6'), () => {
  async function held() {
    const environment = await environmentWith(true)
    await environment.hold(true)
    const subscription = await environment.order()
    const item = await environment.sell()
    const { rows } = await environment.dataverse.retrieveMultiple(
      select(Configuration, ['work365_configurationid']).where(
        'work365_configuration_name',
        'eq',
        settings.enableCreditHold.key,
      ),
    )
    return { ...environment, subscription, sold: item, row: rows[0]!.work365_configurationid }
  }

  test('without its row it holds nothing', async () => {
    const { hold, order, changeLogs, runner } = await environmentWith(false)
    await hold(true)
    const id = await order()
    await runner().runDue()
    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test.each([
    [
      'given another value',
      (dataverse: Emulator, row: string) =>
        dataverse.update(Configuration, row, { work365_configuration_value: 'false' }),
    ],
    ['deactivated', (dataverse: Emulator, row: string) => dataverse.update(Configuration, row, { statecode: 1 })],
    [
      'renamed',
      (dataverse: Emulator, row: string) =>
        dataverse.update(Configuration, row, { work365_configuration_name: 'Another.Name' }),
    ],
    ['deleted', (dataverse: Emulator, row: string) => dataverse.delete(Configuration, row)],
  ])('its row %s, everything goes on, once', async (_, turnOff) => {
    const { dataverse, row, subscription, sold, changeLogs, item, jobs, runner } = await held()
    await turnOff(dataverse, row)
    expect(await jobs()).toEqual([])

    await dataverse.drain()
    await runner().runDue()

    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
    expect(await item(sold)).toMatchObject({ status: 'Provisioned', onHold: true })
    expect(await jobs()).toHaveLength(2)
  })

  test('by the setting it stays held, until the account comes off hold', async () => {
    const { dataverse, row, subscription, changeLogs, configure, hold, runner } = await held()
    await configure('false', settings.releaseWhenSwitchedOff.key)
    await dataverse.delete(Configuration, row)
    await dataverse.drain()
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await hold(false)
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('another setting releases nothing', async () => {
    const { dataverse, subscription, changeLogs, configure } = await held()
    await configure('Contoso', settings.organizationName.key)
    await dataverse.drain()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])
  })
})

describe('what is released while a job is deciding to wait goes on all the same', () => {
  /** A Dataverse in which, once somebody has looked at the account, the account comes off hold. */
  function releasedMeanwhile({
    dataverse,
    account,
  }: Pick<Awaited<ReturnType<typeof environmentWith>>, 'dataverse' | 'account'>) {
    let released = false
    return {
      ...dataverse,
      async retrieveMultiple(query: QueryExpression) {
        const answer = await dataverse.retrieveMultiple(query)
        const row = answer.rows[0] as Row | undefined
        const isHeld = row?.['account.creditonhold'] === true || query.table === 'product'
        if (isHeld && !released) {
          released = true
          await dataverse.update(Account, account, { creditonhold: false })
        }
        return answer
      },
    } as typeof dataverse
  }

  test('a change log', async () => {
    const environment = await environmentWith(true)
    const { order, hold, changeLogs, jobs, runner } = environment
    const id = await order()
    await hold(true)
    await runner({ service: releasedMeanwhile(environment) }).runDue()

    expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
    expect((await jobs()).map(({ status }) => status)).toEqual(['Not Applicable', 'Succeeded'])
  })

  test('an item', async () => {
    const environment = await environmentWith(true)
    const { sell, hold, item, runner } = environment
    const id = await sell()
    await hold(true)
    await runner({ service: releasedMeanwhile(environment) }).runDue()

    expect(await item(id)).toMatchObject({ status: 'Provisioned' })
  })
})
