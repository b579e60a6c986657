import type { ExecutionContext } from '../../plugins/index.ts'
import type { View } from './store.ts'

/** On whose behalf, and from where in a chain of operations, the environment is asked. */
export interface Session {
  /** The user that calls are made as. */
  readonly userId: string
  /** Who really calls, when that is somebody else: the one who impersonates. */
  readonly callerId: string
  /** The users whose rights count: all of them must have a right. Who impersonates can do no more than they may. */
  readonly rightsOf: readonly string[]
  readonly initiatingUserId: string
  readonly depth: number
  readonly correlationId: string | undefined
  readonly parentContext: ExecutionContext | null
  /** The transaction that calls take part in; `undefined`: each call has its own. */
  readonly transaction: OpenTransaction | undefined
  /** How deep in the trace. */
  readonly level: number
}

/** A transaction that steps take part in. A failure in it dooms it, even when a step swallows the error. */
export interface OpenTransaction {
  readonly view: View
  doomedBy: unknown
  /** Whether it is over: a service that is used later has nothing to write into any more. */
  ended: boolean
  /** The ids of the rows whose deletion is under way, so that rows that refer to each other end somewhere. */
  readonly deleting: Set<string>
}
