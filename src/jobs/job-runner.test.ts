import { describe, expect, test } from 'vitest'
import { jobsOf } from '../../test/work365/environment.ts'
import { ProviderError } from '../connectors/index.ts'
import { Job, jobType, Subscription, work365Tables } from '../entities/index.ts'
import { defineStep, type Step } from '../plugins/index.ts'
import { InvalidPluginExecution, type Row, reference } from '../service/index.ts'
import { createEmulator, createTestClock } from '../testing/index.ts'
import { claimJob, readJob } from './claim.ts'
import {
  createJobRunner,
  defineJob,
  type JobOptions,
  type JobRunnerOptions,
  jobStatus,
  manualProviderReminder,
  syncLicenseChangeLog,
} from './index.ts'

const START = '2026-03-02T09:00:00Z'
const LEASE = 60_000

function createSetup({ steps = [] }: { readonly steps?: readonly Step[] } = {}) {
  const dataverse = createEmulator({ tables: work365Tables, steps, now: START })
  const addJob = (changes: Row = {}) =>
    dataverse.create(Job.logicalName, {
      work365_job_name: 'a job',
      work365_job_jobtype: jobType['Send Email'],
      ...changes,
    })
  const runnerOf = (run: JobOptions['run'], options: Partial<JobRunnerOptions> = {}) =>
    createJobRunner({
      service: dataverse,
      jobs: [defineJob({ type: 'Send Email', run })],
      clock: dataverse.clock,
      leaseMs: LEASE,
      random: () => 0,
      ...options,
    })
  return {
    dataverse,
    addJob,
    runnerOf,
    jobs: () => jobsOf(dataverse),
    status: async () => (await jobsOf(dataverse)).map(({ status }) => status),
  }
}

const succeed: JobOptions['run'] = async () => ({ status: 'succeeded', results: 'done' })

/** A run that a test lets go on when it wants to. */
function createGate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Lets everything go on that waits for nothing but its turn. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a due job runs and ends with what became of it', async () => {
  const { addJob, runnerOf, jobs } = createSetup()
  const id = await addJob()
  expect(await runnerOf(succeed).runDue()).toEqual([{ id, type: 'Send Email', status: 'Succeeded', results: 'done' }])
  expect(await jobs()).toMatchObject([
    { status: 'Succeeded', results: 'done', attempt: 1, retries: 0, leaseOwner: null, handle: null },
  ])
})

test('a job that finds nothing to do is Not Applicable', async () => {
  const { addJob, runnerOf, jobs } = createSetup()
  await addJob()
  await runnerOf(async () => ({ status: 'notApplicable', results: 'nothing to do' })).runDue()
  expect(await jobs()).toMatchObject([{ status: 'Not Applicable', results: 'nothing to do' }])
})

test('writes of an outcome take effect together with it, or not at all', async () => {
  const { dataverse, addJob, runnerOf, jobs } = createSetup()
  await addJob()
  const account = await dataverse.create('account', { name: 'before' })
  const write = (key: string, name: string) =>
    ({ message: 'Update', table: 'account', key, changes: { name } }) as const
  await runnerOf(async () => ({
    status: 'succeeded',
    results: 'done',
    also: [write(account, 'after'), write('00000000-0000-4000-8000-00000000dead', 'nobody')],
  })).runDue()

  expect(await dataverse.retrieve('account', account, ['name'])).toEqual({ name: 'before' })
  expect(await jobs()).toMatchObject([{ status: 'Failed', results: expect.stringContaining('Does Not Exist') }])
})

test('an outcome that a step refuses makes the job fail with the reason, instead of running it for ever', async () => {
  const refuse = defineStep({
    name: 'no success today',
    table: Job,
    message: 'Update',
    stage: 'preValidation',
    filter: ['statuscode'],
    run({ target }) {
      if (target.statuscode === jobStatus.succeeded) throw new InvalidPluginExecution('No success today.')
    },
  })
  const { addJob, runnerOf, jobs } = createSetup({ steps: [refuse] })
  await addJob()
  await runnerOf(succeed).runDue()
  expect(await jobs()).toMatchObject([{ status: 'Failed', results: 'No success today.' }])
})

test('results that are longer than their column are cut, not fatal', async () => {
  const { addJob, runnerOf, jobs } = createSetup()
  await addJob()
  await runnerOf(async () => ({ status: 'succeeded', results: 'x'.repeat(200_000) })).runDue()
  expect(await jobs()).toMatchObject([{ status: 'Succeeded', results: 'x'.repeat(100_000) }])
})

test('jobs of types that a runner does not know are left alone', async () => {
  const { addJob, runnerOf, jobs } = createSetup()
  await addJob({ work365_job_jobtype: jobType['Create PDF'] })
  expect(await runnerOf(succeed).runDue()).toEqual([])
  expect(await jobs()).toMatchObject([{ status: 'Waiting', attempt: 0 }])
})

describe('claims', () => {
  test('of two claims on a job as it was seen one wins', async () => {
    const { dataverse, addJob, jobs } = createSetup()
    const seen = await readJob(dataverse, await addJob())
    const options = { service: dataverse, clock: dataverse.clock, leaseMs: LEASE }
    const claims = await Promise.all([
      claimJob(seen, { ...options, worker: 'a' }),
      claimJob(seen, { ...options, worker: 'b' }),
    ])
    expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1)
    expect(await jobs()).toMatchObject([{ status: 'In progress', attempt: 1 }])
  })

  test('two runners on one table run each job once', async () => {
    const { addJob, runnerOf, status } = createSetup()
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push(await addJob())
    const ran: string[] = []
    const run: JobOptions['run'] = async ({ job }) => {
      ran.push(job.id)
      await settle()
      return { status: 'succeeded', results: 'done' }
    }
    const runners = ['a', 'b'].map((worker) => runnerOf(run, { worker }))
    const runs = await Promise.all(runners.map((runner) => runner.runDue()))
    expect([...ran].sort()).toEqual(ids)
    expect(runs.flat()).toHaveLength(20)
    expect(new Set(await status())).toEqual(new Set(['Succeeded']))
  })

  test('two runners with the same name do not take each other for themselves', async () => {
    const { addJob, runnerOf } = createSetup()
    await addJob()
    let runs = 0
    const run: JobOptions['run'] = async () => {
      runs++
      await settle()
      return { status: 'succeeded', results: 'done' }
    }
    await Promise.all([runnerOf(run).runDue(), runnerOf(run).runDue()])
    expect(runs).toBe(1)
  })

  test.each<[string, Row, string]>([
    ['that a person cancels', { statecode: 1, statuscode: jobStatus.cancelled }, 'Cancelled'],
    ['that a worker of the same name takes over', { work365_job_attempt: 2 }, 'In progress'],
  ])('a job %s while it is being claimed is not run', async (_, changes, status) => {
    const { dataverse, addJob, jobs } = createSetup()
    const id = await addJob()
    const seen = await readJob(dataverse, id)
    const service = {
      ...dataverse,
      async execute(...parameters: Parameters<typeof dataverse.execute>) {
        const answer = await dataverse.execute(...parameters)
        await dataverse.update(Job.logicalName, id, changes)
        return answer
      },
    } as typeof dataverse
    const claim = await claimJob(seen, { service, clock: dataverse.clock, worker: 'a', leaseMs: LEASE })
    expect(claim).toBeUndefined()
    expect(await jobs()).toMatchObject([{ status }])
  })
})

describe('leases', () => {
  test('a living runner renews its lease, however long the job takes', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const gate = createGate()
    const first = runnerOf(async () => {
      await gate.opened
      return { status: 'succeeded', results: 'the first' }
    }).runDue()
    await settle()
    await dataverse.clock.advance(10 * LEASE)
    expect(await runnerOf(succeed).runDue()).toEqual([])
    gate.open()
    expect(await first).toMatchObject([{ results: 'the first' }])
    expect(await jobs()).toMatchObject([{ attempt: 1, results: 'the first' }])
  })

  test('when a runner dies its job is finished by another, once the lease has ended', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    // Its clock stands still, so it renews nothing: that is what a dead process looks like.
    void runnerOf(() => new Promise(() => {}), { worker: 'dead', clock: createTestClock(START) }).runDue()
    await settle()
    expect(await jobs()).toMatchObject([{ status: 'In progress', leaseOwner: 'dead' }])

    const other = runnerOf(succeed, { worker: 'other' })
    await dataverse.clock.advance(LEASE - 1)
    expect(await other.runDue()).toEqual([])
    await dataverse.clock.advance(1)
    expect(await other.runDue()).toMatchObject([{ status: 'Succeeded' }])
    expect(await jobs()).toMatchObject([{ attempt: 2, retries: 0 }])
  })

  test('a runner that lost its claim is told to stop, and what it still writes is not accepted', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const stalled = createTestClock(START)
    const gate = createGate()
    let signal: AbortSignal | undefined
    const first = runnerOf(
      async (context) => {
        signal = context.signal
        await gate.opened
        return { status: 'succeeded', results: 'stale' }
      },
      { worker: 'stalled', clock: stalled },
    ).runDue()
    await settle()
    await dataverse.clock.advance(LEASE)
    await runnerOf(async () => ({ status: 'notApplicable', results: 'fresh' }), { worker: 'other' }).runDue()

    expect(signal!.aborted).toBe(false)
    await stalled.advance(LEASE / 3)
    expect(signal!.aborted).toBe(true)
    gate.open()
    expect(await first).toEqual([])
    expect(await jobs()).toMatchObject([{ status: 'Not Applicable', results: 'fresh' }])
  })

  test('a stale outcome is not accepted even before the heartbeat notices', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const gate = createGate()
    const first = runnerOf(
      async () => {
        await gate.opened
        return { status: 'succeeded', results: 'stale' }
      },
      { clock: createTestClock(START) },
    ).runDue()
    await settle()
    await dataverse.clock.advance(LEASE)
    await runnerOf(async () => ({ status: 'notApplicable', results: 'fresh' })).runDue()
    gate.open()
    expect(await first).toEqual([])
    expect(await jobs()).toMatchObject([{ status: 'Not Applicable', results: 'fresh' }])
  })

  test('a runner whose Dataverse fails at the outcome leaves the job to the sweep and goes on', async () => {
    const { dataverse, addJob, runnerOf, status, jobs } = createSetup()
    await addJob()
    await addJob()
    let writes = 0
    const service = {
      ...dataverse,
      async execute(...parameters: Parameters<typeof dataverse.execute>) {
        // Two claims, then the outcomes: the first of these gets lost.
        if (++writes === 3) throw new Error('socket hang up')
        return dataverse.execute(...parameters)
      },
    } as typeof dataverse
    const events: string[] = []
    const runs = await runnerOf(succeed, { service, log: (event) => void events.push(event) }).runDue()
    expect(runs).toHaveLength(1)
    expect(events).toContain('job abandoned')
    expect((await status()).sort()).toEqual(['In progress', 'Succeeded'])

    await dataverse.clock.advance(LEASE)
    await runnerOf(succeed).runDue()
    expect(await status()).toEqual(['Succeeded', 'Succeeded'])
    expect((await jobs()).map(({ attempt }) => attempt).sort()).toEqual([1, 2])
  })
})

describe('retries', () => {
  test('a fault that may pass is tried again five times, after growing delays, and then the job fails', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const runner = runnerOf(async () => {
      throw new ProviderError('transient', 'The provider answered 503.')
    })
    const delays: number[] = []
    for (let retry = 1; retry <= 5; retry++) {
      await runner.runDue()
      const [job] = await jobs()
      expect(job).toMatchObject({ status: 'Retry', retries: retry, results: 'The provider answered 503.' })
      const delay = job!.scheduledFor!.getTime() - dataverse.clock.now().getTime()
      delays.push(delay / 1000)
      await dataverse.clock.advance(delay - 1)
      expect(await runner.runDue()).toEqual([])
      await dataverse.clock.advance(1)
    }
    expect(delays).toEqual([30, 60, 120, 240, 480])
    expect(await runner.runDue()).toMatchObject([{ status: 'Failed', results: 'The provider answered 503.' }])
    expect(await jobs()).toMatchObject([{ attempt: 6, retries: 5, leaseOwner: null }])
  })

  test('chance spreads retries out, by at most a fifth', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const fail: JobOptions['run'] = async () => {
      throw new ProviderError('transient', 'no')
    }
    await runnerOf(fail, { random: () => 1 }).runDue()
    expect((await jobs())[0]!.scheduledFor!.getTime() - dataverse.clock.now().getTime()).toBe(36_000)
  })

  test('a throttling provider does not count, and is asked again when it said', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    let answers = 0
    const runner = runnerOf(async () => {
      if (++answers > 20) return { status: 'succeeded', results: 'at last' }
      throw new ProviderError('throttled', 'Slow down.', { retryAfterMs: 17_000 })
    })
    for (let n = 0; n < 20; n++) {
      await runner.runDue()
      expect(await jobs()).toMatchObject([{ status: 'Retry', retries: 0 }])
      await dataverse.clock.advance(16_999)
      expect(await runner.runDue()).toEqual([])
      await dataverse.clock.advance(1)
    }
    expect(await runner.runDue()).toMatchObject([{ status: 'Succeeded', results: 'at last' }])
  })

  test('throttling ends in failure after a day', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    await addJob()
    const runner = runnerOf(async () => {
      throw new ProviderError('throttled', 'Slow down.', { retryAfterMs: 3_600_000 })
    })
    for (let hour = 0; hour < 24; hour++) {
      await runner.runDue()
      expect(await status()).toEqual(['Retry'])
      await dataverse.clock.advance(3_600_000)
    }
    await runner.runDue()
    expect(await status()).toEqual(['Failed'])
  })

  test('a longer wait that the provider asks for goes before our own delay', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    await runnerOf(async () => {
      throw new ProviderError('transient', 'later', { retryAfterMs: 300_000 })
    }).runDue()
    expect(await jobs()).toMatchObject([
      { retries: 1, scheduledFor: new Date(dataverse.clock.now().getTime() + 300_000) },
    ])
  })

  test.each([
    ['what the provider refuses', () => new ProviderError('notEligible', 'Not sold here.'), 'Not sold here.'],
    ['a bug', () => new TypeError('x is not a function'), 'x is not a function'],
    ['something that is no error', () => 'just a text', 'just a text'],
  ])('%s is final at once', async (_, thrown, message) => {
    const { addJob, runnerOf, jobs } = createSetup()
    await addJob()
    await runnerOf(async () => {
      throw thrown()
    }).runDue()
    expect(await jobs()).toMatchObject([{ status: 'Failed', results: message, attempt: 1, retries: 0 }])
  })
})

describe('time', () => {
  test('a job waits for its Scheduled For', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    await addJob({ work365_job_scheduledfor: new Date('2026-03-02T10:00:00Z') })
    const runner = runnerOf(succeed)
    await dataverse.clock.advance(3_599_999)
    expect(await runner.runDue()).toEqual([])
    expect(await status()).toEqual(['Waiting'])
    await dataverse.clock.advance(1)
    expect(await runner.runDue()).toHaveLength(1)
  })

  test('a postponed job comes back at its moment without counting as a failure', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const until = new Date('2026-03-03T00:00:00Z')
    const runner = runnerOf(async ({ clock }) =>
      clock.now() < until
        ? { status: 'postponed', results: 'not yet', until }
        : { status: 'succeeded', results: 'now' },
    )
    await runner.runDue()
    expect(await jobs()).toMatchObject([{ status: 'Retry', retries: 0, scheduledFor: until }])
    dataverse.clock.set(until)
    expect(await runner.runDue()).toMatchObject([{ results: 'now' }])
  })

  test('what waits for somebody else holds no worker, and is asked again with its handle, by any runner', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const handles: unknown[] = []
    const run: JobOptions['run'] = async ({ job }) => {
      handles.push(job.handle)
      if (job.handle !== undefined) return { status: 'succeeded', results: 'done' }
      return { status: 'waiting', results: 'accepted', handle: { operation: 7 }, afterMs: 30_000 }
    }
    await runnerOf(run, { worker: 'a' }).runDue()
    expect(await jobs()).toMatchObject([{ status: 'Dispatched', leaseOwner: null, handle: '{"operation":7}' }])
    expect(await runnerOf(run, { worker: 'b' }).runDue()).toEqual([])
    await dataverse.clock.advance(30_000)
    expect(await runnerOf(run, { worker: 'b' }).runDue()).toMatchObject([{ status: 'Succeeded' }])
    expect(handles).toEqual([undefined, { operation: 7 }])
    expect(await jobs()).toMatchObject([{ handle: null }])
  })
})

describe('cancelling', () => {
  test('a job that was cancelled by hand is not run', async () => {
    const { addJob, runnerOf, status } = createSetup()
    await addJob({ statecode: 1, statuscode: jobStatus.cancelled })
    expect(await runnerOf(succeed).runDue()).toEqual([])
    expect(await status()).toEqual(['Cancelled'])
  })

  test('a job that is cancelled while it waits for its turn is not run', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    const subscription = reference(Subscription, await dataverse.create(Subscription, {} as never))
    await addJob({ work365_job_subscription: subscription })
    const second = await addJob({ work365_job_subscription: subscription })
    const ran: string[] = []
    await runnerOf(async ({ job }) => {
      ran.push(job.id)
      await dataverse.update(Job, second, { statecode: 1, statuscode: jobStatus.cancelled as never })
      return { status: 'succeeded', results: 'done' }
    }).runDue()
    expect(ran).toHaveLength(1)
    expect(await status()).toEqual(['Succeeded', 'Cancelled'])
  })

  test('the outcome of a job that was cancelled while it ran does not undo the cancelling', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    const id = await addJob()
    await runnerOf(async () => {
      await dataverse.update(Job, id, { statecode: 1, statuscode: jobStatus.cancelled as never })
      return { status: 'succeeded', results: 'done' }
    }).runDue()
    expect(await status()).toEqual(['Cancelled'])
  })
})

describe('a started runner', () => {
  test('runs what becomes due at its next poll, or at once when woken', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    const runner = runnerOf(succeed, { pollMs: 15_000 })
    await runner.start()
    await settle()
    await addJob()
    await settle()
    expect(await status()).toEqual(['Waiting'])
    await dataverse.clock.advance(15_000)
    expect(await status()).toEqual(['Succeeded'])

    await addJob()
    runner.wake()
    await settle()
    expect(await status()).toEqual(['Succeeded', 'Succeeded'])
    await runner.stop()
    await addJob()
    await dataverse.clock.advance(60_000)
    expect(await status()).toEqual(['Succeeded', 'Succeeded', 'Waiting'])
  })

  test('survives a Dataverse that is out of reach for a while', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    await addJob()
    let down = true
    const service = {
      ...dataverse,
      retrieveMultiple: async (query: never) => {
        if (down) throw new Error('ECONNREFUSED')
        return dataverse.retrieveMultiple(query)
      },
    } as typeof dataverse
    const runner = runnerOf(succeed, { service, pollMs: 15_000 })
    await runner.start()
    await dataverse.clock.advance(30_000)
    expect(await status()).toEqual(['Waiting'])
    down = false
    await dataverse.clock.advance(15_000)
    expect(await status()).toEqual(['Succeeded'])
    await runner.stop()
  })

  test('lets running jobs finish when it stops, and takes nothing new', async () => {
    const { addJob, runnerOf, status } = createSetup()
    await addJob()
    const gate = createGate()
    const runner = runnerOf(async () => {
      await gate.opened
      return { status: 'succeeded', results: 'done' }
    })
    await runner.start()
    await settle()
    const stopped = runner.stop()
    await addJob()
    gate.open()
    await stopped
    expect(await status()).toEqual(['Succeeded', 'Waiting'])
  })

  test('tells a job to stop that takes longer than the drain; its lease runs out and another runner finishes it', async () => {
    const { dataverse, addJob, runnerOf, status, jobs } = createSetup()
    await addJob()
    const runner = runnerOf(
      ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    await runner.start()
    await settle()
    const stopped = runner.stop({ drainMs: 5_000 })
    await dataverse.clock.advance(5_000)
    await stopped
    expect(await status()).toEqual(['In progress'])

    await dataverse.clock.advance(LEASE)
    expect(await runnerOf(succeed).runDue()).toMatchObject([{ status: 'Succeeded' }])
    expect(await jobs()).toMatchObject([{ attempt: 2, retries: 0 }])
  })

  test('can be started again', async () => {
    const { addJob, runnerOf, status } = createSetup()
    const runner = runnerOf(succeed)
    await runner.start()
    await runner.stop()
    await addJob()
    await runner.start()
    await settle()
    expect(await status()).toEqual(['Succeeded'])
    await runner.stop()
  })
})

describe('one bad row holds up no other', () => {
  test('a job whose handle is no JSON fails with a sentence, and the others run', async () => {
    const { addJob, runnerOf, jobs } = createSetup()
    const bad = await addJob({ work365_job_handle: '{"operation":' })
    const good = await addJob()
    const ran: string[] = []
    await runnerOf(async ({ job }) => {
      ran.push(job.id)
      return { status: 'succeeded', results: 'done' }
    }).runDue()
    expect(ran).toEqual([good])
    expect(await jobs()).toMatchObject([
      {
        id: bad,
        status: 'Failed',
        results: expect.stringMatching(/work365_job_handle.*not valid JSON.*queue a new job/),
      },
      { id: good, status: 'Succeeded' },
    ])
  })

  test('a job whose blockedBy throws is logged and waits for the next time, and the others run', async () => {
    const { dataverse, addJob, jobs } = createSetup()
    const bad = await addJob()
    const good = await addJob()
    let broken = true
    const events: unknown[] = []
    const job = defineJob({
      type: 'Send Email',
      run: succeed,
      blockedBy: async ({ job: { id } }) => {
        if (broken && id === bad) throw new Error('no idea')
        return undefined
      },
    })
    const log = (event: string, data?: unknown) => void events.push([event, data])
    const runner = createJobRunner({ service: dataverse, jobs: [job], clock: dataverse.clock, log })
    expect(await runner.runDue()).toMatchObject([{ id: good }])
    expect(events).toContainEqual(['job skipped', { id: bad, message: 'no idea' }])
    expect(await jobs()).toMatchObject([{ status: 'Waiting', attempt: 0 }, { status: 'Succeeded' }])
    broken = false
    expect(await runner.runDue()).toMatchObject([{ id: bad }])
  })
})

test('more blocked jobs than fit a page do not hide the one behind them', async () => {
  const { dataverse, addJob, jobs } = createSetup()
  const blocked = new Set(
    await dataverse.seed(
      Job,
      Array.from({ length: 1001 }, () => ({ work365_job_name: 'blocked', work365_job_jobtype: jobType['Send Email'] })),
    ),
  )
  await dataverse.clock.advance(1000)
  const free = await addJob()
  const runner = createJobRunner({
    service: dataverse,
    jobs: [
      defineJob({
        type: 'Send Email',
        run: succeed,
        blockedBy: async ({ job }) => (blocked.has(job.id) ? 'something else' : undefined),
      }),
    ],
    clock: dataverse.clock,
  })

  expect((await runner.runDue()).map(({ id }) => id)).toEqual([free])
  expect((await jobs()).filter(({ status }) => status === 'Waiting')).toHaveLength(1001)
})

test('a definition that throws in onFailure fails its job once, and for good', async () => {
  const { dataverse, addJob, jobs } = createSetup()
  await addJob()
  let asked = 0
  const logged: string[] = []
  const runner = createJobRunner({
    service: dataverse,
    jobs: [
      defineJob({
        type: 'Send Email',
        run: async () => {
          throw new ProviderError('invalid', 'no such address')
        },
        onFailure: async () => {
          asked++
          throw new Error('what to write is not known')
        },
      }),
    ],
    clock: dataverse.clock,
    log: (event) => logged.push(event),
  })
  await runner.runDue()
  await dataverse.clock.advance(2 * LEASE)
  await runner.runDue()

  expect(await jobs()).toMatchObject([{ status: 'Failed', results: 'no such address' }])
  expect(asked).toBe(1)
  expect(logged).toContain('job failed without its effects')
})

describe('calls that overlap', () => {
  test('a wake during a poll makes it look again at once', async () => {
    const { dataverse, addJob, runnerOf, status } = createSetup()
    const gate = createGate()
    let looks = 0
    const service = {
      ...dataverse,
      retrieveMultiple: async (query: never) => {
        const found = await dataverse.retrieveMultiple(query)
        if (++looks === 1) await gate.opened
        return found
      },
    } as typeof dataverse
    const runner = runnerOf(succeed, { service })
    await runner.start()
    await settle()
    await addJob()
    runner.wake()
    gate.open()
    await settle()
    expect(await status()).toEqual(['Succeeded'])
    await runner.stop()
  })

  test('a stop does not wait for a job that ignores its signal; its lease runs out and another runner finishes it', async () => {
    const { dataverse, addJob, runnerOf, jobs } = createSetup()
    await addJob()
    const runner = runnerOf(() => new Promise(() => {}))
    await runner.start()
    await settle()
    const stopped = runner.stop({ drainMs: 5_000 })
    await dataverse.clock.advance(5_000)
    await stopped
    await dataverse.clock.advance(LEASE)
    expect(await runnerOf(succeed).runDue()).toMatchObject([{ status: 'Succeeded' }])
    expect(await jobs()).toMatchObject([{ attempt: 2 }])
  })

  test('a start while it stops starts it again afterwards, unless it was stopped again', async () => {
    const { addJob, runnerOf, status } = createSetup()
    await addJob()
    const gate = createGate()
    const runner = runnerOf(async () => {
      await gate.opened
      return { status: 'succeeded', results: 'done' }
    })
    await runner.start()
    await settle()
    const stopped = runner.stop()
    const startedAgain = runner.start()
    gate.open()
    await Promise.all([stopped, startedAgain])
    await addJob()
    runner.wake()
    await settle()
    expect(await status()).toEqual(['Succeeded', 'Succeeded'])

    await Promise.all([runner.stop(), runner.start(), runner.stop()])
    await addJob()
    runner.wake()
    await settle()
    expect(await status()).toEqual(['Succeeded', 'Succeeded', 'Waiting'])
  })

  test('each of two runDue at a time answers what it ran itself', async () => {
    const { addJob, runnerOf } = createSetup()
    const first = await addJob()
    const gate = createGate()
    const runner = runnerOf(async () => {
      await gate.opened
      return { status: 'succeeded', results: 'done' }
    })
    const one = runner.runDue()
    await settle()
    const two = runner.runDue()
    gate.open()
    expect((await one).map(({ id }) => id)).toEqual([first])
    expect(await two).toEqual([])
  })
})

test.each([
  ['Sync License Change Log', syncLicenseChangeLog({ connect: () => undefined })],
  ['Manual Provider Reminder Email', manualProviderReminder({ sendMail: async () => {} })],
] as const)('a job of the type %s that regards nothing fails by the name of the column', async (type, job) => {
  const { dataverse, addJob, jobs } = createSetup()
  await addJob({ work365_job_jobtype: jobType[type] })
  await createJobRunner({ service: dataverse, jobs: [job], clock: dataverse.clock }).runDue()
  expect(await jobs()).toMatchObject([
    { status: 'Failed', attempt: 1, results: expect.stringMatching(/work365_job_regarding is empty.*re-queue/) },
  ])
})

test('a job without a `run` is refused by name', () => {
  expect(() => defineJob({ type: 'Send Email' } as never)).toThrow("defineJob('Send Email'): `run` is not a function.")
})
