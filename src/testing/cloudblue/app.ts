import { type MethodResponse, parseMethodCall, printMethodResponse } from '../../connectors/xml-rpc/message.ts'
import { XmlRpcError } from '../../connectors/xml-rpc/value.ts'
import type { Clock } from '../../internal/clock.ts'
import { methods } from './methods.ts'
import { Refused } from './refused.ts'
import type { CloudBlueBehaviour, CloudBlueState } from './state.ts'

export interface CloudBlueAppOptions {
  /** The only value of `authorization` that is let in; `undefined` lets everybody in. */
  readonly authorization: string | undefined
  readonly clock: Clock
  readonly how: () => CloudBlueBehaviour
}

/** The Public API over what it has: one path, one struct in, one struct out, faults for what is no call. */
export function createApp(state: CloudBlueState, { authorization, clock, how }: CloudBlueAppOptions) {
  let waiting: { readonly at: number; readonly act: () => void }[] = []

  function catchUp(): void {
    const now = clock.now().getTime()
    const due = waiting.filter(({ at }) => at <= now)
    waiting = waiting.filter(({ at }) => at > now)
    for (const { act } of due) act()
  }
  const later = (act: () => void) => {
    waiting.push({ at: clock.now().getTime() + (how().takesMs ?? 0), act })
    catchUp()
  }

  async function answer(text: string): Promise<MethodResponse> {
    const call = await parseMethodCall(text).catch((error) => {
      if (error instanceof XmlRpcError) return undefined
      throw error
    })
    if (!call) return { fault: { code: -32700, message: 'Parse error. The call is not well formed.' } }
    catchUp()
    state.calls.push(call.method)
    const method = methods.get(call.method)
    if (!method) return { fault: { code: -32601, message: `Method ${call.method} is not found.` } }
    try {
      const result = method({ state, how: how(), later }, call.params[0] ?? null)
      return { value: result === undefined ? { status: 0 } : { status: 0, result } }
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      return refusal(error, how())
    }
  }

  return {
    async fetch(request: Request): Promise<Response> {
      if (authorization !== undefined && request.headers.get('authorization') !== authorization) {
        return new Response('<html><head><title>401 Authorization Required</title></head></html>', {
          status: 401,
          headers: { 'content-type': 'text/html', 'www-authenticate': 'Basic realm="Public API"' },
        })
      }
      if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
      const response = await answer(await request.text())
      return new Response(await printMethodResponse(response), { headers: { 'content-type': 'text/xml' } })
    },
  }
}

function refusal({ message, module, type }: Refused, { faultCode }: CloudBlueBehaviour): MethodResponse {
  if (faultCode !== undefined) return { fault: { code: faultCode, message } }
  return {
    value: {
      status: -1,
      extype_id: type,
      module_id: module,
      error_message: message,
      properties: { reason: message },
    },
  }
}
