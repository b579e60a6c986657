import { expect, onTestFinished, test } from 'vitest'
import { createPartnerCenter, memoryState } from '../../src/connectors/index.ts'
import { createJobRunner, syncLicenseChangeLog } from '../../src/jobs/index.ts'
import { createPartnerCenterSimulator } from '../../src/testing/index.ts'
import { createEnvironment, PART_NUMBER } from '../work365/environment.ts'
import { clientId, clientSecret, refreshToken, tenantId } from './connection.ts'

/** An environment whose provider is Partner Center, over HTTP. */
async function createPartner() {
  const environment = await createEnvironment()
  const { dataverse } = environment
  const simulator = createPartnerCenterSimulator({
    tenantId,
    clientId,
    clientSecret,
    refreshToken,
    clock: dataverse.clock,
    timing: { visibleAfterMs: 120_000, completesAfterMs: 60_000 },
    seed: {
      customers: [{ id: 'tenant of fabrikam.example', name: 'Fabrikam' }],
      products: [{ id: PART_NUMBER, title: 'Business Premium' }],
    },
  })
  const { url, close } = await simulator.listen()
  onTestFinished(close)
  const connector = createPartnerCenter({ endpoints: { api: url, login: url } })
  const state = memoryState()
  const connect = () => ({
    connector,
    settings: { tenantId, clientId, countryCode: 'US' },
    credentials: { clientSecret, refreshToken },
    state,
  })
  /** A worker of its own, as after each crash. */
  const work = async () => {
    const jobs = [syncLicenseChangeLog({ connect })]
    await createJobRunner({ service: dataverse, jobs, clock: dataverse.clock, random: () => 0 }).runDue()
  }
  return { environment, dataverse, simulator, work }
}

async function workFor(minutes: number, { dataverse, work }: Awaited<ReturnType<typeof createPartner>>) {
  for (let minute = 0; minute < minutes; minute++) {
    await work()
    await dataverse.clock.advance(60_000)
  }
}

test('a portal order is bought at Partner Center, and its subscription is known afterwards', async () => {
  const partner = await createPartner()
  const { environment, simulator } = partner
  const subscription = await environment.order()

  await workFor(6, partner)
  expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Provisioned', message: null }])
  expect(await environment.subscription(subscription)).toMatchObject({
    work365_subscription_providersubscriptionid: simulator.state.subscriptions[0]!.id,
  })

  await environment.setQuantity(subscription, 12)
  await workFor(2, partner)
  expect(simulator.state.subscriptions).toMatchObject([{ quantity: 12, status: 'active' }])
})

test('a worker that dies at the checkout leaves the order to the next one, which does not buy it again', async () => {
  const partner = await createPartner()
  const { environment, simulator } = partner
  simulator.behave({ quirks: { forgetsRequestIds: true } })
  simulator.fail({ method: 'POST', path: /checkout$/, drop: 'answer', times: 1 })
  const subscription = await environment.order()

  await workFor(10, partner)
  expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  expect(simulator.state.writes.filter(({ kind }) => kind === 'order')).toHaveLength(1)
})

test('a refusal reaches the change log with what to do, and queued again it is bought', async () => {
  const partner = await createPartner()
  const { environment, simulator } = partner
  simulator.fail({ path: /agreements$/, status: 200, body: '{"items":[]}' })
  const subscription = await environment.order()

  await workFor(2, partner)
  const [changeLog] = await environment.changeLogs(subscription)
  expect(changeLog).toMatchObject({
    status: 'Failed Provisioning',
    message: expect.stringContaining('has not accepted the Microsoft Customer Agreement'),
  })

  await environment.save(changeLog!.id, 'Awaiting Provisioning')
  await workFor(6, partner)
  expect(await environment.changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
})
