import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createEnvironment } from '../../test/work365/environment.ts'
import { acceptedFor, answerLost, type Behaviour, failing } from '../../test/work365/provider-double.ts'
import { consentStatus, Provider } from '../entities/index.ts'
import { settings } from '../rules/index.ts'
import type { OrganizationService } from '../service/index.ts'
import { createEmbeddedEngine, createJobRunner, syncLicenseChangeLog } from './index.ts'

const LEASE = 60_000
const transient = failing('transient', 'The provider answered 503.')

/** A service whose connection breaks at the writes chosen by their number, before or after they took effect. */
function breaking(
  service: OrganizationService,
  breaks: (write: number) => 'before' | 'after' | undefined,
): OrganizationService {
  let writes = 0
  return {
    ...service,
    async execute(...parameters: Parameters<OrganizationService['execute']>) {
      const when = breaks(++writes)
      if (when === 'before') throw new Error('socket hang up')
      const answer = await service.execute(...parameters)
      if (when === 'after') throw new Error('socket hang up')
      return answer
    },
  } as OrganizationService
}

describe('failures', () => {
  test('after five retries the job is Failed, and the change log Failed Provisioning with the last message', async () => {
    const { dataverse, order, changeLogs, runner, double, jobs } = await createEnvironment()
    double.next(...Array<Behaviour>(6).fill(transient))
    const subscription = await order()
    for (const seconds of [0, 30, 60, 120, 240, 480]) {
      expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning', message: null }])
      await dataverse.clock.advance(seconds * 1000)
      await runner().runDue()
    }
    expect(double.deliveries).toHaveLength(6)
    expect(await jobs()).toMatchObject([{ status: 'Failed', retries: 5, results: 'The provider answered 503.' }])
    expect(await changeLogs(subscription)).toMatchObject([
      { status: 'Failed Provisioning', message: 'The provider answered 503.' },
    ])
  })

  test('a retry that succeeds provisions', async () => {
    const { dataverse, order, changeLogs, runner, double, jobs } = await createEnvironment()
    double.next(transient, transient)
    const subscription = await order()
    await runner().runDue()
    await dataverse.clock.advance(30_000)
    await runner().runDue()
    await dataverse.clock.advance(60_000)
    await runner().runDue()
    expect(await jobs()).toMatchObject([{ status: 'Succeeded', retries: 2, attempt: 3 }])
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('a provider without a connector is named, with what to do', async () => {
    const { dataverse, order, changeLog } = await createEnvironment()
    const subscription = await order()
    const jobs = [syncLicenseChangeLog({ connect: () => undefined })]
    await createJobRunner({ service: dataverse, jobs, clock: dataverse.clock }).runDue()
    expect(await changeLog(subscription)).toMatchObject({
      status: 'Failed Provisioning',
      message: expect.stringMatching(/No connector is configured for provider 'Contoso Distribution'.*re-queue/),
    })
  })

  test('a connector that breaks its contract is a bug that is named', async () => {
    const { order, changeLog, runner, double } = await createEnvironment()
    double.next(() => ({ status: 'finished' }) as never)
    const subscription = await order()
    await runner().runDue()
    expect(await changeLog(subscription)).toMatchObject({
      status: 'Failed Provisioning',
      message: expect.stringContaining('connector double returned something that is no outcome'),
    })
  })
})

describe('a provider that needs time', () => {
  test('what it accepts waits with a handle, and another runner asks what became of it', async () => {
    const { dataverse, order, changeLogs, runner, double, jobs } = await createEnvironment()
    double.next(acceptedFor(2, 45_000))
    const subscription = await order()
    await runner({ worker: 'first' }).runDue()
    expect(await jobs()).toMatchObject([
      {
        status: 'Dispatched',
        handle: expect.stringContaining('"polls":2'),
        scheduledFor: new Date(dataverse.clock.now().getTime() + 45_000),
        leaseOwner: null,
      },
    ])
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await dataverse.clock.advance(45_000)
    await runner({ worker: 'second' }).runDue()
    expect(await jobs()).toMatchObject([{ status: 'Dispatched', handle: expect.stringContaining('"polls":1') }])
    await dataverse.clock.advance(30_000)
    await runner({ worker: 'third' }).runDue()

    expect(double.deliveries).toHaveLength(1)
    expect(double.resumed).toHaveLength(2)
    expect(double.writes).toMatchObject([{ quantity: 10 }])
    expect(await jobs()).toMatchObject([{ status: 'Succeeded', retries: 0, handle: null }])
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })
})

describe('order', () => {
  test('by the setting a failure holds back what comes later in its subscription, and nothing else', async () => {
    const { order, setQuantity, changeLogs, runner, double, requeue, jobs, configure } = await createEnvironment()
    await configure('Wait', settings.priorChangeLog.key)
    const blocked = await order()
    await setQuantity(blocked, 12)
    const free = await order({ work365_subscription_quantity: 3 })
    await setQuantity(free, 4)
    double.next(({ change, take }) => {
      if ('quantity' in change && change.quantity === 10) return failing('notEligible', 'no')({} as never)
      return take()
    })
    await runner().runDue()

    expect((await changeLogs(blocked)).map(({ status }) => status)).toEqual([
      'Failed Provisioning',
      'Awaiting Provisioning',
    ])
    expect((await changeLogs(free)).map(({ status }) => status)).toEqual(['Provisioned', 'Provisioned'])

    const [failed] = await changeLogs(blocked)
    await requeue(failed!.id)
    await runner().runDue()
    expect((await changeLogs(blocked)).map(({ status }) => status)).toEqual(['Provisioned', 'Provisioned'])
    expect((await jobs()).map(({ status }) => status)).not.toContain('Waiting')
    expect(double.subscriptions.get('S-2')).toMatchObject({ quantity: 12 })
  })

  test('a change log that is being retried holds back the next one', async () => {
    const { dataverse, order, setQuantity, runner, double } = await createEnvironment()
    const subscription = await order()
    await setQuantity(subscription, 12)
    double.next(transient)
    await runner().runDue()
    expect(double.deliveries).toHaveLength(1)
    await dataverse.clock.advance(30_000)
    await runner().runDue()
    expect(double.writes.map(({ quantity }) => quantity)).toEqual([10, 12])
  })

  test('a Not Applicable change log holds nothing back', async () => {
    const { order, setQuantity, changeLog, save, runner, double } = await createEnvironment()
    const subscription = await order()
    await save((await changeLog(subscription)).id, 'Not Applicable')
    await setQuantity(subscription, 12)
    await runner().runDue()
    expect(double.writes).toMatchObject([{ kind: 'create', quantity: 12 }])
  })
})

describe('expired consent', () => {
  test('marks the provider, and its jobs wait without using up attempts until somebody consents again', async () => {
    const { dataverse, provider, order, changeLogs, runner, double, jobs } = await createEnvironment()
    double.next(failing('consentExpired', 'An administrator must consent again.'))
    const first = await order()
    const subscriptions = [first, await order()]
    // One after the other: when the second one's turn comes, it is already on its way.
    await runner({ engine: createEmbeddedEngine({ concurrency: 1 }) }).runDue()
    expect(double.deliveries).toHaveLength(1)

    const { work365_provider_consentstatus: consent } = await dataverse.retrieve(Provider, provider, [
      'work365_provider_consentstatus',
    ])
    expect(consent).toBe(consentStatus.Expired)

    await dataverse.clock.advance(20 * 60_000)
    const deliveries = double.deliveries.length
    for (let days = 0; days < 3; days++) {
      await runner().runDue()
      await dataverse.clock.advance(24 * 3_600_000)
    }
    expect(double.deliveries).toHaveLength(deliveries)
    expect((await jobs()).map(({ retries }) => retries)).toEqual([0, 0])
    expect(await changeLogs(first)).toMatchObject([{ status: 'Awaiting Provisioning' }])

    await dataverse.update(Provider, provider, { work365_provider_consentstatus: consentStatus.Valid })
    await runner().runDue()
    for (const id of subscriptions) expect(await changeLogs(id)).toMatchObject([{ status: 'Provisioned' }])
  })

  test('jobs that were queued before it was noticed stay Waiting', async () => {
    const { dataverse, provider, order, runner, double, jobs } = await createEnvironment()
    await order()
    await order()
    await dataverse.update(Provider, provider, { work365_provider_consentstatus: consentStatus.Expired })
    await runner().runDue()
    expect(double.deliveries).toEqual([])
    expect(await jobs()).toMatchObject([
      { status: 'Waiting', attempt: 0 },
      { status: 'Waiting', attempt: 0 },
    ])
  })
})

describe('crashes: whatever is lost on the way, the provider is asked to buy once', () => {
  const once = (at: number, when: 'before' | 'after') => (write: number) => (write === at ? when : undefined)

  test('the answer of the provider is lost after it bought', async () => {
    const { dataverse, order, changeLogs, runner, double } = await createEnvironment()
    double.next(answerLost)
    const subscription = await order()
    await runner().runDue()
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Awaiting Provisioning' }])
    await dataverse.clock.advance(30_000)
    await runner().runDue()
    expect(double.deliveries).toHaveLength(2)
    expect(double.writes).toHaveLength(1)
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })

  test.each([
    ['at the claim, before it took effect', 1, 'before', 1],
    ['at the claim, after it took effect', 1, 'after', 1],
    ['between the answer of the provider and writing it down', 2, 'before', 2],
    ['after the outcome was written', 2, 'after', 1],
  ] as const)('the runner dies %s', async (_, write, when, deliveries) => {
    const { dataverse, order, changeLogs, runner, double, jobs, subscription: rowOf } = await createEnvironment()
    const subscription = await order()
    await runner({ service: breaking(dataverse, once(write, when)), worker: 'dying', leaseMs: LEASE }).runDue()
    await dataverse.clock.advance(LEASE)
    await runner({ worker: 'other' }).runDue()

    expect(double.deliveries).toHaveLength(deliveries)
    expect(double.writes).toEqual([expect.objectContaining({ kind: 'create', quantity: 10 })])
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
    expect(await jobs()).toMatchObject([{ status: 'Succeeded', retries: 0 }])
    expect(await rowOf(subscription)).toMatchObject({ work365_subscription_providersubscriptionid: 'S-1' })
  })

  test('a re-queue while the first delivery is still on its way buys once', async () => {
    const { order, changeLog, requeue, changeLogs, runner, double } = await createEnvironment()
    const subscription = await order()
    const { id } = await changeLog(subscription)
    double.next(async ({ take }) => {
      const outcome = take()
      await requeue(id)
      return outcome
    })
    await runner().runDue()
    expect(double.writes).toHaveLength(1)
    expect(await changeLogs(subscription)).toMatchObject([{ status: 'Provisioned' }])
  })
})

test('whatever fails, crashes or takes its time: in order, exactly once, and every job ends', async () => {
  const behaviour = fc.constantFrom<readonly [string, Behaviour | undefined]>(
    ['fine', undefined],
    ['fine', undefined],
    ['transient', transient],
    ['answer lost', answerLost],
    ['throttled', failing('throttled', 'Slow down.', { retryAfterMs: 5_000 })],
    ['accepted', acceptedFor(1)],
    ['accepted twice', acceptedFor(2)],
    ['refused', failing('notEligible', 'Not sold here.')],
  )
  const crash = fc.record({ write: fc.integer({ min: 1, max: 25 }), when: fc.constantFrom('before', 'after') })
  const chains = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 4 }), {
    minLength: 1,
    maxLength: 3,
  })

  await fc.assert(
    fc.asyncProperty(
      chains,
      fc.array(behaviour, { maxLength: 12 }),
      fc.array(crash, { maxLength: 4 }),
      async (chains, behaviours, crashes) => {
        const { dataverse, order, setQuantity, changeLogs, runner, double, requeue, jobs } = await createEnvironment()
        double.next(...behaviours.map(([, meets]): Behaviour => meets ?? (({ take }) => take())))
        const subscriptions: string[] = []
        for (const [first] of chains) subscriptions.push(await order({ work365_subscription_quantity: first! }))
        for (let step = 1; step < 4; step++) {
          for (const [at, chain] of chains.entries()) {
            const quantity = chain[step]
            if (quantity !== undefined) await setQuantity(subscriptions[at]!, quantity)
          }
        }
        const created = new Map<string, string[]>()
        for (const id of subscriptions)
          created.set(
            id,
            (await changeLogs(id)).map((log) => log.id),
          )

        const service = breaking(dataverse, (write) => crashes.find((one) => one.write === write)?.when as 'before')
        const provisioned: string[] = []
        for (let round = 0; round < 200; round++) {
          for (const worker of ['a', 'b']) await runner({ service, worker, leaseMs: LEASE }).runDue()
          for (const id of subscriptions) {
            const logs = await changeLogs(id)
            for (const log of logs) {
              if (log.status === 'Provisioned' && !provisioned.includes(log.id)) provisioned.push(log.id)
            }
            // A person mends what failed, the oldest first.
            const failed = logs.find(({ status }) => status === 'Failed Provisioning')
            if (failed) await requeue(failed.id)
          }
          if ((await jobs()).every(({ status }) => final.has(status!))) break
          await dataverse.clock.advance(5 * 60_000)
        }

        expect((await jobs()).filter(({ status }) => !final.has(status!))).toEqual([])
        for (const [at, id] of subscriptions.entries()) {
          const ids = created.get(id)!
          expect((await changeLogs(id)).map(({ status, audit }) => audit || status)).toEqual(
            ids.map(() => 'Provisioned'),
          )
          expect(provisioned.filter((log) => ids.includes(log))).toEqual(ids)
          const writes = double.writes.filter(({ key }) => ids.includes(key))
          expect(writes.map(({ key }) => key)).toEqual(ids)
          expect(writes.at(-1)?.quantity).toBe(chains[at]!.at(-1))
        }
      },
    ),
    { numRuns: 60 },
  )
}, 60_000)
const final = new Set(['Succeeded', 'Failed', 'Not Applicable', 'Cancelled'])
