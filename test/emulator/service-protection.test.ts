import { expect, test } from 'vitest'
import { defineStep } from '../../src/plugins/index.ts'
import { createEmulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, tables } from './tables.ts'

const now = '2026-03-01T09:30:15Z'
const limited = (serviceProtection: object | boolean, ...steps: ReturnType<typeof defineStep>[]) =>
  createEmulator({ tables, steps, now, serviceProtection })

test('without limits, nobody is refused', async () => {
  const dataverse = createEmulator({ tables, now })
  await Promise.all(Array.from({ length: 60 }, () => dataverse.execute('WhoAmI')))
})

test('too many requests are refused until the oldest are out of the window', async () => {
  const dataverse = limited({ requests: 2, windowSeconds: 60 })
  await dataverse.execute('WhoAmI')
  await dataverse.clock.advance(20_000)
  await dataverse.create(Customer, {})
  await expect(dataverse.create(Customer, {})).rejects.toMatchObject({
    name: 'ThrottlingBurstRequestLimitExceededError',
    status: 429,
    hexCode: '0x80072322',
    message: 'Number of requests exceeded the limit of 2 over time window of 60 seconds.',
    details: { retryAfter: 40 },
  })
  expect(await dataverse.fork().list(Customer)).toHaveLength(1)
  await dataverse.clock.advance(39_000)
  await expect(dataverse.execute('WhoAmI')).rejects.toMatchObject({ details: { retryAfter: 1 } })
  await dataverse.clock.advance(1000)
  await dataverse.execute('WhoAmI')
})

test('each caller has limits of its own, whomever they act for', async () => {
  const dataverse = limited({ requests: 1 })
  const user = await dataverse.seed('systemuser', { fullname: 'A' })
  await dataverse.as(user, user).execute('WhoAmI')
  await dataverse.as(user).execute('WhoAmI')
  await expect(dataverse.execute('WhoAmI')).rejects.toMatchObject({ status: 429 })
  await expect(dataverse.as(user, user).execute('WhoAmI')).rejects.toMatchObject({ status: 429 })
})

test('what a request sets off does not count', async () => {
  const dataverse = limited(
    { requests: 1 },
    defineStep({
      name: 'more',
      table: Project,
      message: 'Create',
      stage: 'postOperation',
      async run({ service }) {
        for (let n = 0; n < 3; n++) await service.create(Customer, {})
      },
    }),
  )
  await dataverse.create(Project, { new_name: 'P' })
})

test('too many requests at one time are refused', async () => {
  const dataverse = limited(true)
  const outcomes = await Promise.allSettled(Array.from({ length: 53 }, () => dataverse.create(Customer, {})))
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused).toMatchObject([
    { reason: { name: 'ThrottlingConcurrencyLimitExceededError', hexCode: '0x80072326', details: { retryAfter: 5 } } },
  ])
  await dataverse.create(Customer, {})
})

test('requests that take too long together are refused until enough of them are out of the window', async () => {
  const dataverse = limited(
    { executionTimeMs: 50_000, windowSeconds: 100 },
    defineStep({
      name: 'slow',
      table: Customer,
      message: 'Create',
      stage: 'preOperation',
      run: () => dataverse.clock.advance(30_000),
    }),
  )
  await dataverse.create(Customer, {})
  await dataverse.create(Customer, {})
  await expect(dataverse.create(Customer, {})).rejects.toMatchObject({
    name: 'ThrottlingTimeExceededError',
    hexCode: '0x80072321',
    message: expect.stringContaining('50000 milliseconds over time window of 100 seconds'),
    // The first one began 60 s ago.
    details: { retryAfter: 40 },
  })
  await dataverse.clock.advance(40_000)
  await dataverse.create(Customer, {})
})

test('limits are switched on and off, and counts begin anew with a reset or a fork', async () => {
  const dataverse = createEmulator({ tables, now })
  dataverse.setServiceProtection({ requests: 1 })
  await dataverse.execute('WhoAmI')
  await expect(dataverse.execute('WhoAmI')).rejects.toMatchObject({ status: 429 })
  dataverse.setServiceProtection(false)
  await dataverse.execute('WhoAmI')

  const limitedFromTheStart = limited({ requests: 1 })
  await limitedFromTheStart.execute('WhoAmI')
  await limitedFromTheStart.fork().execute('WhoAmI')
  limitedFromTheStart.reset()
  await limitedFromTheStart.execute('WhoAmI')
  expect(() => limited({ requests: 0 })).toThrow('requests is 0')
})
