import { memoryState } from '../../../../connectors/index.ts'
import type { Bench } from '../bench.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { callsIn, collect, doneOf } from '../judge.ts'

/** Lists, page by page. */
export const listing: readonly ConformanceCheck[] = [
  {
    id: 'C18',
    group: 'paging',
    title: 'lists of none, one, a page and many are whole, and a list in a circle ends',
    needs: ['provider', 'customers', 'populate'],
    async run(bench) {
      const { world } = bench
      const { pageSize } = world
      for (const count of [0, 1, ...(pageSize ? [pageSize, pageSize + 1, 3 * pageSize] : [3])]) {
        world.populate!(count)
        await ensureWhole(bench, count)
      }
      if (!pageSize) return
      if (world.listWithGap) {
        world.listWithGap()
        await ensureWhole(bench, 3 * pageSize)
      }
      if (world.listInCircle) {
        world.listInCircle()
        await ensureEnds(bench, 3 * pageSize)
      }
    },
    untried({ world }) {
      if (!world?.pageSize) return 'more pages than one'
      const missing = [world.listWithGap ? [] : ['an empty page'], world.listInCircle ? [] : ['a circle']].flat()
      return missing.length > 0 ? missing.join(' and ') : undefined
    },
  },
  {
    id: 'C19',
    group: 'paging',
    title: 'whoever stops reading a list stops its requests',
    needs: ['provider', 'customers', 'populate', 'pages'],
    async run(bench) {
      const { world, provider } = bench
      world.populate!(5 * world.pageSize!)
      for await (const _ of customersOf(bench)) break
      const pages = callsIn(provider.requests).length
      ensure(pages === 1, `One customer of five pages was read, and ${pages} requests were made.`)
    },
  },
  {
    id: 'C30',
    group: 'paging',
    title: '10,000 customers are listed with no more than a page of them at hand',
    needs: ['provider', 'customers', 'populate', 'pages'],
    async run(bench) {
      const { world, provider } = bench
      const { pageSize = 1 } = world
      world.populate!(10_000)
      const seen = new Set<string>()
      for await (const { id } of customersOf(bench)) {
        seen.add(id)
        const ahead = callsIn(provider.requests).length * pageSize - seen.size
        ensure(ahead <= 2 * pageSize, `After ${seen.size} customers, ${ahead} more had been asked for.`)
      }
      ensure(seen.size === 10_000, `Of 10,000 customers, ${seen.size} were listed.`)
    },
  },
  {
    id: 'C29',
    group: 'money',
    title: 'prices and parts of one come through as they are',
    needs: ['provider', 'catalog', 'prices'],
    async run({ connector, start, world: { samples } }) {
      const products = await collect(connector.catalog!.products(start().context()))
      for (const { id, unitPrice } of samples.prices!) {
        const found = products.filter((product) => product.id === id).map((product) => product.unitPrice)
        ensure(found.includes(unitPrice), `${id} costs ${unitPrice}, and the catalogue says ${found.join(', ')}.`)
      }
      if (!samples.fraction) return
      const { subscription } = doneOf(await start().settle(samples.fraction), 'After an order of a part')
      const { quantity } = samples.fraction
      ensure(subscription.quantity === quantity, `${quantity} were ordered, and ${subscription.quantity} came.`)
    },
    untried: ({ world }) => (world?.samples.fraction ? undefined : 'a part of one'),
  },
]

const customersOf = ({ connector, start }: Bench) =>
  connector.customers!.list(start({ state: memoryState() }).context())

async function ensureWhole(bench: Bench, count: number): Promise<void> {
  const ids = (await collect(customersOf(bench))).map(({ id }) => id)
  ensure(ids.length === count, `Of ${count} customers, ${ids.length} were listed.`)
  ensure(new Set(ids).size === count, `Of ${count} customers, some were listed twice.`)
}

async function ensureEnds(bench: Bench, count: number): Promise<void> {
  let listed = 0
  try {
    for await (const _ of customersOf(bench)) ensure(++listed <= 2 * count, 'A list in a circle has no end.')
  } catch (error) {
    if (listed > 2 * count) throw error
  }
}
