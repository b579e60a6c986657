import { memberOf, type XmlRpcValue } from '../../connectors/xml-rpc/value.ts'
import { Refused } from './refused.ts'
import type { CloudBlueBehaviour, CloudBlueResourceType, CloudBlueState, CloudBlueSubscription } from './state.ts'

/** What methods are given beside their parameters. */
export interface CloudBlueWorld {
  readonly state: CloudBlueState
  readonly how: CloudBlueBehaviour
  /** Lets this happen once CloudBlue has got round to it. */
  later(act: () => void): void
}

/** One method: it takes a struct and answers the `result`; `undefined` is none. */
export type Method = (world: CloudBlueWorld, params: XmlRpcValue) => XmlRpcValue | undefined

/** The methods of the Operations Public API that the simulator has, by name. */
export const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [
    'pem.getAccountInfo',
    ({ state }, params) => {
      const { companyName, country = 'us', parentId } = accountOf(state, whole(params, 'account_id'))
      return {
        account_type: 'C',
        person: { first_name: 'Ada', last_name: 'Lopez', middle_name: '', company_name: companyName, title: '' },
        address: { street_name: '1 Main Street', address2: '', city: 'Springfield', state: '', zipcode: '1', country },
        email: 'ada@example.com',
        parent_account_id: parentId ?? 1,
      }
    },
  ],
  [
    'pem.getVendorCustomers',
    ({ state }, params) => {
      const { id } = accountOf(state, whole(params, 'account_id'))
      return state.accounts.filter(({ parentId }) => parentId === id).map((account) => account.id)
    },
  ],
  [
    'pem.getServiceTemplateList',
    ({ state }, params) =>
      state.serviceTemplates
        .filter(({ ownerId }) => ownerId === whole(params, 'owner_id'))
        .map(({ id, name, ownerId }) => ({ st_id: id, name, description: '', active: true, owner_id: ownerId })),
  ],
  [
    'pem.getServiceTemplate',
    (world, params) => {
      const { id, name, ownerId, resourceTypes } = templateOf(world.state, whole(params, 'st_id'))
      return {
        st_id: id,
        version: 1,
        name,
        owner_id: ownerId,
        is_active: true,
        autoprovidable: true,
        ...resourcesFor(world, params, resourceTypes),
      }
    },
  ],
  [
    'pem.getAccountSubscriptions',
    ({ state }, params) => {
      const { id } = accountOf(state, whole(params, 'account_id'))
      return state.subscriptions.filter(({ ownerId }) => ownerId === id).map((subscription) => subscription.id)
    },
  ],
  [
    'pem.getSubscription',
    (world, params) => {
      const { id, name, serviceTemplateId, ownerId, isActive, resourceTypes } = subscriptionOf(world.state, params)
      return {
        subscription_id: id,
        name,
        c_date: '2026-11-24 09:00:00',
        st_id: serviceTemplateId,
        st_version: 1,
        owner_id: ownerId,
        is_active: isActive,
        ...resourcesFor(world, params, resourceTypes),
      }
    },
  ],
  [
    'pem.activateSubscription',
    ({ state, later }, params) => {
      const { id: ownerId } = accountOf(state, whole(params, 'account_id'))
      const template = templateOf(state, whole(params, 'service_template_id'))
      const limits = new Map(
        list(params, 'resource_limits').map((one) => [whole(one, 'resource_id'), whole(one, 'resource_limit')]),
      )
      refuseUnknown(template.resourceTypes, [...limits.keys()])
      const id = Math.max(1_000_000, ...state.subscriptions.map((subscription) => subscription.id)) + 1
      state.subscriptions.push({
        id,
        name: text(params, 'subscription_name') ?? template.name,
        serviceTemplateId: template.id,
        ownerId,
        isActive: false,
        resourceTypes: template.resourceTypes.map((type) => ({ ...type, limit: limits.get(type.id) ?? type.limit })),
      })
      state.writes.push({ kind: 'activate', subscriptionId: id })
      later(() => change(state, id, () => ({ isActive: true })))
      return { subscription_id: id }
    },
  ],
  [
    'pem.setResourceTypeLimits',
    ({ state, later }, params) => {
      const before = subscriptionOf(state, params)
      const limits = new Map(
        list(params, 'resource_limits').map((one) => [whole(one, 'resource_type_id'), Number(text(one, 'limit'))]),
      )
      refuseUnknown(before.resourceTypes, [...limits.keys()])
      for (const type of before.resourceTypes) refuseBelowUsage(type, limits.get(type.id))
      state.writes.push({ kind: 'limit', subscriptionId: before.id })
      later(() =>
        change(state, before.id, ({ resourceTypes }) => ({
          resourceTypes: resourceTypes.map((type) => ({ ...type, limit: limits.get(type.id) ?? type.limit })),
        })),
      )
      return undefined
    },
  ],
  ['pem.disableSubscription', (world, params) => activate(world, 'disable', params, false)],
  ['pem.enableSubscription', (world, params) => activate(world, 'enable', params, true)],
  [
    'pem.removeSubscription',
    ({ state, later }, params) => {
      const { id } = subscriptionOf(state, params)
      state.writes.push({ kind: 'remove', subscriptionId: id })
      later(() => {
        const at = state.subscriptions.findIndex((subscription) => subscription.id === id)
        if (at >= 0) state.subscriptions.splice(at, 1)
      })
      return undefined
    },
  ],
])

const invalid = (why: string) => new Refused(why, 'OpenAPI', 21)

function whole(params: XmlRpcValue, name: string): number {
  const member = memberOf(params, name)
  if (typeof member === 'number' && Number.isInteger(member)) return member
  throw invalid(`Invalid set of arguments. ${name} has to be an int.`)
}

function text(params: XmlRpcValue, name: string): string | undefined {
  const member = memberOf(params, name)
  return typeof member === 'string' ? member : undefined
}

function list(params: XmlRpcValue, name: string): readonly XmlRpcValue[] {
  const member = memberOf(params, name)
  if (Array.isArray(member)) return member
  throw invalid(`Invalid set of arguments. ${name} has to be an array.`)
}

function accountOf({ accounts }: CloudBlueState, id: number) {
  const account = accounts.find((one) => one.id === id)
  if (account) return account
  throw new Refused(`Account #${id} does not exist.`, 'Account')
}

function templateOf({ serviceTemplates }: CloudBlueState, id: number) {
  const template = serviceTemplates.find((one) => one.id === id)
  if (template) return template
  throw new Refused(`Service Template #${id} does not exist.`)
}

function subscriptionOf({ subscriptions }: CloudBlueState, params: XmlRpcValue): CloudBlueSubscription {
  const id = whole(params, 'subscription_id')
  const subscription = subscriptions.find((one) => one.id === id)
  if (subscription) return subscription
  throw new Refused(`Subscription #${id} does not exist.`)
}

function refuseUnknown(types: readonly CloudBlueResourceType[], ids: readonly number[]): void {
  const unknown = ids.find((id) => !types.some((type) => type.id === id))
  if (unknown !== undefined) throw new Refused(`Resource Type #${unknown} does not exist.`)
}

function refuseBelowUsage({ name, usage = 0 }: CloudBlueResourceType, limit = -1): void {
  if (limit !== -1 && limit < usage) throw new Refused(`Limit ${limit} of ${name} is less than its usage ${usage}.`)
}

function activate(
  { state, later }: CloudBlueWorld,
  kind: 'disable' | 'enable',
  params: XmlRpcValue,
  isActive: boolean,
): undefined {
  const { id } = subscriptionOf(state, params)
  state.writes.push({ kind, subscriptionId: id })
  later(() => change(state, id, () => ({ isActive })))
}

/** Changes a subscription, if it is there still. */
function change(
  { subscriptions }: CloudBlueState,
  id: number,
  into: (before: CloudBlueSubscription) => Partial<CloudBlueSubscription>,
): void {
  const at = subscriptions.findIndex((subscription) => subscription.id === id)
  const before = subscriptions[at]
  if (before) subscriptions[at] = { ...before, ...into(before) }
}

function resourcesFor({ how }: CloudBlueWorld, params: XmlRpcValue, types: readonly CloudBlueResourceType[]) {
  if (memberOf(params, 'get_resources') !== true) return {}
  return {
    resource_types: types.map(({ id, name, parentId = -1, limit, usage = 0 }) => ({
      name,
      resource_type_id: id,
      parent_resource_type_id: parentId,
      measurement_unit: 'item',
      limit: large(how, limit),
      usage: large(how, usage),
      resclass_name: 'Application Counter',
    })),
  }
}

function large({ largeNumbers = 'i8' }: CloudBlueBehaviour, value: number): XmlRpcValue {
  if (largeNumbers === 'string') return String(value)
  return largeNumbers === 'i4' ? value : BigInt(value)
}
