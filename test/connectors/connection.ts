import {
  applyChange,
  type Change,
  type ChangeKind,
  type Connector,
  createConnectorContext,
  type FieldMap,
  type Json,
  memoryState,
  resumeChange,
} from '../../src/connectors/index.ts'
import { impatientClock } from './impatient-clock.ts'
import { settle } from './settle.ts'

/** A connector, and with what it reaches a provider. */
interface Reaching<S extends FieldMap, C extends FieldMap, K extends ChangeKind> {
  readonly connector: Connector<S, C, K>
  readonly settings?: object
  readonly credentials: object
}

/** In what a call differs from the others. */
export interface CallOptions {
  /** Beside those of the connection. */
  readonly settings?: object
  /** Instead of those of the connection. */
  readonly credentials?: object
}

/**
 * How the tests of one connector reach its provider: as a job does, by a key, with a handle that was JSON in between, and on
 * a clock that whoever waits turns.
 *
 * @param reaching asked at each call: a test may have another server
 */
export function createConnection<S extends FieldMap, C extends FieldMap, K extends ChangeKind>(
  reaching: () => Reaching<S, C, K>,
) {
  let clock = impatientClock()
  let state = memoryState()
  let notes: unknown[] = []

  function context(key = 'log-1', options: CallOptions = {}) {
    const { connector, settings, credentials } = reaching()
    return createConnectorContext(connector, {
      settings: { ...settings, ...options.settings },
      credentials: { ...(options.credentials ?? credentials) },
      key,
      clock,
      random: () => 0,
      state,
      log: (...note) => notes.push(note),
    })
  }
  const connector = () => reaching().connector as Connector
  const apply = (change: Change, key?: string, options?: CallOptions) =>
    applyChange(connector(), context(key, options), change)
  const resume = (handle: Json, key?: string, options?: CallOptions) =>
    resumeChange(connector(), context(key, options), JSON.parse(JSON.stringify(handle)))

  return {
    context,
    apply,
    resume,
    /** @param handle of a change that was accepted before */
    settle: (change: Change, key?: string, options?: CallOptions, handle?: Json) =>
      settle(
        clock,
        () => apply(change, key, options),
        (kept) => resume(kept, key, options),
        handle,
      ),
    get clock() {
      return clock
    },
    get state() {
      return state
    },
    get notes() {
      return notes
    },
    /** The connector finds nothing kept any more. */
    forget() {
      state = memoryState()
    },
    /** Nothing has happened yet. */
    begin() {
      clock = impatientClock()
      state = memoryState()
      notes = []
    },
  }
}
