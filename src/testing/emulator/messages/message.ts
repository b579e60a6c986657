import type { Call, MessageHandler } from '../call.ts'
import type { DeclaredParameters } from '../check-parameters.ts'

/**
 * One of the platform's messages as data: what it is called, what it takes, and what serves it. The parameters are those
 * of the Web API; the row that a bound operation is called on is `Target`, unless the message says otherwise.
 */
export interface EmulatedMessage<P extends object = object> {
  readonly name: string
  readonly parameters: DeclaredParameters
  /** What serves a call with these parameters, checked and copied. */
  handle(call: Call, parameters: P): MessageHandler<object>
}
