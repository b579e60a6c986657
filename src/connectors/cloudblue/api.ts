import { ProviderError } from '../provider-error.ts'
import { createXmlRpc } from '../xml-rpc/create-xml-rpc.ts'
import { memberOf, type XmlRpcStruct, type XmlRpcValue } from '../xml-rpc/value.ts'
import { meaningOf } from './failures.ts'
import { listOf, numberIn, textIn, toServiceTemplate, toSubscription } from './from-wire.ts'
import { idOf } from './ids.ts'
import type { CloudBlueContext } from './settings.ts'

const TITLE = 'CloudBlue'
const DAY_MS = 24 * 3_600_000

export interface NewSubscription {
  readonly name: string
  readonly accountId: string
  readonly serviceTemplateId: string
  readonly resourceTypeId: number
  readonly quantity: number
  readonly parameters: readonly { readonly name: string; readonly value: string }[]
}

/**
 * The methods that the connector calls, typed. Each takes one struct, and answers with a struct of its own: a `status`, and a
 * `result` where that is 0.
 */
export function cloudBlueApi(context: CloudBlueContext) {
  const { settings } = context
  const call = createXmlRpc(context, { title: TITLE, url: settings.accessPoint })

  async function ask(method: string, params: XmlRpcStruct, repeatable: boolean): Promise<XmlRpcValue | undefined> {
    const { value, correlationId } = await call(method, [params], {
      repeatable,
      headers: await authorization(context),
    })
    if (numberIn(value, 'status') === 0) return memberOf(value, 'result')
    throw refusal(context, method, value, correlationId)
  }
  const read = (method: string, params: XmlRpcStruct) => ask(method, params, true)
  /** Each of these sets what is to be, so that it may be sent twice. */
  const set = (method: string, params: XmlRpcStruct) => ask(method, params, true)

  return {
    account: (id: string) => read('pem.getAccountInfo', { account_id: idOf('account', id) }),
    customers: async () =>
      listOf(
        await read('pem.getVendorCustomers', {
          [settings.customersParameter ?? 'account_id']: idOf('account', settings.accountId),
        }),
      ),
    serviceTemplates: async () =>
      listOf(await read('pem.getServiceTemplateList', { owner_id: idOf('account', settings.accountId), active: true })),
    serviceTemplate: async (id: string) =>
      toServiceTemplate(
        present(
          'pem.getServiceTemplate',
          await read('pem.getServiceTemplate', { st_id: idOf('service template', id), get_resources: true }),
        ),
      ),
    subscriptionIds: async (accountId: string) =>
      listOf(await read('pem.getAccountSubscriptions', { account_id: idOf('account', accountId) })).map((id) =>
        Number(id),
      ),
    subscription: async (id: string | number, { withResources = true } = {}) =>
      toSubscription(
        present(
          'pem.getSubscription',
          await read('pem.getSubscription', {
            subscription_id: idOf('subscription', String(id)),
            get_resources: withResources,
          }),
        ),
      ),

    /** Sent once: CloudBlue knows no idempotency key. */
    async activate({ name, accountId, serviceTemplateId, resourceTypeId, quantity, parameters }: NewSubscription) {
      const result = await ask(
        'pem.activateSubscription',
        {
          account_id: idOf('account', accountId),
          service_template_id: idOf('service template', serviceTemplateId),
          subscription_name: name,
          resource_limits: [{ resource_id: resourceTypeId, resource_limit: quantity }],
          ...(parameters.length > 0 && {
            parameters: parameters.map(({ name: var_name, value: var_value }) => ({ var_name, var_value })),
          }),
        },
        false,
      )
      return String(numberIn(result, 'subscription_id'))
    },
    setLimit: (id: string, resourceTypeId: number, limit: number) =>
      set('pem.setResourceTypeLimits', {
        subscription_id: idOf('subscription', id),
        autoprovide: true,
        resource_limits: [{ resource_type_id: resourceTypeId, limit: String(limit) }],
        parameters: [],
      }),
    disable: (id: string) => set('pem.disableSubscription', { subscription_id: idOf('subscription', id) }),
    enable: (id: string) => set('pem.enableSubscription', { subscription_id: idOf('subscription', id) }),
    remove: (id: string) => set('pem.removeSubscription', { subscription_id: idOf('subscription', id) }),
  }
}

export type CloudBlueApi = ReturnType<typeof cloudBlueApi>

/** Kept as tokens are, so that it is taken out of whatever would show it, with its padding and without. */
async function authorization({ credentials, accessToken }: CloudBlueContext): Promise<Record<string, string>> {
  const { userName, password } = credentials
  if (userName === undefined && password === undefined) return {}
  if (userName === undefined || password === undefined) {
    const field = userName === undefined ? 'userName' : 'password'
    throw new ProviderError('invalid', 'CloudBlue takes a user name and a password, or neither of them.', { field })
  }
  const token = await accessToken({
    acquire: async () => ({
      token: Buffer.from(`${userName}:${password}`).toString('base64').replace(/=+$/, ''),
      expiresInMs: DAY_MS,
    }),
  })
  return { authorization: `Basic ${token.padEnd(Math.ceil(token.length / 4) * 4, '=')}` }
}

function present(method: string, value: XmlRpcValue | undefined): XmlRpcValue {
  if (value !== undefined) return value
  throw new ProviderError('transient', `${TITLE} answered ${method} without a result.`)
}

function refusal(
  { redact }: CloudBlueContext,
  method: string,
  value: XmlRpcValue,
  correlationId: string | undefined,
): ProviderError {
  const type = memberOf(value, 'extype_id')
  const error = {
    module: textIn(value, 'module_id'),
    type: typeof type === 'number' ? type : undefined,
    message: textIn(value, 'error_message') ?? 'an error without a message',
  }
  const meaning = meaningOf(error)
  const { code, advice } = typeof meaning === 'string' ? { code: meaning, advice: '' } : meaning
  const said = redact(error.message).slice(0, 500)
  return new ProviderError(code, `${TITLE} refused ${method}: ${said}${advice && ` ${advice}`}`, {
    providerCode: [error.module, error.type].filter((part) => part !== undefined).join(' ') || undefined,
    correlationId,
  })
}
