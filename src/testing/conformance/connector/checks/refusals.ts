import type { Bench } from '../bench.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { during, ensureNoWrite, failureOf, samplesOf } from '../judge.ts'
import type { RefusedSample } from '../world.ts'

/** What a provider does not sell, and when. */
export const refusals: readonly ConformanceCheck[] = [
  {
    id: 'C16',
    group: 'refusals',
    title: 'each refusal has its code, and a sentence that a biller understands',
    needs: ['provider', 'refused'],
    async run(bench) {
      for (const sample of refusedOf(bench)) {
        await untilThen(bench, sample)
        const { code, message } = await failureOf(bench.start().settle(sample.change, sample.what), sample.what)
        ensure(code === sample.code, `${sample.what} is \`${code}\`, not \`${sample.code}\`: ${message}`)
        ensure(isSentence(message), `${sample.what}: this is no sentence for a biller: ${message}`)
      }
    },
  },
  {
    id: 'C17',
    group: 'refusals',
    title: 'preview refuses what apply refuses, and writes nothing',
    needs: ['provider', 'preview', 'target'],
    async run(bench) {
      for (const change of samplesOf(bench)) {
        const preview = await previewOf(bench, change)
        ensure(preview.ok, `preview refuses what apply takes: ${change.kind}.`)
      }
      for (const sample of refusedOf(bench)) {
        await untilThen(bench, sample)
        const preview = await previewOf(bench, sample.change)
        ensure(!preview.ok, `preview has nothing against it: ${sample.what}.`)
        const codes = preview.refusals.map(({ code }) => code)
        ensure(codes.includes(sample.code), `preview of ${sample.what} says ${codes.join(', ')}, not ${sample.code}.`)
      }
    },
    untried: ({ world }) => (world?.samples.refused?.length ? undefined : 'a refusal'),
  },
  {
    id: 'C28',
    group: 'refusals',
    title: 'a window ends by hours and not by local days, also when clocks are changed',
    needs: ['provider', 'cancellation'],
    async run(bench) {
      const { change, withinMs } = bench.world.samples.cancellation!
      const { clock, start, connector } = bench
      const zone = process.env.TZ
      // Its clocks are put back on 25 October 2026, and the bench begins five days before.
      process.env.TZ = 'Europe/Berlin'
      try {
        await clock.advance(withinMs - 1)
        const preview = connector.preview && (await previewOf(bench, change))
        ensure(!preview || preview.ok, 'A millisecond before the window ends, preview refuses.')
        const { requests } = await during(bench, async () => {
          await clock.advance(1)
          const { code } = await failureOf(start().settle(change), 'When the window has ended')
          ensure(code === 'windowClosed', `When the window has ended, it is \`${code}\`, not \`windowClosed\`.`)
        })
        ensureNoWrite(requests, 'When the window has ended')
      } finally {
        if (zone === undefined) delete process.env.TZ
        else process.env.TZ = zone
      }
    },
    untried: ({ connector }) => (connector.preview ? undefined : 'the last moment of the window'),
  },
]

const refusedOf = ({ connector, world }: Bench) =>
  (world.samples.refused ?? []).filter(({ change }) => connector.changes.includes(change.kind))

/** Time passes until what is refused is. */
const untilThen = ({ clock }: Bench, { afterMs = 0 }: RefusedSample) => clock.advance(afterMs)

async function previewOf(bench: Bench, change: RefusedSample['change']) {
  const { result, requests } = await during(bench, () =>
    bench.connector.preview!(bench.start().context('preview'), change),
  )
  ensureNoWrite(requests, 'For a preview')
  return result
}

const isSentence = (message: string) => /^\p{Lu}.{15,}\.$/su.test(message) && !/[{}<>]/.test(message)
