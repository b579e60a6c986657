import type { Message, Mode, Stage } from '../service/index.ts'

/**
 * What every step can know of the operation it runs in.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/understand-the-data-context
 */
export interface ExecutionContext {
  readonly message: Message
  /** The logical name of the operation's table; `null` for messages without one. */
  readonly table: string | null
  /** The id of the row; `null` where there is none. */
  readonly id: string | null
  readonly stage: Stage
  readonly mode: Mode
  /** 1 for a direct call; one more for each call that a step makes. Past 8 the platform takes it for an infinite loop. */
  readonly depth: number
  /** The same for everything that one request sets off. */
  readonly correlationId: string
  readonly operationId: string
  readonly operationCreatedOn: Date
  /** The user the step runs as. */
  readonly userId: string
  /** The user who started the request. */
  readonly initiatingUserId: string
  readonly businessUnitId: string
  readonly organizationId: string
  /** Whether a throw undoes what this step has done. */
  readonly isInTransaction: boolean
  /** What the caller asked for, `Target` apart. */
  readonly inputParameters: Readonly<Record<string, unknown>>
  /** What the caller will get; filled from stage 40. */
  readonly outputParameters: Record<string, unknown>
  /**
   * Values that steps of one operation hand on. What a pre-validation step puts here is found by later steps in
   * `parentContext.sharedVariables`.
   */
  readonly sharedVariables: Record<string, unknown>
  /** The context of what set this operation off. */
  readonly parentContext: ExecutionContext | null
}
