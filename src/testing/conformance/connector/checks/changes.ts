import { type ConformanceCheck, ensure } from '../check.ts'
import { collect, doneOf, during, ensureNoWrite, samplesOf, targetOf } from '../judge.ts'

/** Converging on a target. */
export const changes: readonly ConformanceCheck[] = [
  {
    id: 'C06',
    group: 'apply',
    title: 'what was bought is found by `find` and among the `subscriptions`',
    needs: ['provider', 'create', 'lookup', 'order'],
    async run({ connector, world: { samples }, start }) {
      const order = samples.order!
      const process = start()
      const { subscription } = doneOf(await process.settle(order), 'After an order')
      ensure(
        subscription.quantity === order.quantity,
        `${order.quantity} were ordered, and ${subscription.quantity} came.`,
      )
      if (connector.find) {
        const found = await connector.find(process.context(), order)
        ensure(found?.id === subscription.id, `\`find\` finds ${found?.id ?? 'nothing'}, not ${subscription.id}.`)
      }
      if (!connector.subscriptions) return
      const listed = await collect(connector.subscriptions(process.context(), samples.customer ?? order.customer))
      ensure(
        listed.some(({ id }) => id === subscription.id),
        `\`subscriptions\` does not list ${subscription.id}.`,
      )
    },
    untried({ connector }) {
      if (!connector.subscriptions) return 'subscriptions is not offered'
      return connector.find ? undefined : 'find is not offered'
    },
  },
  {
    id: 'C07',
    group: 'apply',
    title: 'applying twice writes nothing the second time',
    needs: [],
    async run(bench) {
      for (const target of samplesOf(bench)) {
        const first = await bench.start().settle(target)
        const { result, requests } = await during(bench, () => bench.start().settle(target))
        ensureNoWrite(requests, `Applied a second time (${target.kind})`)
        if (first.status !== 'done') continue
        const { changed } = doneOf(result, 'Applied a second time')
        ensure(!changed, `Applied a second time (${target.kind}), it says that it changed something.`)
      }
    },
  },
  {
    id: 'C08',
    group: 'apply',
    title: 'a target that somebody else has reached is done, without a write',
    needs: ['provider', 'change'],
    async run(bench) {
      await bench.start().settle(targetOf(bench), 'somebody else')
      const { result, requests } = await during(bench, () => bench.start().settle(targetOf(bench)))
      const { changed } = doneOf(result, 'When somebody else has reached the target')
      ensure(!changed, 'Somebody else has reached the target, and it says that it changed something.')
      ensureNoWrite(requests, 'When somebody else has reached the target')
    },
  },
  {
    id: 'C15',
    group: 'apply',
    title: 'what somebody else wrote between reading and writing is kept',
    needs: ['provider', 'change', 'competing'],
    async run(bench) {
      const { provider, start, world } = bench
      const competing = world.samples.competing!
      provider.before('write', () => start().settle(competing, 'somebody else'))
      doneOf(await start().settle(targetOf(bench)), 'When somebody else wrote meanwhile')
      for (const [who, change] of [
        ['the other writer', competing],
        ['its own', targetOf(bench)],
      ] as const) {
        const again = doneOf(await start().settle(change, 'afterwards'), 'Afterwards')
        ensure(!again.changed, `What ${who} wrote was lost: ${change.kind}.`)
      }
    },
  },
  {
    id: 'C25',
    group: 'apply',
    title: 'the writes of a change follow one another, and no two are under way together',
    needs: ['provider', 'target'],
    async run(bench) {
      for (const target of samplesOf(bench)) await bench.start().settle(target)
      const { provider } = bench
      ensure(provider.mostWrites <= 1, `${provider.mostWrites} writes were under way together.`)
    },
    untried: () => 'whether the host keeps two changes of one subscription apart',
  },
  {
    id: 'C26',
    group: 'apply',
    title: 'an add-on whose base is still under way is pending, and not refused',
    needs: ['provider', 'create', 'earlyAddOn'],
    async run({ start, world: { samples } }) {
      const outcome = await start()
        .apply(samples.earlyAddOn!)
        .then(
          ({ status }) => status as string,
          ({ code }: { readonly code?: string }) => code,
        )
      ensure(outcome === 'pending' || outcome === 'accepted', `It is \`${outcome}\`, not \`pending\`.`)
    },
  },
]
