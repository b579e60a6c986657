import type { TransportOptions } from '../../internal/http-transport.ts'
import { changeKinds } from '../change.ts'
import { defineConnector } from '../connector.ts'
import type { Limits } from '../limiter.ts'
import { agreementOperations } from './agreements.ts'
import { partnerCenterApi } from './api.ts'
import { catalogOperations } from './catalog.ts'
import type { Endpoints } from './clouds.ts'
import { verify } from './connectivity.ts'
import { converge, resumeAgain, resumeChange } from './converge.ts'
import { customerOperations } from './customers.ts'
import { endpointsOf } from './endpoints.ts'
import { toRemoteSubscription } from './from-wire.ts'
import { fulfilment } from './fulfilment.ts'
import { parseHandle } from './handle.ts'
import { refusalOf } from './preview.ts'
import { checkOut, findPurchase, resumeOrder, startPurchase } from './purchase.ts'
import { credentials, type PartnerCenterContext, settings } from './settings.ts'
import { subscriptionsOf } from './subscription.ts'
import { tokenFor } from './tokens.ts'
import { resumeTransition, startTransition } from './transition.ts'
import { eventOperations } from './webhooks.ts'

export interface PartnerCenterOptions {
  /** Default: `partner-center`. Choose another to tell several such connections apart. */
  readonly name?: string
  /** Default: `Microsoft Partner Center`. */
  readonly title?: string
  /** What the requests call themselves. Default: `work365-sdk`. */
  readonly application?: string
  /** Where Partner Center and its sign-in are, such as a simulator. Default: where the setting Cloud says. */
  readonly endpoints?: Partial<Endpoints>
  /** Default: 500 requests a minute, the figure that was published; the real ones change without notice. */
  readonly limits?: Limits
  /** How requests for tokens leave the machine. */
  readonly transport?: TransportOptions
  /** Certificates, PEM, that events have to descend from. Default: those that Node believes. */
  readonly webhookRoots?: readonly string[]
}

/**
 * The connector to Microsoft Partner Center, for direct-bill partners and new-commerce subscriptions.
 * It buys in two steps, cart and checkout, with the cart's id in the handle between them: so it never buys twice.
 *
 * @see https://learn.microsoft.com/partner-center/developer/
 * @example
 * const partnerCenter = createPartnerCenter()
 * const settings = { tenantId, clientId, countryCode: 'US' }
 * const credentials = { clientSecret, refreshToken }
 * const jobs = work365Jobs({ connect: () => ({ connector: partnerCenter, settings, credentials, state }), … })
 */
export function createPartnerCenter({
  name = 'partner-center',
  title = 'Microsoft Partner Center',
  application = 'work365-sdk',
  endpoints = {},
  limits = { requestsPerMinute: 500 },
  transport,
  webhookRoots,
}: PartnerCenterOptions = {}) {
  const endpointsFor = (context: Pick<PartnerCenterContext, 'settings'>) => ({ ...endpointsOf(context), ...endpoints })
  const optionsFor = (context: PartnerCenterContext) => ({ endpoints: endpointsFor(context), transport, application })
  const apiOf = (context: PartnerCenterContext) => partnerCenterApi(context, optionsFor(context))

  return defineConnector({
    name,
    title,
    contract: 1,
    version: '1.0.0',
    docs: 'https://learn.microsoft.com/partner-center/developer/',
    changes: changeKinds,
    limits,
    settings,
    credentials,
    baseUrl: (values) => endpointsFor({ settings: values }).api,

    verifyConnectivity: (context) => verify(context, apiOf(context), () => tokenFor(context, optionsFor(context))),

    apply(context, change) {
      const api = apiOf(context)
      switch (change.kind) {
        case 'create':
          return startPurchase(context, api, change)
        case 'transition':
          return startTransition(context, api, change)
        default:
          return converge(context, api, change)
      }
    },

    resume(context, json) {
      const api = apiOf(context)
      const handle = parseHandle(json)
      switch (handle.step) {
        case 'checkout':
          return checkOut(context, api, handle)
        case 'order':
          return resumeOrder(context, api, handle)
        case 'change':
          return resumeChange(context, api, handle)
        case 'again':
          return resumeAgain(context, api, handle)
        case 'transition':
          return resumeTransition(context, api, handle)
        case 'fulfilment':
          return fulfilment(context, api, handle)
      }
    },

    async preview(context, change) {
      const refusal = await refusalOf(context, apiOf(context), change)
      if (!refusal) return { ok: true, notes: [] }
      const { field } = refusal.details
      return { ok: false, refusals: [{ code: refusal.code, message: refusal.message, ...(field && { field }) }] }
    },

    find: (context, change) => findPurchase(context, apiOf(context), change),

    async *subscriptions(context, { id }) {
      for await (const wire of subscriptionsOf(apiOf(context), id)) yield toRemoteSubscription(wire, id)
    },

    customers: customerOperations(apiOf),
    agreements: agreementOperations(apiOf),
    catalog: catalogOperations(apiOf),
    events: eventOperations(apiOf, webhookRoots),
  })
}
