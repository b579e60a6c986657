import { isDeepStrictEqual } from 'node:util'
import { ProviderError } from '../../../../connectors/index.ts'
import { type Bench, deliver, START } from '../bench.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import type { ArrivedRequest, GateFault } from '../gate.ts'
import { callsIn, doneOf, during, failureOf, naming, openingHeaders, samplesOf, targetOf, writesIn } from '../judge.ts'

const WAIT_MS = 7_000
const httpDate = new Date(Date.parse(START) + 1_000_000 + WAIT_MS).toUTCString()

/** The ways in which a provider asks for a rest; those that say for how long say seven seconds. */
const throttles: readonly { readonly how: string; readonly fault: GateFault; readonly waitMs: number }[] = [
  { how: 'with seconds', fault: { headers: { 'retry-after': '7' } }, waitMs: WAIT_MS },
  { how: 'with a date', fault: { headers: { 'retry-after': httpDate } }, waitMs: WAIT_MS },
  { how: 'in words', fault: { body: JSON.stringify({ message: 'Try again in 7 seconds.' }) }, waitMs: WAIT_MS },
  { how: 'without a time', fault: {}, waitMs: 0 },
]

/** A provider that is not well, and one that refuses. */
export const faults: readonly ConformanceCheck[] = [
  {
    id: 'C12',
    group: 'throttle',
    title: 'asked for a rest in seconds, by a date or in words, it sends nothing before that is over',
    needs: ['provider', 'target'],
    async run(bench) {
      const { provider, clock } = bench
      for (const { how, fault, waitMs } of throttles) {
        if (how === 'with a date') await clock.advance(Date.parse(START) + 1_000_000 - clock.now().getTime())
        const process = bench.start()
        provider.fail({ ...fault, status: 429 })
        const first = clock.now().getTime()
        const { requests } = await during(bench, async () => {
          // At once, as another change of the same connection would come.
          await process.settle(targetOf(bench), how).catch(ensureThrottled(how))
          doneOf(await process.settle(targetOf(bench), how), `After a rest asked for ${how}`)
        })
        const [refused, ...others] = callsIn(requests)
        const early = others.filter(({ at }) => at.getTime() < (refused?.at.getTime() ?? first) + waitMs)
        ensure(early.length === 0, `Asked to wait 7 seconds ${how}, it came before: ${naming(early)}.`)
      }
    },
  },
  {
    id: 'C13',
    group: 'transient',
    title: 'a passing fault is tried again, and a write with the same idempotency key',
    needs: ['provider', 'target'],
    async run(bench) {
      const { provider, world } = bench
      const passing: readonly GateFault[] = [
        ...[500, 502, 503, 504].map((status) => ({ status })),
        { drop: 'request' },
        { drop: 'answer' },
      ]
      // A change is in force after the first time; an order goes on being one.
      const lasting = samplesOf(bench).at(-1) ?? targetOf(bench)
      for (const [at, fault] of passing.entries()) {
        for (const on of ['read', 'write'] as const) {
          provider.fail({ ...fault, on })
          const change = on === 'read' ? targetOf(bench) : lasting
          const { result, requests } = await during(bench, () => deliver(bench, change, `passing ${at} ${on}`))
          doneOf(result, `After ${fault.status ?? `a cut before the ${fault.drop} was through`}`)
          provider.heal()
          if (world.idempotencyHeader !== null) ensureSameKeys(requests, world.idempotencyHeader)
        }
      }
    },
    untried: ({ world }) => (world?.idempotencyHeader === null ? 'a key, which the provider does not know' : undefined),
  },
  {
    id: 'C14',
    group: 'refusal',
    title: 'what was refused is not sent again as it was',
    needs: ['provider', 'target'],
    async run(bench) {
      for (const status of [400, 401, 403, 404, 409, 422]) {
        for (const on of ['read', 'write'] as const) {
          bench.provider.fail({ on, status, times: 100 })
          const { requests } = await during(bench, () =>
            failureOf(bench.start().settle(targetOf(bench), `refused ${status}`), `Refused with ${status}`),
          )
          bench.provider.heal()
          ensureNotRepeated(on === 'write' ? writesIn(requests) : callsIn(requests), status, requests)
        }
      }
    },
  },
  {
    id: 'C24',
    group: 'answers',
    title: 'an answer that is empty, a page, XML or not what it says is a clear failure, and a byte order mark is none',
    needs: ['provider', 'target'],
    async run(bench) {
      const { provider, start } = bench
      for (const [what, fault] of Object.entries(unreadable)) {
        provider.fail({ ...fault, on: 'read', times: 100 })
        const { code, message } = await failureOf(start().settle(targetOf(bench), what), `With ${what}`)
        ensure(code !== 'bug', `With ${what}, the connector is at fault: ${message}`)
        ensure(!/<[a-z]/i.test(message) && message.length < 1000, `With ${what}, the message is the answer itself.`)
        provider.heal()
      }
      provider.fail({ on: 'read', rewrite: withByteOrderMark, times: 100 })
      doneOf(await start().settle(targetOf(bench), 'byte order mark'), 'With a byte order mark')
      provider.heal()
      const codes = await Promise.all([800002, '800002'].map((code) => codeOf(bench, code)))
      ensure(codes[0] === codes[1], `A code that is a number means ${codes[0]}, and the same as a text ${codes[1]}.`)
    },
  },
]

const ensureThrottled = (how: string) => (error: unknown) => {
  const { code, message } = error as { readonly code?: string; readonly message: string }
  ensure(code === 'throttled', `Asked for a rest ${how}, it is \`${code}\`: ${message}`)
}

function ensureSameKeys(requests: readonly ArrivedRequest[], header = 'idempotency-key'): void {
  const keys = new Map<string, string | undefined>()
  for (const { method, path, body, headers } of writesIn(requests)) {
    const id = `${method} ${path} ${body}`
    const key = headers[header]
    const isOther = keys.has(id) && keys.get(id) !== key
    ensure(!isOther, `${method} ${path} was tried again with another ${header}.`)
    ensure(
      !keys.has(id) || key !== undefined || method !== 'POST',
      `${method} ${path} was tried again without ${header}.`,
    )
    keys.set(id, key)
  }
}

/** A token may be renewed once, and a conflict read again; beyond that, once is enough. */
function ensureNotRepeated(refused: readonly ArrivedRequest[], status: number, all: readonly ArrivedRequest[]): void {
  const isSame = (other: ArrivedRequest, one: ArrivedRequest) =>
    other.method === one.method && other.path === one.path && other.body === one.body
  refused.forEach((one, at) => {
    const before = refused.slice(0, at).filter((other) => isSame(other, one))
    const isNew = before.length === 1 && !isDeepStrictEqual(openingHeaders(before[0]!), openingHeaders(one))
    const isFine = before.length === 0 || isNew || (status === 409 && before.length < 3)
    ensure(isFine, `${naming([one])} was answered with ${status}, and was sent ${before.length + 1} times.`)
  })
  const reads = all.filter(({ kind }) => kind === 'read').length
  const isBlind = status === 409 && refused.length > 1 && reads < refused.length
  ensure(!isBlind, 'After a conflict it wrote again without reading.')
}

const json = { 'content-type': 'application/json' }
const page = '<!doctype html><html><head><title>Sign in</title></head><body>Please sign in.</body></html>'
const unreadable: Readonly<Record<string, GateFault>> = {
  'an empty body': { status: 200, headers: json },
  'an HTML page': { status: 200, headers: { 'content-type': 'text/html' }, body: page },
  'an HTML error page': { status: 502, headers: { 'content-type': 'text/html' }, body: page },
  'an XML error called JSON': {
    status: 400,
    headers: json,
    body: '<?xml version="1.0"?><error><code>7</code><message>The request is not valid.</message></error>',
  },
}

async function withByteOrderMark(answer: Response): Promise<Response> {
  const text = await answer.text()
  const headers = new Headers(answer.headers)
  headers.delete('content-length')
  return new Response(text === '' ? null : `\uFEFF${text}`, { status: answer.status, headers })
}

async function codeOf({ provider, start, ...bench }: Bench, code: number | string): Promise<string> {
  provider.fail({ on: 'read', status: 400, headers: json, body: JSON.stringify({ code, message: 'Not valid.' }) })
  const error = await start()
    .settle(targetOf({ provider, start, ...bench }), `code ${typeof code}`)
    .catch((error: unknown) => error)
  return ProviderError.isInstance(error) ? `${error.code} ${error.details.providerCode}` : 'no failure'
}
