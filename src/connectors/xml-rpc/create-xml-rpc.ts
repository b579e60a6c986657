import type { XmlElement } from '../../internal/xml.ts'
import type { ConnectorContext } from '../connector-context.ts'
import { correlationOf, type Meaning } from '../http-failure.ts'
import { ProviderError } from '../provider-error.ts'
import { faultCodes } from './fault-codes.ts'
import { type MethodResponse, printMethodCall, readMethodResponse } from './message.ts'
import { XmlRpcError, type XmlRpcValue } from './value.ts'

export interface XmlRpcOptions {
  /** What people call the provider. */
  readonly title: string
  /** Where calls go. */
  readonly url: string
  /** Faults of the provider's own, by their codes; they win over the ones that servers have agreed on. */
  readonly faults?: Readonly<Record<number, Meaning>>
}

export interface XmlRpcCall {
  /** Whether it may be called again when its answer was lost. */
  readonly repeatable: boolean
  readonly headers?: Readonly<Record<string, string>>
}

/** What a method answered, and the id under which the provider's support finds the call. */
export interface XmlRpcAnswer {
  readonly value: XmlRpcValue
  readonly correlationId: string | undefined
}

/**
 * Calls methods over XML-RPC, within the limits of the connection and with the retries of its HTTP.
 *
 * @returns a function that resolves to what the method answered
 * @throws ProviderError for a fault, by its code and else `invalid`; `transient` for an answer that is none, as the method may have done its work;
 * `invalid` too for a value that XML-RPC has no words for
 */
export function createXmlRpc({ http, redact }: Pick<ConnectorContext, 'http' | 'redact'>, options: XmlRpcOptions) {
  const { title, url, faults = {} } = options

  return async function call(
    method: string,
    params: readonly XmlRpcValue[],
    { repeatable, headers }: XmlRpcCall,
  ): Promise<XmlRpcAnswer> {
    const answer = await http.request<XmlElement | undefined>('POST', url, {
      body: new TextEncoder().encode(await print(title, method, params)),
      headers: { ...headers, 'content-type': 'text/xml; charset=utf-8' },
      as: 'xml',
      repeatable,
    })
    const correlationId = correlationOf(answer.headers, redact)
    const response = read(answer.body, `${title} answered ${method}`, correlationId)
    if (!('fault' in response)) return { value: response.value, correlationId }

    const { code: number, message } = response.fault
    const meaning = faults[number] ?? faultCodes[number] ?? 'invalid'
    const { code, advice } = typeof meaning === 'string' ? { code: meaning, advice: '' } : meaning
    const said = redact(message).slice(0, 500) || `fault ${number}`
    throw new ProviderError(code, `${title} refused ${method}: ${said}${advice && ` ${advice}`}`, {
      providerCode: String(number),
      correlationId,
    })
  }
}

async function print(title: string, method: string, params: readonly XmlRpcValue[]): Promise<string> {
  try {
    return await printMethodCall({ method, params })
  } catch (error) {
    if (!(error instanceof XmlRpcError)) throw error
    throw new ProviderError('invalid', `${title} cannot be sent ${method}: ${error.message}.`)
  }
}

function read(root: XmlElement | undefined, what: string, correlationId: string | undefined): MethodResponse {
  if (!root) throw new ProviderError('transient', `${what} with nothing.`, { correlationId })
  try {
    return readMethodResponse(root)
  } catch (error) {
    if (!(error instanceof XmlRpcError)) throw error
    const advice = 'is the address in the settings that of the API?'
    const message = `${what} with XML that is no answer of XML-RPC (${error.message}): ${advice}`
    throw new ProviderError('transient', message, { correlationId })
  }
}
