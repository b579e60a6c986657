import { DataverseError } from './dataverse-error.ts'
import { errorCodes } from './error-codes.ts'

/** How a rejection by a step is meant; `retry` makes an asynchronous step run again. */
export const operationStatuses = Object.freeze({ failed: 0, canceled: 1, retry: 2, suspended: 3, succeeded: 4 })

/** How a step says more about its rejection. */
export interface InvalidPluginExecutionOptions {
  /** The HTTP status of the answer, default 400. */
  readonly status?: number
  readonly operationStatus?: keyof typeof operationStatuses
  readonly subErrorCode?: number
  readonly cause?: unknown
}

/**
 * What a step throws to refuse the operation: the whole transaction rolls back and the caller gets `message`.
 * Thrown with `operationStatus: 'retry'` by an asynchronous step, the step runs again, up to four times in all.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/handle-exceptions
 * @example throw new InvalidPluginExecution('A credit limit above 10,000 needs an approval.')
 */
export class InvalidPluginExecution extends DataverseError {
  constructor(message: string, { status, operationStatus, subErrorCode, cause }: InvalidPluginExecutionOptions = {}) {
    const { code, status: usual, message: generic } = errorCodes.IsvAborted
    super('IsvAborted', code, status ?? usual, message === '' ? generic : message, {
      ...(cause === undefined ? {} : { cause }),
      ...(subErrorCode === undefined ? {} : { subErrorCode }),
      ...(operationStatus === undefined ? {} : { operationStatus: operationStatuses[operationStatus] }),
    })
  }
}
