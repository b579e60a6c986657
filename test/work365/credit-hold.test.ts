import { describe, expect, test } from 'vitest'
import { Account, LicenseChangeLog } from '../../src/entities/index.ts'
import { work365Steps } from '../../src/plugins/index.ts'
import { releaseCreditHold } from '../../src/plugins/work365/account/release-credit-hold.ts'
import { settings } from '../../src/rules/index.ts'
import { type QueryExpression, reference } from '../../src/service/index.ts'
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

test('C5: a held change log stays Awaiting Provisioning without a job, and notes the reason and the way out', async () => {
  const { hold, order, changeLogs, jobs } = await environmentWith(true)
  await hold(true)
  expect(await changeLogs(await order())).toMatchObject([
    {
      status: 'Awaiting Provisioning',
      message:
        "Account 'Fabrikam' is on credit hold, and Enable Credit Hold is on. Set Credit Hold of 'Fabrikam' to No: the change log then goes on by itself.",
    },
  ])
  expect(await jobs()).toEqual([])
})
