import type { Clock } from '../../../../internal/clock.ts'
import { sequentialIds } from '../../../../internal/ids.ts'
import { createAlsoSimulator } from '../../../also/index.ts'
import { notSupported } from '../finding.ts'
import type { ConnectorWorld, RequestKind } from '../world.ts'
import { createSlowWrites } from './slow-writes.ts'

const credentials = { userName: 'api@contoso.example', password: 'als0-s3cret' }
const account = { ParentAccountId: 'contoso', ServiceId: 'basic' }
const order = { kind: 'create', customer: { id: 'contoso' }, product: { id: 'basic' }, quantity: 5 } as const
const subscription = { id: '4711', customerId: 'contoso' }

/** By the name of the method: all of them are POST. */
const kinds: Readonly<Record<string, RequestKind>> = {
  '/GetSessionToken': 'signIn',
  '/GetSubscriptions': 'read',
  '/PingPong': 'read',
}

/**
 * The ALSO simulator as a world for `connectorConformance`, for a connector with the settings of `createAlso`. Orders that
 * were lost are placed again, as ALSO knows no idempotency keys.
 *
 * @example
 * connectorConformance(createAlso(), { world: alsoWorld })
 */
export function alsoWorld(clock: Clock): ConnectorWorld {
  const simulator = createAlsoSimulator({
    ...credentials,
    clock,
    ids: sequentialIds('c'),
    seed: {
      customers: ['contoso'],
      services: ['basic'],
      subscriptions: [
        { ...account, AccountId: '4711', Quantity: 10, AccountState: 'Active' },
        { ...account, AccountId: '4712', Quantity: 1, AccountState: 'Terminated' },
      ],
    },
  })
  const { around, slow, mumble } = createSlowWrites(clock, { working: 'Pending', ready: 'Active' }, () => ({
    written: () => simulator.state.writes.map(({ accountId }) => accountId),
    settle: simulator.settle,
  }))
  return {
    answer: (request) => around(async () => simulator.fetch(request)),
    settings: (url) => ({ endpointUrl: url, lostOrders: 'repeat' }),
    credentials,
    samples: {
      order,
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      refused: [
        { what: 'none of a service', change: { ...order, quantity: 0 }, code: 'quantityInvalid' },
        {
          what: 'more of what was terminated',
          change: { kind: 'setQuantity', subscription: { ...subscription, id: '4712' }, quantity: 4 },
          code: 'notEligible',
        },
        {
          what: 'an end of what there is not',
          change: { kind: 'cancel', subscription: { ...subscription, id: '1' } },
          code: 'notFound',
        },
      ],
    },
    purchases: () =>
      simulator.state.writes.flatMap(({ kind, accountId }) =>
        kind === 'create' ? [{ subscriptionId: accountId }] : [],
      ),
    kindOf: (request) => kinds[new URL(request.url).pathname] ?? 'write',
    idempotencyHeader: null,
    wrongs: [{ what: 'a wrong password', credentials: { password: 'another' } }],
    tokens: { given: () => simulator.state.sessions.given, expire: () => simulator.endSessions() },
    slow,
    mumble,
    except: {
      C15: notSupported('a subscription has no versions'),
      C22: notSupported('it signs in without refresh tokens'),
      C23: notSupported('it signs in without refresh tokens'),
      C26: notSupported('no source says how ALSO sells add-ons'),
      C28: notSupported('ALSO tells no windows'),
    },
  }
}
