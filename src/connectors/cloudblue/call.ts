import { ProviderError } from '../provider-error.ts'
import { createXmlRpc } from '../xml-rpc/create-xml-rpc.ts'
import { memberOf, type XmlRpcStruct, type XmlRpcValue } from '../xml-rpc/value.ts'
import { meaningOf } from './failures.ts'
import { listOf, numberIn, textIn } from './from-wire.ts'
import type { CloudBlueContext } from './settings.ts'

const TITLE = 'CloudBlue'
const DAY_MS = 24 * 3_600_000

/**
 * How methods of the Public API are called: each takes one struct, and answers with a struct that has a `status`, and a `result`
 * where that is 0.
 *
 * @throws ProviderError for any other status, by what the error says
 */
export function publicApi(context: CloudBlueContext) {
  const call = createXmlRpc(context, { title: TITLE, url: context.settings.accessPoint })

  async function ask(method: string, params: XmlRpcStruct, repeatable: boolean): Promise<XmlRpcValue | undefined> {
    const headers = await authorization(context)
    const { value, correlationId } = await call(method, [params], { repeatable, headers })
    if (numberIn(value, 'status') === 0) return memberOf(value, 'result')
    throw refusal(context, method, value, correlationId)
  }

  return {
    /** Reads one thing, which has to be there. */
    async get(method: string, params: XmlRpcStruct): Promise<XmlRpcValue> {
      const result = await ask(method, params, true)
      if (result !== undefined) return result
      throw new ProviderError('transient', `${TITLE} answered ${method} without a result.`)
    },
    /** Reads a list. */
    list: async (method: string, params: XmlRpcStruct) => listOf(await ask(method, params, true)),
    /** Sets what is to be, so that it may be sent twice. */
    set: async (method: string, params: XmlRpcStruct) => void (await ask(method, params, true)),
    /** Sent once: CloudBlue knows no idempotency key. */
    once: (method: string, params: XmlRpcStruct) => ask(method, params, false),
  }
}

/** Kept as tokens are, so that it is taken out of whatever would show it, with its padding and without. */
async function authorization({ credentials, accessToken }: CloudBlueContext): Promise<Record<string, string>> {
  const { userName, password } = credentials
  if (userName === undefined && password === undefined) return {}
  if (userName === undefined || password === undefined) {
    const field = userName === undefined ? 'userName' : 'password'
    throw new ProviderError('invalid', 'CloudBlue takes a user name and a password, or neither of them.', { field })
  }
  const token = await accessToken({
    async acquire() {
      const basic = Buffer.from(`${userName}:${password}`).toString('base64')
      return { token: basic.replace(/=+$/, ''), expiresInMs: DAY_MS }
    },
  })
  return { authorization: `Basic ${token.padEnd(Math.ceil(token.length / 4) * 4, '=')}` }
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
