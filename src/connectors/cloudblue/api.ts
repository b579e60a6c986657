import { publicApi } from './call.ts'
import { numberIn, toServiceTemplate, toSubscription } from './from-wire.ts'
import { idOf } from './ids.ts'
import type { CloudBlueContext } from './settings.ts'

export interface NewSubscription {
  readonly name: string
  readonly accountId: string
  readonly serviceTemplateId: string
  readonly resourceTypeId: number
  readonly quantity: number
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
}

/** The methods that the connector calls, typed. */
export function cloudBlueApi(context: CloudBlueContext) {
  const { settings } = context
  const { get, list, set, once } = publicApi(context)
  const account = (id: string) => ({ account_id: idOf('account', id) })
  const subscription = (id: string | number) => ({ subscription_id: idOf('subscription', String(id)) })

  return {
    account: (id: string) => get('pem.getAccountInfo', account(id)),
    customers: () =>
      list('pem.getVendorCustomers', {
        [settings.customersParameter ?? 'account_id']: idOf('account', settings.accountId),
      }),
    serviceTemplates: () =>
      list('pem.getServiceTemplateList', { owner_id: idOf('account', settings.accountId), active: true }),
    async serviceTemplate(id: string) {
      const st_id = idOf('service template', id)
      return toServiceTemplate(await get('pem.getServiceTemplate', { st_id, get_resources: true }))
    },
    subscriptionIds: async (accountId: string) =>
      (await list('pem.getAccountSubscriptions', account(accountId))).map((id) => Number(id)),
    async subscription(id: string | number, { withResources = true } = {}) {
      return toSubscription(await get('pem.getSubscription', { ...subscription(id), get_resources: withResources }))
    },

    async activate({ name, accountId, serviceTemplateId, resourceTypeId, quantity, parameters }: NewSubscription) {
      const result = await once('pem.activateSubscription', {
        ...account(accountId),
        service_template_id: idOf('service template', serviceTemplateId),
        subscription_name: name,
        resource_limits: [{ resource_id: resourceTypeId, resource_limit: quantity }],
        ...(parameters.length > 0 && {
          parameters: parameters.map(({ name: var_name, value: var_value }) => ({ var_name, var_value })),
        }),
      })
      return String(numberIn(result, 'subscription_id'))
    },
    setLimit: (id: string, resourceTypeId: number, limit: number) =>
      set('pem.setResourceTypeLimits', {
        ...subscription(id),
        autoprovide: true,
        resource_limits: [{ resource_type_id: resourceTypeId, limit: String(limit) }],
        parameters: [],
      }),
    disable: (id: string) => set('pem.disableSubscription', subscription(id)),
    enable: (id: string) => set('pem.enableSubscription', subscription(id)),
    remove: (id: string) => set('pem.removeSubscription', subscription(id)),
  }
}

export type CloudBlueApi = ReturnType<typeof cloudBlueApi>
