import type { AgreementOperations } from '../operations.ts'
import { path } from '../path.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import { collection } from './collection.ts'
import { endpointsOf } from './endpoints.ts'
import { isRefusal } from './failures.ts'
import { toRemoteAgreement } from './from-wire.ts'
import type { credentials, PartnerCenterContext, settings } from './settings.ts'
import type { WireAgreement } from './wire.ts'

const TYPE = 'MicrosoftCustomerAgreement'
/** Without it, the agreement before this one is answered. */
const ofType = { agreementType: TYPE }

/** @see https://learn.microsoft.com/partner-center/developer/confirm-customer-consent-customer-agreement */
export function agreementOperations(
  anyApiOf: (context: PartnerCenterContext) => PartnerCenterApi,
): AgreementOperations<typeof settings, typeof credentials> {
  const apiOf = (context: PartnerCenterContext) => {
    if (endpointsOf(context).agreements) return anyApiOf(context)
    throw new ProviderError('notEligible', 'Agreements are kept in the commercial cloud only.')
  }
  return {
    async *list(context, customer) {
      const all = collection<WireAgreement>(apiOf(context), path`/v1/customers/${customer.id}/agreements`, ofType)
      for await (const wire of all) yield toRemoteAgreement(wire, customer.id)
    },

    async accept(context, customer, { templateId, signedBy, signedOn }) {
      const api = apiOf(context)
      const { firstName, lastName, email, phone: phoneNumber } = signedBy
      const body = {
        primaryContact: { firstName, lastName, email, phoneNumber },
        templateId,
        dateAgreed: signedOn.toISOString(),
        type: TYPE,
      }
      try {
        const made = await api.post<WireAgreement>(path`/v1/customers/${customer.id}/agreements`, {
          body,
          requestId: stableId(context.key, 'agreement', customer.id, templateId),
        })
        return toRemoteAgreement({ ...body, ...made }, customer.id)
      } catch (error) {
        // The same contact has confirmed before.
        if (isRefusal(error, '400:600061')) return toRemoteAgreement(body, customer.id)
        throw error
      }
    },

    async template(context) {
      const templates = collection<WireTemplate>(apiOf(context), '/v1/agreements', ofType)
      for await (const { templateId, agreementLink } of templates) return { id: templateId, url: agreementLink }
      throw new ProviderError('notFound', 'Partner Center names no template of the Microsoft Customer Agreement.')
    },

    isAccepted: (context, customer) => isAccepted(apiOf(context), customer.id),
  }
}

interface WireTemplate {
  readonly templateId: string
  readonly agreementLink?: string
}

/** By the partner's confirmation, or by the customer's own signature. */
export async function isAccepted(api: PartnerCenterApi, customerId: string): Promise<boolean> {
  const confirmed = collection<WireAgreement>(api, path`/v1/customers/${customerId}/agreements`, ofType)
  for await (const _ of confirmed) return true
  const status = await api.get<{ readonly isSigned?: boolean }>(
    path`/v1/customers/${customerId}/directSignedMicrosoftCustomerAgreementStatus`,
  )
  return status.isSigned === true
}
