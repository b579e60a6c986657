import type { Outcome } from '../../../../connectors/index.ts'
import { type Bench, deliver } from '../bench.ts'
import { type ConformanceCheck, ensure, fail } from '../check.ts'
import { nextTurn } from '../driven-clock.ts'
import { callsIn, doneOf, naming, samplesOf, targetOf } from '../judge.ts'

const MONTH_MS = 30 * 24 * 3_600_000

/** What a provider needs time for, and a worker that is told to stop. */
export const waiting: readonly ConformanceCheck[] = [
  {
    id: 'C11',
    group: 'waiting',
    title: 'what is not finished is never done, whatever the provider calls it, and past its deadline it is pending',
    needs: ['provider', 'target', 'slow'],
    async run(bench) {
      const { world, clock } = bench
      world.slow!(MONTH_MS)
      world.mumble?.()
      for (const change of samplesOf(bench)) {
        const before = clock.now().getTime()
        const end = await endOf(bench.start().settle(change))
        const isOver = clock.now().getTime() - before >= MONTH_MS
        const why = `The provider was still working on it, and for the connector it is \`${end}\` (${change.kind}).`
        ensure(isOver || end === 'pending' || end === 'accepted', why)
        await clock.advance(MONTH_MS)
        doneOf(await deliver(bench, change), 'Once the provider has finished')
      }
    },
    untried: ({ world }) => (world?.mumble ? undefined : 'a status that nobody knows'),
  },
  {
    id: 'C20',
    group: 'abort',
    title: 'the signal stops requests and waiting, and undoes nothing at the provider',
    needs: ['provider', 'target'],
    async run(bench) {
      await stopAt(bench, 'write')
      await stopAt(bench, 'read')
      await stopAsleep(bench)
      bench.provider.heal()
    },
  },
]

/** How it ended: the status of its outcome, or the code of its failure. */
const endOf = (work: Promise<Outcome>) =>
  work.then(
    ({ status }) => status as string,
    ({ code, message }: { readonly code?: string; readonly message: string }) => code ?? message,
  )

const REASON = new Error('told to stop')
/** Turns of the event loop that stopping may take: nothing in it waits for anybody. */
const MOST_TURNS = 1000

/** Aborts when a request of this kind has arrived. What it does at the provider stays done. */
async function stopAt(bench: Bench, kind: 'read' | 'write'): Promise<void> {
  const { provider, start } = bench
  const stop = new AbortController()
  const change = targetOf(bench)
  const key = `stopped at a ${kind}`
  provider.before(kind, () => stop.abort(REASON))
  const work = start({ signal: stop.signal }).settle(change, key)
  await ensureStopped(work, `When a ${kind} was under way`)
  const arrived = provider.requests.length
  for (let turns = 0; turns < 10; turns++) await nextTurn()
  const later = callsIn(provider.requests.slice(arrived))
  ensure(later.length === 0, `After it was told to stop at a ${kind}, it went on: ${naming(later)}.`)
  doneOf(await deliver(bench, change, key), 'Delivered again after it was stopped')
}

/** Aborts while it waits; time stands still from before. Orders come first, because they are never in force yet. */
async function stopAsleep(bench: Bench): Promise<void> {
  const { provider, clock, start, world } = bench
  const change = samplesOf(bench).at(-1) ?? targetOf(bench)
  world.slow?.(MONTH_MS)
  clock.freeze()
  for (const faulty of [false, true]) {
    if (faulty) provider.fail({ status: 503, times: 100 })
    const stop = new AbortController()
    const work = start({ signal: stop.signal }).apply(change, `stopped asleep ${faulty}`)
    const isOver = await untilAsleep(bench, work)
    if (isOver) continue
    stop.abort(REASON)
    await ensureStopped(work, 'While it waited')
  }
}

/** Whether the work has ended without waiting. */
async function untilAsleep({ clock }: Bench, work: Promise<Outcome>): Promise<boolean> {
  let isOver = false
  const end = () => {
    isOver = true
  }
  work.then(end, end)
  while (!isOver && clock.sleeping === 0) await nextTurn()
  return isOver
}

async function ensureStopped(work: Promise<Outcome>, when: string): Promise<void> {
  const tooLate = (async () => {
    for (let turns = 0; turns < MOST_TURNS; turns++) await nextTurn()
    return fail(`${when}, it did not stop when it was told to.`)
  })()
  tooLate.catch(() => {})
  const reason = await Promise.race([work, tooLate]).then(
    ({ status }) => fail(`${when}, it was told to stop, and ended with \`${status}\`.`),
    (error: unknown) => error,
  )
  if (reason !== REASON) throw reason
}
