import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Json, type Outcome, ProviderError } from '../../src/connectors/index.ts'
import type { PartnerCenterQuirks, SimulatorFault } from '../../src/testing/index.ts'
import { type Connected, connect, order } from './connection.ts'

const fault: fc.Arbitrary<SimulatorFault> = fc.oneof(
  fc.record({
    path: fc.constantFrom<RegExp>(/./, /carts$/, /checkout$/, /orders/, /subscriptions/, /token$/),
    drop: fc.constantFrom<'request' | 'answer'>('request', 'answer'),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    path: fc.constantFrom<RegExp>(/./, /carts$/, /checkout$/, /orders/),
    status: fc.constantFrom(500, 503, 429, 408),
    times: fc.integer({ min: 1, max: 4 }),
  }),
)

const quirks: fc.Arbitrary<PartnerCenterQuirks> = fc.record({
  forgetsRequestIds: fc.boolean(),
  namesSubscriptionsLate: fc.boolean(),
  ordersPartly: fc.boolean(),
})

/** As the job runner does it: a handle is kept before it is gone on with, and what fails is delivered again under the same key. */
async function deliver(center: Connected): Promise<Outcome> {
  let handle: Json | undefined
  for (let delivery = 0; delivery < 200; delivery++) {
    try {
      const outcome: Outcome = handle === undefined ? await center.apply(order) : await center.resume(handle)
      if (outcome.status !== 'accepted') return outcome
      handle = outcome.handle
      await center.clock.advance(outcome.pollAfterMs ?? 0)
    } catch (error) {
      if (!ProviderError.isInstance(error) || error.retry === 'never') throw error
      await center.clock.advance(error.retryAfterMs ?? 30_000)
    }
  }
  return expect.fail('it never came to an end')
}

const bought = (center: Connected) => center.simulator.state.writes.filter(({ kind }) => kind === 'order')

test('whatever is cut, before or after its effect, one order buys exactly once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 6 }),
      quirks,
      fc.constantFrom(0, 60_000, 14 * 60_000),
      async (faults, how, visibleAfterMs) => {
        const timing = { visibleAfterMs, completesAfterMs: visibleAfterMs }
        const center = await connect({ quirks: how, timing })
        for (const one of faults) center.simulator.fail(one)

        expect(await deliver(center)).toMatchObject({ status: 'done', subscription: { quantity: 5 } })
        expect(bought(center)).toHaveLength(1)
        await center.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('even a job that begins from nothing again buys once, where Microsoft keeps request ids', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 4 }),
      fc.constantFrom(0, 14 * 60_000),
      async (faults, visibleAfterMs) => {
        const center = await connect({ timing: { visibleAfterMs } })
        for (const one of faults) center.simulator.fail(one)

        const first = await center.apply(order).catch(() => undefined)
        // The worker dies here, and its job is queued anew: the handle is gone.
        if (first?.status === 'accepted') await center.resume(first.handle).catch(() => undefined)
        expect(await deliver(center)).toMatchObject({ status: 'done' })
        expect(bought(center)).toHaveLength(1)
        await center.close()
      },
    ),
    { numRuns: 40 },
  )
})
