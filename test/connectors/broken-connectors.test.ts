import { describe, expect, test } from 'vitest'
import { conformanceChecks, runCheck } from '../../src/testing/conformance/index.ts'
import { createContoso, type Flaw } from './contoso.ts'
import { contosoWorld } from './contoso-world.ts'

const find = (id: string, flaw?: Flaw) =>
  runCheck(conformanceChecks.find((check) => check.id === id)!, createContoso(flaw), contosoWorld)

describe('a connector without a flaw passes', () => {
  test.each(conformanceChecks.map(({ id, title }) => [id, title]))('%s: %s', { timeout: 60_000 }, async (id) => {
    expect((await find(id)).status, JSON.stringify(await find(id))).toBe(id === 'C02' ? 'not tried' : 'pass')
  })
})

describe('a connector that', () => {
  test.each<[flaw: Flaw, check: string, why: string]>([
    ['leaks a token into its log', 'C05', 'It shows a token.'],
    ['prints its secret', 'C05', 'It shows the secret clientSecret.'],
    ['writes when applied again', 'C07', 'Applied a second time (setQuantity), it wrote: PATCH /subscriptions/sub-1.'],
    ['buys twice on retry', 'C09', 'after write 1 took effect, and the order was bought 2 times'],
    ['treats an unknown status as success', 'C11', 'still working on it, and for the connector it is `done`'],
    ['ignores Retry-After', 'C12', 'Asked to wait 7 seconds with seconds, it came before: GET /me'],
    ['tries a 400 again', 'C14', 'PATCH /subscriptions/sub-1 was answered with 400, and was sent 2 times.'],
    ['overwrites the other writer', 'C15', 'What the other writer wrote was lost: setAutoRenew.'],
    ['writes in its preview', 'C17', 'For a preview, it wrote: PATCH /subscriptions/sub-1.'],
    ['lists everything before yielding', 'C19', 'One customer of five pages was read, and 5 requests were made.'],
    ['polls without the signal', 'C20', 'While it waited, it did not stop when it was told to.'],
    [
      'drops the rotated token',
      'C22',
      'The refresh token that came back was not kept before the access token was used: ',
    ],
  ])('%s is caught by %s', { timeout: 60_000 }, async (flaw, check, why) => {
    expect(await find(check, flaw)).toEqual({ status: 'fail', why: expect.stringContaining(why) })
  })
})
