import type { Clock } from '../../../../internal/clock.ts'
import { type CloudBlueSeed, createCloudBlueSimulator } from '../../../cloudblue/index.ts'
import { notSupported } from '../finding.ts'
import type { ConnectorWorld } from '../world.ts'

const credentials = { userName: 'work365', password: 'cl0udblue-s3cret' }
const order = { kind: 'create', customer: { id: '1000002' }, product: { id: '204' }, quantity: 5 } as const
const subscription = { id: '1006754', customerId: '1000002' }

/** By the name of the method: all of them are POST, to one path. */
const READS = /<methodName>pem\.get\w+<\/methodName>/

/**
 * The CloudBlue simulator as a world for `connectorConformance`, for a connector with the settings of `createCloudBlue`. Orders
 * that were lost are placed again, as CloudBlue knows no idempotency keys.
 *
 * @example
 * connectorConformance(createCloudBlue(), { world: cloudBlueWorld })
 */
export function cloudBlueWorld(clock: Clock): ConnectorWorld {
  const create = (seed: CloudBlueSeed) => createCloudBlueSimulator({ ...credentials, clock, seed })
  let simulator = create(seed)
  return {
    answer: (request) => simulator.fetch(request),
    settings: (url) => ({ accessPoint: `${url}/RPC2`, accountId: '1000001', lostOrders: 'repeat' }),
    credentials,
    samples: {
      order,
      change: { kind: 'setQuantity', subscription, quantity: 25 },
      competing: { kind: 'pause', subscription },
      refused: [
        { what: 'none of a product', change: { ...order, quantity: 0 }, code: 'quantityInvalid' },
        {
          what: 'less than is in use',
          change: { kind: 'setQuantity', subscription, quantity: 3 },
          code: 'reductionNotAllowed',
        },
        { what: 'what is not sold', change: { ...order, product: { id: '9' } }, code: 'notFound' },
        {
          what: 'an end of what there is not',
          change: { kind: 'cancel', subscription: { ...subscription, id: '1' } },
          code: 'notFound',
        },
        {
          what: 'a change at the renewal',
          change: { kind: 'setQuantity', subscription, quantity: 12, when: 'renewal' },
          code: 'notEligible',
        },
      ],
    },
    purchases: () =>
      simulator.state.writes.flatMap(({ kind, subscriptionId }) =>
        kind === 'activate' ? [{ subscriptionId: String(subscriptionId) }] : [],
      ),
    kindOf: (_, body) => (READS.test(body) ? 'read' : 'write'),
    idempotencyHeader: null,
    wrongs: [
      { what: 'a wrong password', credentials: { ...credentials, password: 'another' } },
      { what: 'an account that there is not', settings: { accountId: '7' } },
    ],
    slow: (takesMs) => simulator.behave({ takesMs }),
    populate(count) {
      const customers = Array.from({ length: count }, (_, at) => ({
        id: 2_000_000 + at,
        companyName: `Company ${at}`,
        parentId: 1_000_001,
      }))
      simulator = create({ accounts: [{ id: 1_000_001, companyName: 'Contoso Distribution' }, ...customers] })
    },
    except: {
      C15: notSupported('a subscription has no versions'),
      C21: notSupported('it signs in without tokens'),
      C22: notSupported('it signs in without tokens'),
      C23: notSupported('it signs in without tokens'),
      C28: notSupported('CloudBlue tells no windows'),
      C29: notSupported('its catalogue has no prices'),
    },
  }
}

const resourceTypes = [
  { id: 1_002_485, name: 'Office', limit: 1 },
  { id: 1_002_486, name: 'Business Basic', parentId: 1_002_485, limit: 1 },
]

const seed: CloudBlueSeed = {
  accounts: [
    { id: 1_000_001, companyName: 'Contoso Distribution' },
    { id: 1_000_002, companyName: 'Fabrikam', parentId: 1_000_001 },
  ],
  serviceTemplates: [{ id: 204, name: 'Business Basic', ownerId: 1_000_001, resourceTypes }],
  subscriptions: [
    {
      id: 1_006_754,
      name: 'Business Basic',
      serviceTemplateId: 204,
      ownerId: 1_000_002,
      isActive: true,
      resourceTypes: [resourceTypes[0]!, { ...resourceTypes[1]!, limit: 10, usage: 4 }],
    },
  ],
}
