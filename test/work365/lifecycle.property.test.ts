import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defineConnector, ProviderError } from '../../src/connectors/index.ts'
import {
  Account,
  Configuration,
  Job,
  LicenseChangeLog,
  NonRecurringItem,
  Subscription,
} from '../../src/entities/index.ts'
import { syncLicenseChangeLog, syncNonRecurringItem } from '../../src/jobs/index.ts'
import { defineStep, work365Steps } from '../../src/plugins/index.ts'
import { select } from '../../src/query/index.ts'
import { settings } from '../../src/rules/index.ts'
import { InvalidPluginExecution, reference } from '../../src/service/index.ts'
import { createEnvironment } from './environment.ts'

const LIMIT = 40
const HOUR = 3_600_000
const NOT_APPLICABLE = Job.states!.Inactive!.reasons['Not Applicable']

/** Refuses after everything else has been written, so that refusing has something to undo. */
const refuseMuch = defineStep({
  name: 'at most 40',
  table: Subscription,
  message: 'Update',
  stage: 'postOperation',
  rank: 99,
  filter: ['work365_subscription_quantity'],
  run({ target }) {
    if ((target.work365_subscription_quantity ?? 0) > LIMIT) throw new InvalidPluginExecution('At most 40.')
  },
})

const which = fc.nat(5)
const quantity = fc.integer({ min: 1, max: 5000 }).map((hundredths) => hundredths / 100)
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('order' as const), quantity, addOn: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('change' as const), which, quantity }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sell' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hold' as const), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), on: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('fail' as const),
      how: fc.constantFrom('notEligible' as const, 'transient' as const, 'answer lost' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('requeue' as const), which }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('save again' as const), which }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('turn' as const), hours: fc.constantFrom(0, 1, 24) }) },
)

test('whatever is ordered, changed, held, failed, re-queued and however the clock turns, the promises hold', async () => {
  const seeded = await createEnvironment({ steps: [...work365Steps, refuseMuch] })
  await seeded.configure('true', settings.enableCreditHold.key)

  await fc.assert(
    fc.asyncProperty(fc.array(action, { minLength: 4, maxLength: 18 }), async (actions) => {
      const environment = seeded.fork()
      const { dataverse, account, order, setQuantity, sell, hold, requeue, changeLogs, runner } = environment
      const quantities = new Map<string, number>()
      /** How often each change log or item had a reason to be queued: its creation, each re-queue, each release. */
      const causes = new Map<string, number>()
      const cause = (id: string) => causes.set(id, (causes.get(id) ?? 0) + 1)
      const failures: ('notEligible' | 'transient' | 'answer lost')[] = []
      const bought = new Map<string, number>()
      const inFlight = new Set<string>()
      /** What a delivery finds broken: thrown there, it would be one more failure of the provider. */
      const broken: string[] = []

      const isHeld = async () => {
        const { creditonhold } = await dataverse.retrieve(Account, account, ['creditonhold'])
        const { rows } = await dataverse.retrieveMultiple(
          select(Configuration, ['work365_configuration_value']).where(
            'work365_configuration_name',
            'eq',
            settings.enableCreditHold.key,
          ),
        )
        return creditonhold === true && rows[0]?.work365_configuration_value === 'true'
      }
      const totals = new Map<string, number>()
      const deliver = async (key: string, write: () => void) => {
        if (await isHeld()) broken.push('something is provisioned while held')
        const failure = failures.shift()
        if (failure === 'notEligible' || failure === 'transient') throw new ProviderError(failure, 'no')
        const changed = !bought.has(key)
        bought.set(key, (bought.get(key) ?? 0) + 1)
        if (changed) write()
        if (failure === 'answer lost') throw new ProviderError('transient', 'The connection was cut.')
        return changed
      }
      const connector = defineConnector({
        name: 'watching',
        title: 'Watching',
        contract: 1,
        changes: ['create', 'setQuantity'],
        verifyConnectivity: async () => ({ ok: true }),
        async apply({ key }, change) {
          const { work365_licensechangelog_subscription: of } = await dataverse.retrieve(LicenseChangeLog, key, [
            'work365_licensechangelog_subscription',
          ])
          const logs = await changeLogs(of!.id)
          const earlier = logs.slice(
            0,
            logs.findIndex(({ id }) => id === key),
          )
          if (earlier.some(({ status }) => status === 'Awaiting Provisioning' || status === 'Failed Provisioning')) {
            broken.push('a change log overtakes an earlier one')
          }
          if (inFlight.has(of!.id)) broken.push('two change logs of a subscription are in progress')
          inFlight.add(of!.id)
          try {
            const changed = await deliver(key, () => totals.set(of!.id, change.quantity))
            return {
              status: 'done',
              changed,
              subscription: { id: `at provider ${of!.id}`, quantity: change.quantity, status: 'active' },
            }
          } finally {
            inFlight.delete(of!.id)
          }
        },
        items: {
          async buy({ key }, { quantity }) {
            return { status: 'done', changed: await deliver(key, () => {}), item: { id: `item ${key}`, quantity } }
          },
        },
      })
      const connect = () => ({ connector })
      const jobs = [syncLicenseChangeLog({ connect }), syncNonRecurringItem({ connect })]
      const run = () => runner({ jobs, service: dataverse }).runDue()

      const state = async () => [
        await dataverse.list(Subscription),
        await dataverse.list(LicenseChangeLog),
        await dataverse.list(NonRecurringItem),
        await dataverse.list(Job),
        await dataverse.list('asyncoperation'),
      ]
      const waitingForParent = new Set<string>()
      const setBack = new Set<string>()
      const noteNew = async () => {
        // A job finds that its add-on has to wait after all, and the parent is provisioned before anybody has looked.
        for (const { work365_jobid: id, work365_job_regarding: of, statuscode } of await dataverse.list(Job)) {
          if (statuscode !== NOT_APPLICABLE || setBack.has(id)) continue
          setBack.add(id)
          const { rows } = await dataverse.retrieveMultiple(
            select(LicenseChangeLog, ['work365_licensechangelog_decidedby']).where(
              'work365_licensechangelogid',
              'eq',
              of!.id,
            ),
          )
          const waits = rows[0]?.work365_licensechangelog_decidedby === 'L12'
          if (rows[0] && !waits && !waitingForParent.has(of!.id)) cause(of!.id)
        }
        for (const row of await dataverse.list(LicenseChangeLog)) {
          const id = row.work365_licensechangelogid
          if (!causes.has(id)) cause(id)
          // An add-on has one more reason each time that its parent is provisioned.
          const waits = row.work365_licensechangelog_decidedby === 'L12'
          if (waitingForParent.has(id) && !waits) cause(id)
          if (waits) waitingForParent.add(id)
          else waitingForParent.delete(id)
        }
        for (const { work365_nonrecurringitemid: id } of await dataverse.list(NonRecurringItem)) {
          if (!causes.has(id)) cause(id)
        }
      }
      const noteReleases = async () => {
        for (const row of await dataverse.list(LicenseChangeLog)) {
          if (row.work365_licensechangelog_decidedby === 'C1') cause(row.work365_licensechangelogid)
        }
        for (const row of await dataverse.list(NonRecurringItem)) {
          if (row.work365_nonrecurringitem_decidedby === 'C1') cause(row.work365_nonrecurringitemid)
        }
      }
      const subscriptions = () => [...quantities.keys()]
      const pick = (at: number) => subscriptions()[at % Math.max(1, quantities.size)]
      const switchTo = async (on: boolean) => {
        const { rows } = await dataverse.retrieveMultiple(
          select(Configuration, ['work365_configurationid']).where(
            'work365_configuration_name',
            'eq',
            settings.enableCreditHold.key,
          ),
        )
        await dataverse.update(Configuration, rows[0]!.work365_configurationid, {
          work365_configuration_value: String(on),
        })
        await dataverse.drain()
      }

      const take = async (action: (typeof actions)[number]): Promise<void> => {
        switch (action.kind) {
          case 'order': {
            const parent = action.addOn ? pick(0) : undefined
            const id = await order({
              work365_subscription_quantity: action.quantity,
              ...(parent && { work365_subscription_parentsubscription: reference(Subscription, parent) }),
            })
            quantities.set(id, action.quantity)
            return
          }
          case 'sell':
            await sell()
            return
          case 'change': {
            const id = pick(action.which)
            if (!id) return
            if (action.quantity <= LIMIT) {
              await setQuantity(id, action.quantity)
              quantities.set(id, action.quantity)
              return
            }
            const before = await state()
            await expect(setQuantity(id, action.quantity)).rejects.toThrow('At most 40.')
            expect(await state(), 'a refused change leaves no trace').toEqual(before)
            return
          }
          case 'hold':
            if (!action.on) await noteReleases()
            return void (await hold(action.on))
          case 'switch':
            if (!action.on) await noteReleases()
            return switchTo(action.on)
          case 'fail':
            return void failures.push(action.how)
          case 'requeue': {
            const id = pick(action.which)
            const last = id && (await changeLogs(id)).at(-1)
            if (!last || last.status === 'Not Applicable') return
            cause(last.id)
            return requeue(last.id)
          }
          case 'save again': {
            // Awaiting over Awaiting: no cause for anything.
            const id = pick(action.which)
            const last = id && (await changeLogs(id)).at(-1)
            if (last && last.status === 'Awaiting Provisioning')
              await environment.save(last.id, 'Awaiting Provisioning')
            return
          }
          case 'turn':
            await dataverse.clock.advance(action.hours * HOUR)
            await run()
        }
      }

      const check = async () => {
        expect(broken).toEqual([])
        for (const [id, quantity] of quantities) {
          const sum = (await changeLogs(id)).reduce((sum, log) => sum + Math.round((log.quantity ?? 0) * 100), 0)
          expect(sum, 'change logs add up to the quantity').toBe(Math.round(quantity * 100))
        }
        const queued = new Map<string, number>()
        for (const job of await dataverse.list(Job)) {
          const id = job.work365_job_regarding!.id
          queued.set(id, (queued.get(id) ?? 0) + 1)
        }
        for (const [id, count] of queued) {
          expect(count, 'nothing is queued twice for one cause').toBeLessThanOrEqual(causes.get(id)!)
        }
      }

      for (const action of actions) {
        await take(action)
        await noteNew()
        await check()
      }

      // Whatever has happened: with everything mended, all of it reaches the provider, and only once.
      failures.length = 0
      await hold(false)
      for (let round = 0; round < 4; round++) {
        await dataverse.clock.advance(24 * HOUR)
        await run()
        for (const id of subscriptions()) {
          for (const log of await changeLogs(id)) if (log.status === 'Failed Provisioning') await requeue(log.id)
        }
        await run()
      }
      for (const [id, quantity] of quantities) {
        expect((await changeLogs(id)).map(({ status }) => status)).toEqual(
          (await changeLogs(id)).map(() => 'Provisioned'),
        )
        expect(totals.get(id), 'the provider has what was ordered').toBe(quantity)
      }
    }),
    { numRuns: 60 },
  )
})
