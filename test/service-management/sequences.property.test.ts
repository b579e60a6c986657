import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFabrikam, order, serve, token } from './provider.ts'

type Step = { readonly times: number; readonly busy: number } & (
  | { readonly do: 'create' | 'suspend' | 'activate' }
  | { readonly do: 'update'; readonly quantity: number }
)

const how = { times: fc.integer({ min: 1, max: 3 }), busy: fc.integer({ min: 0, max: 2 }) }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ ...how, do: fc.constantFrom('create' as const, 'suspend' as const, 'activate' as const) }),
  fc.record({ ...how, do: fc.constant('update' as const), quantity: fc.integer({ min: 1, max: 300 }) }),
)

test('whatever is called, however often and however slow the provider is, it ends where the last calls wanted it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const { fabrikam, subscriptions, writes, beBusy } = createFabrikam()
      const { call, close } = await serve(fabrikam, { credentials: { token } })
      const deliver = async (path: string, body: object) => {
        for (let tries = 0; tries < 5; tries++) {
          const answer = await call(path, body)
          if (answer.body.Code !== 2) return answer.body
        }
      }
      try {
        const { Result: ID } = await deliver('Subscriptions/Create', order)
        const wanted = { quantity: order.Quantity, status: 'active' }
        for (const one of steps) {
          beBusy(one.busy)
          if (one.do === 'update') wanted.quantity = one.quantity
          if (one.do === 'suspend') wanted.status = 'paused'
          if (one.do === 'activate') wanted.status = 'active'
          const endpoint = { create: 'Create', update: 'Update', suspend: 'Suspend', activate: 'Activate' }[one.do]
          const { ActionType: _, ...bare } = order
          const body =
            one.do === 'create' ? bare : { ...bare, ID, ...(one.do === 'update' && { Quantity: one.quantity }) }
          for (let time = 0; time < one.times; time++)
            expect(await deliver(`Subscriptions/${endpoint}`, body)).toMatchObject({ Code: 0, Result: ID })
          beBusy(0)
        }
        expect(subscriptions.size).toBe(1)
        expect(subscriptions.get(ID)).toMatchObject(wanted)
        expect(writes.filter((write) => write.startsWith('buy'))).toHaveLength(1)
      } finally {
        await close()
      }
    }),
    { numRuns: 60 },
  )
})
