import { inspect } from 'node:util'
import { type Change, type Done, type Outcome, ProviderError } from '../../../connectors/index.ts'
import type { Bench } from './bench.ts'
import { ensure, fail } from './check.ts'
import type { ArrivedRequest } from './gate.ts'

/** The change that most checks are about: of what is there already, where the world has such a thing. */
export function targetOf(bench: Bench): Change {
  return samplesOf(bench)[0] ?? fail('The world has no change that the connector takes.')
}

/** The changes among the samples that the connector takes. */
export function samplesOf({ connector, world: { samples } }: Bench): Change[] {
  return [samples.change, samples.order].flatMap((one) => (one && connector.changes.includes(one.kind) ? [one] : []))
}

/** The outcome, which has to be that the target is in force. */
export function doneOf(outcome: Outcome, when: string): Done {
  ensure(outcome.status === 'done', `${when}, the outcome was \`${outcome.status}\`, not \`done\`.`)
  return outcome
}

/** What the work rejected with, which has to be a `ProviderError`; fails when it did not. */
export async function failureOf(work: Promise<unknown>, when: string): Promise<ProviderError> {
  const outcome = await work.then(
    (value) => fail(`${when}, it did not fail: ${inspect(value, { depth: 1 })}`),
    (error: unknown) => error,
  )
  if (ProviderError.isInstance(outcome)) return outcome
  throw outcome
}

export const writesIn = (requests: readonly ArrivedRequest[]) => requests.filter(({ kind }) => kind === 'write')
/** What arrived beyond signing in. */
export const callsIn = (requests: readonly ArrivedRequest[]) => requests.filter(({ kind }) => kind !== 'signIn')

/** The values of headers that open the provider: keys, tokens, sessions. */
export const openingHeaders = ({ headers }: ArrivedRequest) =>
  Object.entries(headers).flatMap(([name, value]) => (OPENS.test(name) ? [value] : []))

const OPENS = /auth|token|session|api-?key|cookie/i

/** What arrives while the work is under way. */
export async function during<T>({ provider }: Bench, work: () => Promise<T>) {
  const before = provider.requests.length
  const result = await work()
  return { result, requests: provider.requests.slice(before) }
}

/** Requests as a person would name them: `PATCH /subscriptions/1`. */
export const naming = (requests: readonly ArrivedRequest[]) =>
  requests.map(({ method, path }) => `${method} ${path}`).join(', ')

/** Fails when something was written. */
export function ensureNoWrite(requests: readonly ArrivedRequest[], when: string): void {
  const writes = writesIn(requests)
  ensure(writes.length === 0, `${when}, it wrote: ${naming(writes)}.`)
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
