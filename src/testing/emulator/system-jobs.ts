import { AsyncOperation, operationType } from '../../entities/async-operation.ts'
import type { PendingContext, Step } from '../../plugins/index.ts'
import { idOf, layoutOf, runQuery, type StoredRow, type StoredValue, select } from '../../query/index.ts'
import { DataverseError, operationStatuses, type Row, reference } from '../../service/index.ts'
import { Call } from './call.ts'
import type { Environment } from './environment.ts'
import { addDefaults, writeNew } from './messages/create.ts'
import { namesIn } from './messages/retrieve.ts'
import { calculateAllRollups, hasRollups } from './rollups.ts'
import type { Session } from './session.ts'

/** How often an asynchronous step that asks for another attempt is run before it has failed for good. */
const MAX_ATTEMPTS = 4
/** How long it waits in between, unless it says so itself. Microsoft documents no figure; this one is ours. */
const RETRY_AFTER_SECONDS = 60

/** What became of one system job that was run. */
export interface SystemJobRun {
  readonly id: string
  /** The step's name, or of a task of the platform's own the job's. */
  readonly step: string
  readonly outcome: 'succeeded' | 'failed' | 'retry'
  readonly error?: string
}

/** What a system job needs to run its step later: kept beside the row's columns, invisible to callers. */
export type Work = StepWork | TaskWork
export interface StepWork {
  readonly step: Step
  readonly context: PendingContext
}
interface TaskWork {
  readonly userId: string
  run(call: Call): void | Promise<void>
}
/** Where it stands in a row. */
export const WORK = layoutOf(AsyncOperation).names.length

const { statuscode } = AsyncOperation.columns
const reasons = (statuscode as { readonly options: Readonly<Record<string, number>> }).options

/**
 * Leaves an asynchronous step to a system job: a row of `asyncoperation`, written in the operation's transaction, so
 * that an operation that rolls back leaves no job behind.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/asynchronous-service
 */
export function enqueueStep(call: Call, step: Step, context: PendingContext): void {
  const target = {
    asyncoperationid: call.environment.newId(),
    name: step.name,
    operationtype: 1,
    messagename: context.message,
    primaryentitytype: context.table,
    correlationid: context.correlationId,
    requestid: context.operationId,
    depth: context.depth,
    retrycount: 0,
    ...(isThere(call, context) ? { regardingobjectid: reference(context.table!, context.id!) } : {}),
  }
  enqueue(call, target, { step, context: snapshot(context) })
}

/** A job regards the row of its operation, unless that one is gone, as after a Delete. */
function isThere(call: Call, { table, id }: PendingContext): boolean {
  return table !== null && id !== null && call.view.get(table, id) !== undefined
}

/** Leaves a task of the platform's own to a system job, and answers the job's id. */
export function enqueueTask(
  call: Call,
  job: { readonly name: string; readonly operationtype: number; readonly postponeuntil?: Date },
  run: TaskWork['run'],
): string {
  const asyncoperationid = call.environment.newId()
  const target = { asyncoperationid, depth: call.session.depth, retrycount: 0, ...job }
  enqueue(call, target, { userId: call.session.userId, run })
  return asyncoperationid
}

function enqueue(call: Call, target: Row & { readonly asyncoperationid: string }, work: Work): void {
  addDefaults(call, AsyncOperation, target)
  writeNew(call, call.view, AsyncOperation, target)
  change(call, target.asyncoperationid, {}, work)
}

/** A copy that shares nothing with the operation it was taken from, nor with other runs: also one in a fork. */
function snapshot(context: PendingContext): PendingContext {
  const { target, preImage, postImage, ...rest } = context
  const copy = (row: { readonly id?: string } | undefined) =>
    row &&
    Object.defineProperty(structuredClone(row), 'id', { value: row.id, enumerable: Object.hasOwn({ ...row }, 'id') })
  return {
    ...structuredClone(rest),
    target: Object.freeze(copy(target)),
    preImage: copy(preImage),
    postImage: copy(postImage),
  }
}

/** Rollups are calculated by the first drain, and by the first one of each hour after. */
const ROLLUPS_EVERY_MS = 60 * 60 * 1000
const rolledUp = new WeakMap<Environment, number>()

async function enqueueRollups(environment: Environment, session: Session): Promise<void> {
  const now = environment.clock.now().getTime()
  const last = rolledUp.get(environment)
  if (last !== undefined && now >= last && now < last + ROLLUPS_EVERY_MS) return
  if (!hasRollups(environment.schema, environment.store)) return
  rolledUp.set(environment, now)
  await new Call(environment, session).write((call) => {
    const job = { name: 'Calculate rollup columns', operationtype: operationType['Calculate Rollup Field'] }
    enqueueTask(call, job, (run) => run.write((writing) => calculateAllRollups(writing, writing.view)))
  })
}

/** The drains of each environment, one after the other: a job is run once. */
const draining = new WeakMap<Environment, Promise<unknown>>()

/** Runs the system jobs that are due, the oldest first, and those that they set off, until none is left. */
export function drainSystemJobs(environment: Environment, session: Session): Promise<SystemJobRun[]> {
  const before = draining.get(environment) ?? Promise.resolve()
  const runs = before.then(() => drainNow(environment, session))
  draining.set(
    environment,
    runs.catch(() => {}),
  )
  return runs
}

async function drainNow(environment: Environment, session: Session): Promise<SystemJobRun[]> {
  const runs: SystemJobRun[] = []
  await enqueueRollups(environment, session)
  for (;;) {
    const due = dueJobs(environment)
    if (due.length === 0) return runs
    for (const { id } of due) {
      // An earlier one may have cancelled or deleted it.
      const job = environment.store.get('asyncoperation', id)
      if (job && isOpen(job)) runs.push(await runSystemJob(environment, session, job))
    }
  }
}

function dueJobs({ store, clock }: Environment): readonly { readonly id: string }[] {
  const { rows } = runQuery(
    select(AsyncOperation, ['asyncoperationid', 'postponeuntil']).where('statecode', 'in', 0, 1).orderBy('createdon'),
    store,
    namesIn(store),
  )
  const now = clock.now()
  return rows
    .filter(({ postponeuntil }) => postponeuntil === null || (postponeuntil as Date) <= now)
    .map(({ asyncoperationid }) => ({ id: asyncoperationid as string }))
}

function isOpen(job: StoredRow): boolean {
  const state = job[at('statecode')]
  return (state === 0 || state === 1) && job[WORK] !== undefined
}

async function runSystemJob(environment: Environment, session: Session, job: StoredRow): Promise<SystemJobRun> {
  const work = job[WORK] as unknown as Work
  const id = idOf(job)
  const name = 'step' in work ? work.step.name : String(job[at('name')])
  const { userId, depth } = 'step' in work ? work.context : { userId: work.userId, depth: job[at('depth')] as number }
  const call = new Call(environment, { ...session, userId, callerId: userId, rightsOf: [userId], depth })
  const finish = (changes: Readonly<Record<string, StoredValue>>) => change(call, id, changes)
  const now = () => environment.clock.now().getTime()
  const attempts = (job[at('retrycount')] as number) + 1
  finish({ statecode: 2, statuscode: reasons['In Progress']!, startedon: now() })
  try {
    await environment.trace.record(0, 'job', name, () => {
      if (!('step' in work)) return work.run(call)
      const context = snapshot(work.context)
      return call.runStep(work.step, { ...context, mode: 'asynchronous', isInTransaction: false, operationId: id })
    })
    if ('step' in work && work.step.asyncAutoDelete) call.view.delete(AsyncOperation, id)
    else finish({ statecode: 3, statuscode: reasons.Succeeded!, completedon: now() })
    return { id, step: name, outcome: 'succeeded' }
  } catch (error) {
    const { message, hexCode, details } = DataverseError.isInstance(error)
      ? error
      : { message: String(error), hexCode: '', details: {} }
    const again = details.operationStatus === operationStatuses.retry && attempts < MAX_ATTEMPTS
    finish({
      message,
      friendlymessage: message,
      errorcode: hexCode === '' ? null : Number(hexCode) | 0,
      retrycount: attempts,
      ...(again
        ? {
            statecode: 1,
            statuscode: reasons.Waiting!,
            postponeuntil: now() + (details.retryAfter ?? RETRY_AFTER_SECONDS) * 1000,
          }
        : { statecode: 3, statuscode: reasons.Failed!, completedon: now() }),
    })
    return { id, step: name, outcome: again ? 'retry' : 'failed', error: message }
  }
}

function at(column: string): number {
  return layoutOf(AsyncOperation).positions.get(column)!
}

/** The platform's own writing to a system job: no steps, no checks. */
function change(call: Call, id: string, changes: Readonly<Record<string, StoredValue>>, work?: Work): void {
  const row = call.view.get('asyncoperation', id)
  if (!row) return
  const cells: StoredValue[] = [...row]
  for (const [column, value] of Object.entries(changes)) cells[at(column)] = value
  if (work) cells[WORK] = Object.freeze(work) as never
  cells[at('versionnumber')] = ++call.environment.counters.rowVersion
  call.view.put(AsyncOperation, cells)
}
