import {
  applyChange,
  type Change,
  type ConnectionState,
  type Connector,
  type ConnectorContext,
  createConnectorContext,
  type Json,
  memoryState,
  type Outcome,
  ProviderError,
  resumeChange,
  type TransportOptions,
} from '../../../connectors/index.ts'
import { createDrivenClock, type DrivenClock } from './driven-clock.ts'
import { type Gate, openGate } from './gate.ts'
import type { ConnectorWorld, CreateWorld } from './world.ts'

/** A connector, or how it is made for a provider at an address. */
export type ConnectorSource = Connector | ((url: string) => Connector)

/** What a check works with: one connector before one provider, both new, on a clock of their own. */
export interface Bench {
  readonly connector: Connector
  readonly world: ConnectorWorld
  readonly provider: Gate
  readonly clock: DrivenClock
  /** What a person or a file could come to see: notes, errors, outcomes. */
  readonly shown: unknown[]
  /** A process that holds the connection; what it keeps in memory is its own. */
  start(options?: ProcessOptions): Process
  close(): Promise<void>
}

export interface ProcessOptions {
  readonly settings?: Readonly<Record<string, unknown>> | undefined
  readonly credentials?: Readonly<Record<string, unknown>> | undefined
  readonly signal?: AbortSignal
  /** Default: the one that all processes of the bench share. */
  readonly state?: ConnectionState
}

export interface Process {
  context(key?: string): ConnectorContext
  apply(change: Change, key?: string): Promise<Outcome>
  resume(handle: Json, key?: string): Promise<Outcome>
  /** Applies, and asks again with the handle alone until there is an outcome. Time passes in between. */
  settle(change: Change, key?: string): Promise<Outcome>
}

export const START = '2026-10-20T09:00:00.000Z'
/** The key of the change that a check is about. */
export const KEY = '5f0c0a52-7d7e-4f5c-9a6e-0d3c1b2a4e10'

const MOST_POLLS = 300
const POLL_AFTER_MS = 60_000

export async function openBench(source: ConnectorSource, createWorld: CreateWorld, checkId: string): Promise<Bench> {
  const clock = createDrivenClock(START)
  const world = createWorld({ now: clock.now, sleep: (milliseconds) => clock.advance(milliseconds) }, checkId)
  const provider = await openGate(world, clock)
  const connector = typeof source === 'function' ? source(provider.url) : source
  const state = memoryState()
  const transport = await countedTransport(clock)
  const shown: unknown[] = []

  function start(options: ProcessOptions = {}): Process {
    // What a process has in common with its other contexts goes by its clock.
    const own = { now: clock.now, sleep: clock.sleep }
    const context = (key = KEY) =>
      createConnectorContext(connector, {
        settings: { ...world.settings(provider.url), ...options.settings },
        credentials: { ...world.credentials, ...options.credentials },
        key: world.keyFor?.(key) ?? key,
        clock: own,
        random: () => 0,
        state: options.state ?? state,
        signal: options.signal,
        transport,
        log: (event, data) => shown.push([event, data]),
      })
    const show = async (ask: () => Promise<Outcome>) => {
      try {
        const outcome = await ask()
        shown.push(outcome)
        return outcome
      } catch (error) {
        shown.push(error)
        throw error
      }
    }
    const apply = (change: Change, key?: string) => show(() => applyChange(connector, context(key), change))
    const resume = (handle: Json, key?: string) =>
      show(() => resumeChange(connector, context(key), JSON.parse(JSON.stringify(handle)) as Json))

    async function settle(change: Change, key?: string): Promise<Outcome> {
      let outcome = await apply(change, key)
      for (let polls = 0; outcome.status === 'accepted' && polls < MOST_POLLS; polls++) {
        await clock.sleep(outcome.pollAfterMs ?? POLL_AFTER_MS)
        outcome = await resume(outcome.handle, key)
      }
      return outcome
    }
    return { context, apply, resume, settle }
  }

  async function close(): Promise<void> {
    await provider.close()
    await world.close?.()
  }

  return { connector, world, provider, clock, shown, start, close }
}

const MOST_DELIVERIES = 10

/** As a job does: what may pass is delivered again with the same key, by another process and with the last handle. */
export async function deliver(bench: Bench, change: Change, key?: string): Promise<Outcome> {
  let handle: Json | undefined
  for (let deliveries = 1, polls = 0; ; ) {
    const process = bench.start()
    try {
      const outcome = handle === undefined ? await process.apply(change, key) : await process.resume(handle, key)
      if (outcome.status !== 'accepted' || polls++ === MOST_POLLS) return outcome
      handle = outcome.handle
      await bench.clock.sleep(outcome.pollAfterMs ?? POLL_AFTER_MS)
    } catch (error) {
      const mayPass = ProviderError.isInstance(error) && error.retry !== 'never'
      if (!mayPass || deliveries++ === MOST_DELIVERIES) throw error
      await bench.clock.sleep(error.retryAfterMs ?? POLL_AFTER_MS)
    }
  }
}

/** Requests that are under way stop the clock: otherwise a moment would pass for them that did not. */
async function countedTransport(clock: DrivenClock): Promise<TransportOptions> {
  const { default: axios } = await import('axios')
  const send = axios.getAdapter('http')
  return { adapter: (request) => clock.during(async () => send(request)) }
}
