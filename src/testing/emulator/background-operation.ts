// Straight from their files: the whole of `entities` would make importing the emulator slow.
import { operationType } from '../../entities/async-operation.ts'
import { BackgroundOperation } from '../../entities/background-operation.ts'
import type { TableDefinition } from '../../entities/index.ts'
import { createTransport } from '../../internal/http-transport.ts'
import type { CustomApi } from '../../plugins/index.ts'
import { layoutOf, type StoredRow } from '../../query/index.ts'
import { DataverseError, dataverseError, errorCodes, operationStatuses, type Row } from '../../service/index.ts'
import type { Call } from './call.ts'
import { addDefaults, writeNew } from './messages/create.ts'
import { patchRow } from './patch-row.ts'
import { enqueueTask } from './system-jobs.ts'

/** What is to run in the background. */
interface BackgroundRequest {
  readonly api: CustomApi
  readonly parameters: Readonly<Record<string, unknown>>
  /** The URL that is told of the end. */
  readonly callback: string | undefined
  /** The URL of the status monitor, without the id. */
  readonly monitor: string
}

/** What the URL of a callback is sent, as JSON. */
export interface BackgroundOperationEnd {
  readonly location: string
  readonly backgroundOperationId: string
  readonly backgroundOperationStateCode: number
  readonly backgroundOperationStatusCode: number
  /** Only where it failed. */
  readonly backgroundOperationErrorCode?: number
  readonly backgroundOperationErrorMessage?: string
}

/** How the end of a background operation is told to a URL. */
export type SendCallback = (url: string, end: BackgroundOperationEnd) => Promise<unknown>

const NAME = BackgroundOperation.logicalName
const COMPLETE = 'OnBackgroundOperationComplete'
const NINETY_DAYS_IN_SECONDS = 90 * 24 * 60 * 60
/** As documented; the first wait is not, and is ours. Each further one is twice as long. */
const RETRIES = 3
const FIRST_WAIT_IN_SECONDS = 60

const ready = { backgroundoperationstatecode: 0, backgroundoperationstatuscode: 0 }
const inProgress = { backgroundoperationstatecode: 2, backgroundoperationstatuscode: 20 }
const succeeded = { backgroundoperationstatecode: 3, backgroundoperationstatuscode: 30 }
const failed = { backgroundoperationstatecode: 3, backgroundoperationstatuscode: 31 }
const canceled = { backgroundoperationstatecode: 3, backgroundoperationstatuscode: 32 }

/** Leaves a request to a system job, with a row that tells how it goes, and answers the row's id. */
export function startBackgroundOperation(call: Call, request: BackgroundRequest): string {
  const { api, parameters } = request
  const backgroundoperationid = call.environment.newId()
  const table = call.environment.schema.table(NAME)
  const row: Row = {
    backgroundoperationid,
    name: api.uniqueName,
    displayname: api.displayName,
    inputparameters: keysAndValues(parameters),
    retrycount: 0,
    runas: call.session.userId,
    ttlinseconds: NINETY_DAYS_IN_SECONDS,
  }
  addDefaults(call, table, row)
  writeNew(call, call.view, table, row)
  enqueueTask(call, { name: api.uniqueName, operationtype: operationType['Execute Async Request'] }, (run) =>
    attempt(run, backgroundoperationid, request),
  )
  return backgroundoperationid
}

/** Runs the request once. What it throws asks the system job for another attempt while there may be one. */
async function attempt(call: Call, id: string, request: BackgroundRequest): Promise<void> {
  const before = call.view.get(NAME, id)
  if (!before) return
  if (isCanceling(before)) return end(call, id, request, canceled)

  await note(call, id, { ...inProgress, starttime: call.now() })
  try {
    const answer = await call.transactional().execute(request.api.uniqueName, request.parameters)
    await end(call, id, request, { ...succeeded, outputparameters: keysAndValues(answer) })
  } catch (error) {
    const row = call.view.get(NAME, id)
    const retries = row ? (row[at('retrycount')] as number) : RETRIES
    if (retries < RETRIES && !isCanceling(row!)) {
      await note(call, id, { ...ready, retrycount: retries + 1 })
      throw askingAgain(error, FIRST_WAIT_IN_SECONDS * 2 ** retries)
    }
    const isOurs = DataverseError.isInstance(error)
    await end(call, id, request, {
      ...failed,
      errorcode: isOurs ? error.code | 0 : 0,
      errormessage: error instanceof Error ? error.message : String(error),
    })
    throw error
  }
}

function askingAgain(error: unknown, retryAfter: number): DataverseError {
  const known = DataverseError.isInstance(error)
    ? error
    : dataverseError('IsvUnExpected', { reason: String(error) }, { cause: error })
  const { name, code, status, message, details } = known
  const operationStatus = operationStatuses.retry
  return new DataverseError(name, code, status, message, { ...details, operationStatus, retryAfter })
}

async function end(call: Call, id: string, request: BackgroundRequest, values: Row): Promise<void> {
  await note(call, id, { ...values, endtime: call.now() })
  await raiseComplete(call, id, `${request.monitor}/${id}`)
  if (request.callback === undefined) return
  const told: BackgroundOperationEnd = {
    location: `${request.monitor}/${id}`,
    backgroundOperationId: id,
    backgroundOperationStateCode: values.backgroundoperationstatecode as number,
    backgroundOperationStatusCode: values.backgroundoperationstatuscode as number,
    ...(values.errorcode === undefined
      ? {}
      : {
          backgroundOperationErrorCode: values.errorcode as number,
          backgroundOperationErrorMessage: values.errormessage as string,
        }),
  }
  try {
    await call.environment.sendCallback(request.callback, told)
  } catch (error) {
    // The operation has ended, whoever listens. The URL may be signed, so the trace does not name it.
    const reason = error instanceof Error ? error.message : String(error)
    call.environment.trace.text(1, `The callback of background operation ${id} failed: ${reason}`)
  }
}

/** Who listens to the end of background operations hears of this one. */
async function raiseComplete(call: Call, id: string, location: string): Promise<void> {
  if (!call.environment.steps.has(COMPLETE, null)) return
  await call.transactional().execute(COMPLETE, { PayloadType: 0, LocationUrl: location, BackgroundOperationId: id })
}

const post = createTransport()

/** Posts to a URL, without any authentication: a URL that wants some carries it. */
export const postCallback: SendCallback = async (url, end) => {
  const headers = { 'Content-Type': 'application/json; charset=utf-8' }
  const { status } = await post({ method: 'POST', url, headers, body: JSON.stringify(end) })
  if (status >= 300) throw new Error(`it was answered with ${status}`)
}

/**
 * Refuses to cancel what has ended.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/background-operations#cancel-background-operations
 */
export function refuseLateCancellation({ logicalName }: TableDefinition, before: StoredRow, target: Row): void {
  if (logicalName !== NAME || target.backgroundoperationstatuscode !== 22) return
  if (before[at('backgroundoperationstatecode')] !== 3) return
  const { code, status } = errorCodes.InvalidArgument
  const message = 'Canceling background operation is not allowed after it is in terminal state.'
  throw new DataverseError('InvalidArgument', code, status, message)
}

function note(call: Call, id: string, values: Row): Promise<void> {
  return call.write((writing) => patchRow(writing, writing.view, writing.environment.schema.table(NAME), id, values))
}

function isCanceling(row: StoredRow): boolean {
  return row[at('backgroundoperationstatuscode')] === 22
}

function at(column: string): number {
  return layoutOf(BackgroundOperation).positions.get(column)!
}

function keysAndValues(values: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(Object.entries(values).map(([Key, Value]) => ({ Key, Value })))
}
