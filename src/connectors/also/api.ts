import { XmlElement } from '../../internal/xml.ts'
import type { HttpOptions } from '../http.ts'
import { describeXml } from '../http-failure.ts'
import { ProviderError } from '../provider-error.ts'
import type { AlsoContext } from './settings.ts'
import type { NewSubscription, Subscription } from './wire.ts'

const SESSION_MINUTES = 20

/** The methods that the connector calls, typed. Each is a POST, with JSON in and out, and errors in XML. */
export function alsoApi({ http, credentials, settings, accessToken }: AlsoContext) {
  const session = (refused?: string) =>
    accessToken({
      refused,
      async acquire() {
        const { userName: UserName, password: Password } = credentials
        const token = await call<unknown>(
          'GetSessionToken',
          { UserName, Password },
          { repeatable: true, needsContent: true },
        )
        if (typeof token !== 'string') throw new ProviderError('transient', 'ALSO answered without a session.')
        return { token, expiresInMs: (settings.sessionMinutes ?? SESSION_MINUTES) * 60_000 }
      },
    })

  /** Whatever the header calls it, XML is an error, also under 200. */
  async function call<T>(
    method: string,
    body: object,
    options: Pick<HttpOptions, 'repeatable' | 'needsContent' | 'headers'>,
  ): Promise<T> {
    const answer = await http.post<T | XmlElement>(`/${method}`, { body, as: 'auto', ...options })
    if (!(answer instanceof XmlElement)) return answer
    const { code, message = 'an error without a message' } = describeXml(answer)
    throw new ProviderError('invalid', `ALSO refused ${method}: ${message}`, { providerCode: code })
  }

  /** A session that is refused is replaced once. */
  async function ask<T>(
    method: string,
    body: object,
    options: Pick<HttpOptions, 'repeatable' | 'needsContent'>,
  ): Promise<T> {
    const send = (token: string) =>
      call<T>(method, body, { ...options, headers: { authenticate: `CCPSessionId ${token}` } })
    const token = await session()
    try {
      return await send(token)
    } catch (error) {
      if (!(ProviderError.isInstance(error) && error.details.status === 401)) throw error
      return send(await session(token))
    }
  }

  return {
    ping: () => ask<unknown>('PingPong', {}, { repeatable: true }),
    subscriptions: async (customerId: string) =>
      (await ask<readonly Subscription[] | null>(
        'GetSubscriptions',
        { AccountId: customerId, IncludeChildNodes: true },
        // Nothing at all is not an empty list: whoever took it for one would buy again.
        { repeatable: true, needsContent: true },
      )) ?? [],
    /** Sent once: ALSO knows no idempotency key. */
    create: (Subscription: NewSubscription) =>
      ask<{ readonly AccountId?: string | number }>('CreateSubscription', { Subscription }, { needsContent: true }),
    setQuantity: (id: string, Quantity: number) =>
      ask<unknown>('UpdateSubscription', { Subscription: { AccountId: id, Quantity } }, { repeatable: true }),
    terminate: (id: string) =>
      ask<unknown>(
        'TerminateAccount',
        { AccountId: id, Reason: settings.terminationReason ?? 'Cancelled by the reseller.' },
        { repeatable: true },
      ),
  }
}

export type AlsoApi = ReturnType<typeof alsoApi>
