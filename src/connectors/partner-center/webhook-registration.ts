import type { EventRegistration } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import { stableId } from '../stable-id.ts'
import type { PartnerCenterApi } from './api.ts'
import type { PartnerCenterContext } from './settings.ts'

const URL_OF_REGISTRATION = '/webhooks/v1/registration'
const DEFAULT_EVENTS: readonly string[] = ['subscription-updated']

interface WireRegistration {
  readonly webhookUrl?: string
  readonly webhookEvents?: readonly string[]
}

/**
 * Has Partner Center post events there. A partner has one registration, which is replaced.
 *
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
 */
export async function register(
  { key }: PartnerCenterContext,
  api: PartnerCenterApi,
  { url, events = DEFAULT_EVENTS }: EventRegistration,
): Promise<{ readonly changed: boolean }> {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') {
    throw new ProviderError('invalid', `Partner Center posts its events to https addresses only, not to ${url}.`, {
      field: 'url',
    })
  }
  const before = await registered(api)
  if (before && isSame(before, { url, events })) return { changed: false }
  await api.request(before ? 'PUT' : 'POST', URL_OF_REGISTRATION, {
    body: { WebhookUrl: url, WebhookEvents: events },
    requestId: stableId(key, 'webhook', JSON.stringify([before, url, events])),
  })
  return { changed: true }
}

async function registered(api: PartnerCenterApi): Promise<WireRegistration | undefined> {
  try {
    const found = await api.get<WireRegistration | undefined>(URL_OF_REGISTRATION)
    return found?.webhookUrl ? found : undefined
  } catch (error) {
    if (ProviderError.isInstance(error) && error.code === 'notFound') return undefined
    throw error
  }
}

function isSame({ webhookUrl, webhookEvents = [] }: WireRegistration, { url, events = [] }: EventRegistration) {
  const sorted = (names: readonly string[]) => names.map((name) => name.toLowerCase()).sort()
  return webhookUrl === url && sorted(webhookEvents).join() === sorted(events).join()
}
