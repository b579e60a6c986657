import type { Clock } from '../../internal/clock.ts'
import type { Transport } from '../../internal/http-transport.ts'
import type { TokenSource } from '../auth/token-source.ts'
import { type ApiAnswer, type ApiRequest, titleOf } from './api.ts'
import { type CallSettings, settingsHeaders } from './call-settings.ts'
import { failureOf } from './failure.ts'
import { NoAnswer, reasonOf } from './no-answer.ts'
import type { Secrets } from './redact.ts'
import { isTransient, parseRetryAfter, type RetryPolicy, waitBeforeRetry } from './retry.ts'

/** What was asked and what came of it, for a log. Queries, bodies and headers are left out: they hold values and tokens. */
export interface RequestLogEntry {
  readonly method: string
  /** Below the API's base address. */
  readonly path: string
  /** From 1. */
  readonly attempt: number
  /** Left out: there was no answer. */
  readonly status?: number
  /** Milliseconds until it is asked again; left out: it is not. */
  readonly retryInMs?: number
}

export interface RequesterOptions {
  /** Without a slash at its end. */
  readonly baseUrl: string
  readonly transport: Transport
  readonly tokens: TokenSource | undefined
  readonly secrets: Secrets
  readonly retry: RetryPolicy
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: () => number
  readonly log: (entry: RequestLogEntry) => void
}

/** Whether a request may be made twice, where its method does not say so. */
export interface Repeatability {
  readonly repeatable?: boolean
}

export interface Requester {
  readonly baseUrl: string
  /** Makes the request, again where that helps, and answers whatever came of it in the end. */
  ask(request: ApiRequest & Repeatability, settings: CallSettings): Promise<ApiAnswer>
  /** The same, and rejects with a `DataverseError` where the answer is a failure. */
  send(request: ApiRequest & Repeatability, settings: CallSettings): Promise<ApiAnswer>
  failure(request: ApiRequest, answer: ApiAnswer): Error
}

/** Authorises, sends, waits and asks again. */
export function createRequester(options: RequesterOptions): Requester {
  const { baseUrl, transport, tokens, secrets, retry, clock, random, log } = options
  const origin = new URL(baseUrl).origin

  const addressOf = ({ path }: ApiRequest): string => {
    if (!/^[a-z][a-z+.-]*:/i.test(path)) return `${baseUrl}/${path}`
    if (new URL(path).origin === origin) return path
    throw new TypeError(
      `The environment named the address ${new URL(path).origin}, which is not its own: not followed.`,
    )
  }

  const attempt = async (
    request: ApiRequest,
    settings: CallSettings,
    renew: boolean,
  ): Promise<ApiAnswer | NoAnswer> => {
    const token = await tokens?.get({ renew, signal: settings.signal })
    secrets.add(token)
    const outgoing = {
      method: request.method,
      url: addressOf(request),
      headers: {
        Accept: 'application/json',
        'OData-Version': '4.0',
        'OData-MaxVersion': '4.0',
        ...settingsHeaders(settings),
        ...request.headers,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: request.body,
      timeoutMs: settings.timeoutMs ?? options.timeoutMs,
      signal: settings.signal,
    }
    try {
      return await transport(outgoing)
    } catch (error) {
      if (settings.signal?.aborted) throw settings.signal.reason
      return new NoAnswer(secrets.redact(`${titleOf(request)} got no answer from ${origin}: ${reasonOf(error)}.`))
    }
  }

  const ask: Requester['ask'] = async (request, settings) => {
    let renewed = false
    let isUncertain = false
    for (let number = 1; ; number++) {
      const outcome = await attempt(request, settings, renewed)
      const answer = outcome instanceof NoAnswer ? undefined : outcome
      const status = answer?.status
      const { method } = request
      const entry = { method, path: titleOf(request).slice(method.length + 1), attempt: number }
      if (status === 401 && tokens && !renewed) {
        renewed = true
        log({ ...entry, status, retryInMs: 0 })
        continue
      }
      const retryAfterMs = parseRetryAfter(answer?.headers['retry-after'], clock.now())
      const wait = waitBeforeRetry(retry, request, { number, status, retryAfterMs }, random())
      log({ ...entry, ...(status === undefined ? {} : { status }), ...(wait === undefined ? {} : { retryInMs: wait }) })
      if (wait === undefined) {
        if (!answer) throw outcome
        // An attempt whose answer was lost has deleted the row already.
        return status === 404 && method === 'DELETE' && isUncertain ? { ...answer, status: 204 } : answer
      }
      isUncertain ||= isTransient(status)
      await clock.sleep(wait, settings.signal)
    }
  }

  const failure: Requester['failure'] = (request, answer) =>
    failureOf(request, answer, { redact: secrets.redact, now: clock.now() })

  return {
    baseUrl,
    ask,
    failure,
    async send(request, settings) {
      const answer = await ask(request, settings)
      if (answer.status >= 300) throw failure(request, answer)
      return answer
    },
  }
}
