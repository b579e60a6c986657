import type { Change } from '../../../../connectors/index.ts'
import { type Bench, deliver } from '../bench.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { doneOf, targetOf, writesIn } from '../judge.ts'

/** A worker that dies. */
export const crashes: readonly ConformanceCheck[] = [
  {
    id: 'C09',
    group: 'crash',
    title: 'an order whose answer was lost buys once, however often it is delivered',
    needs: ['provider', 'create', 'order', 'purchases'],
    async run(bench) {
      const order = bench.world.samples.order!
      const writes = await countWrites(bench, order)
      await ensureOnce(bench, order, writes, '')
      if (!bench.world.forgetKeys) return
      bench.world.forgetKeys()
      await ensureOnce(bench, order, writes, ' by a provider that forgets keys')
    },
    untried: ({ world }) => (world?.forgetKeys ? undefined : 'a provider that forgets keys'),
  },
  {
    id: 'C10',
    group: 'crash',
    title: 'another process goes on with nothing but the handle',
    needs: ['provider', 'resume', 'target', 'slow'],
    async run(bench) {
      bench.world.slow!(TEN_MINUTES_MS)
      const change = targetOf(bench)
      let outcome = await bench.start().apply(change)
      ensure(outcome.status === 'accepted', `A change that takes time is \`${outcome.status}\`, not \`accepted\`.`)
      for (let polls = 0; outcome.status === 'accepted' && polls < 100; polls++) {
        await bench.clock.sleep(outcome.pollAfterMs ?? 60_000)
        outcome = await bench.start().resume(outcome.handle)
      }
      doneOf(outcome, 'Resumed by other processes')
    },
  },
]

const TEN_MINUTES_MS = 600_000

/** How many requests of an order write. */
async function countWrites(bench: Bench, order: Change<'create'>): Promise<number> {
  doneOf(await bench.start().settle(order, 'counted'), 'Undisturbed')
  return writesIn(bench.provider.requests).length
}

/** Cuts each write of the order in turn, before and after its effect; all deliveries have one key. */
async function ensureOnce(bench: Bench, order: Change<'create'>, writes: number, where: string): Promise<void> {
  for (const drop of ['request', 'answer'] as const) {
    for (let after = 0; after < writes; after++) {
      const key = `cut ${drop} ${after}${where}`
      const before = bench.world.purchases!().length
      bench.provider.fail({ on: 'write', drop, after })
      const { subscription } = doneOf(await deliver(bench, order, key), 'Delivered until it ends')
      const bought = bench.world.purchases!().slice(before)
      const cut = `The connection was cut ${drop === 'answer' ? 'after' : 'before'} write ${after + 1} took effect`
      ensure(bought.length === 1, `${cut}, and the order was bought ${bought.length} times${where}.`)
      ensure(bought[0]?.subscriptionId === subscription.id, `${cut}, and the outcome names another subscription.`)
      bench.provider.heal()
    }
  }
}
