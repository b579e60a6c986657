import { type ConformanceCheck, ensure } from '../check.ts'
import { callsIn, targetOf } from '../judge.ts'

const MINUTE_MS = 60_000

export const limits: readonly ConformanceCheck[] = [
  {
    id: 'C27',
    group: 'limits',
    title: '1,000 changes at once keep to the requests a minute that it declares',
    needs: ['provider', 'limits', 'target'],
    async run(bench) {
      const { requestsPerMinute = 0 } = bench.connector.limits ?? {}
      const process = bench.start()
      await process.settle(targetOf(bench))
      await Promise.all(Array.from({ length: 1000 }, () => process.settle(targetOf(bench))))
      const times = callsIn(bench.provider.requests).map(({ at }) => at.getTime())
      times.forEach((time, at) => {
        const inMinute = (times[at + requestsPerMinute] ?? Number.POSITIVE_INFINITY) - time >= MINUTE_MS
        ensure(inMinute, `More than ${requestsPerMinute} requests were made within a minute.`)
      })
    },
  },
]
