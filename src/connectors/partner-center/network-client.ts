import type { INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import type { Transport } from '../../internal/http-transport.ts'
import { decodeBody } from '../http-body.ts'

/**
 * MSAL's requests over our transport, so that they have its limits of time and size.
 *
 * @param onFailure - is told of what MSAL then hides: that there was no answer, or none that is one
 */
export function createNetworkClient(transport: Transport, onFailure: (error: unknown) => void): INetworkModule {
  async function send<T>(
    method: 'GET' | 'POST',
    url: string,
    { headers = {}, body }: NetworkRequestOptions = {},
  ): Promise<NetworkResponse<T>> {
    try {
      const answer = await transport({ method, url, headers, body })
      const decoded = await decodeBody(answer.bytes, 'json')
      if (decoded.kind !== 'value') throw new TypeError(`it answered ${answer.status} with something that is not JSON`)
      return { status: answer.status, headers: { ...answer.headers }, body: decoded.value as T }
    } catch (error) {
      onFailure(error)
      throw error
    }
  }

  return {
    sendGetRequestAsync: (url, options) => send('GET', url, options),
    sendPostRequestAsync: (url, options) => send('POST', url, options),
  }
}

/** MSAL insists on https; a simulator on this machine has none. */
export function insecureOnLoopback(transport: Transport, login: string): Transport {
  const { protocol, hostname, host } = new URL(login)
  if (protocol !== 'http:' || !/^(127\.0\.0\.1|localhost|\[::1\])$/.test(hostname)) return transport
  return (request) => transport({ ...request, url: request.url.replace(`https://${host}`, `http://${host}`) })
}
