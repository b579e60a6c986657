import { verify } from 'node:crypto'
import type { EventOperations, ProviderEvent, ReceivedEvent } from '../operations.ts'
import { ProviderError } from '../provider-error.ts'
import type { PartnerCenterApi } from './api.ts'
import { parseCertificate, refused, verifyChain } from './certificate-chain.ts'
import type { credentials, PartnerCenterContext, settings } from './settings.ts'
import { register } from './webhook-registration.ts'

const LONGEST_CERTIFICATE = 100_000
const CERTIFICATE_HOST = /^(3psostorageacct\.blob\.core\.windows\.net|[a-z0-9.-]+\.microsoft\.com)$/

/**
 * The events that Partner Center posts, once they are proven to be Microsoft's. They may come two days late, so they tell
 * what to read again, and never that a change is done.
 *
 * @param roots - certificates to believe instead of Node's, PEM
 * @see https://learn.microsoft.com/partner-center/developer/partner-center-webhooks
 */
export function eventOperations(
  apiOf: (context: PartnerCenterContext) => PartnerCenterApi,
  roots?: readonly string[],
): EventOperations<typeof settings, typeof credentials> {
  return {
    register: (context, wanted) => register(context, apiOf(context), wanted),

    async verify(context, received) {
      const { headers, body } = received
      const signature = signatureIn(headers)
      const algorithm = headers['x-ms-signature-algorithm']?.toLowerCase()
      if (algorithm !== 'rsa-sha256') throw unsigned(`its algorithm is ${algorithm ?? 'missing'}`)
      const fetch = (url: string) => context.http.get<Uint8Array>(url, { as: 'bytes', maxBytes: LONGEST_CERTIFICATE })
      const certificate = parseCertificate(await fetch(certificateUrl(headers)))
      if (!/^O=Microsoft Corporation$/m.test(certificate.subject)) throw refused('it is not of Microsoft Corporation')
      await verifyChain(certificate, { roots, now: context.clock.now(), fetch })
      if (!verify('sha256', body, certificate.publicKey, signature)) throw unsigned('it does not fit the content')
      return [toEvent(context, body)]
    },
  }
}

/** In one header or the other, as the registration asks for. */
function signatureIn(headers: ReceivedEvent['headers']): Buffer {
  const text = headers['x-ms-signature'] ?? headers.authorization ?? ''
  const base64 = /^(?:Signature\s+)?([A-Za-z0-9+/]+={0,2})$/.exec(text.trim())?.[1]
  if (base64 === undefined) throw unsigned('there is none')
  return Buffer.from(base64, 'base64')
}

/** Anybody can write an address into a header: only Microsoft's are asked. */
function certificateUrl(headers: ReceivedEvent['headers']): string {
  const url = headers['x-ms-certificate-url'] ?? ''
  if (URL.canParse(url)) {
    const { protocol, hostname, port, username } = new URL(url)
    if (protocol === 'https:' && port === '' && username === '' && CERTIFICATE_HOST.test(hostname)) return url
  }
  throw refused('it is not on a host of Microsoft')
}

interface WireEvent {
  readonly EventName: string
  readonly ResourceUri: string
  readonly ResourceChangeUtcDate: string
}

function toEvent({ clock }: PartnerCenterContext, body: Uint8Array): ProviderEvent {
  const { EventName: name, ResourceUri: resource, ResourceChangeUtcDate } = parseEvent(body)
  const changed = new Date(ResourceChangeUtcDate)
  const at = Number.isNaN(changed.getTime()) ? clock.now() : changed
  const [, customerId, id] = /\/customers\/([^/]+)\/subscriptions\/([^/?]+)/i.exec(resource ?? '') ?? []
  return name === 'subscription-updated' && customerId && id
    ? { kind: 'subscriptionChanged', subscription: { id, customerId }, at }
    : { kind: 'other', name, resource, at }
}

function parseEvent(body: Uint8Array): WireEvent {
  try {
    const event = JSON.parse(new TextDecoder().decode(body)) as WireEvent
    if (typeof event.EventName === 'string') return event
  } catch {
    // Said below.
  }
  throw new ProviderError('invalid', 'The event is signed by Microsoft, but cannot be read.')
}

const unsigned = (why: string) =>
  new ProviderError('invalid', `The signature of the event is refused: ${why}.`, { field: 'authorization' })
