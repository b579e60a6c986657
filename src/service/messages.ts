/**
 * The messages of the event framework that this package knows by name. Any other string is a message too: a custom API.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/event-framework
 */
export type KnownMessage =
  | 'Create'
  | 'Retrieve'
  | 'RetrieveMultiple'
  | 'Update'
  | 'Delete'
  | 'Associate'
  | 'Disassociate'
  | 'Assign'
  | 'SetState'
  | 'CreateMultiple'
  | 'UpdateMultiple'
export type Message = KnownMessage | (string & {})

/**
 * The stages of an operation, with the values under which Dataverse registers them.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/event-framework#event-execution-pipeline
 */
export const stages = Object.freeze({ preValidation: 10, preOperation: 20, mainOperation: 30, postOperation: 40 })
export type Stage = keyof typeof stages
/** The stages in which a step may run. */
export type StepStage = Exclude<Stage, 'mainOperation'>

/** Whether the operation waits for a step (and fails with it) or a system job runs it afterwards. */
export const modes = Object.freeze({ synchronous: 0, asynchronous: 1 })
export type Mode = keyof typeof modes
