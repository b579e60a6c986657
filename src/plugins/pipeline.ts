import { dataverseError, type Row, type Stage, type StepStage } from '../service/index.ts'
import type { AnyStepContext, ImageColumns, Step } from './define-step.ts'
import type { ExecutionContext } from './execution-context.ts'

/** The deepest chain of operations; past it the platform takes it for an infinite loop. */
export const MAX_DEPTH = 8

/** An operation on its way through the pipeline. */
export interface Operation<Output> extends OperationPart<Output> {
  /** What the steps of all stages see alike. */
  readonly context: OperationContext
  /** Whether the operation was set off inside a transaction; that one is then its own. */
  readonly isInTransaction: boolean
  /**
   * The parts in which it is done inside the transaction, each with its steps; most operations are one. An Update of
   * state and other columns is two.
   */
  parts(): readonly OperationPart<Output>[]
}

/** What an operation, or a part of one, does to its target. */
export interface OperationPart<Output> {
  /** What a Create or an Update brings, or which row a Delete removes. Early steps may still change a row. */
  readonly target: object
  /** Completes the target with the platform's defaults. */
  prepare(): void
  /** The main operation: writes or reads, and answers. Steps before it have shared what is in its context. */
  main(context: ExecutionContext): Output | Promise<Output>
  /** The row as it stands at this moment, to take images from. */
  capture(): CapturedRow
}
export type OperationContext = Omit<ExecutionContext, 'stage' | 'mode' | 'isInTransaction'>

/** Gives the columns of a row as it was when captured, those without a value left out. */
export type CapturedRow = (columns: readonly string[] | 'all') => Row | undefined

/** All that a step receives but what the environment adds. */
export type PendingContext = Omit<AnyStepContext, 'service' | 'now' | 'trace'>

/** What the pipeline asks of the environment that it runs in. */
export interface PipelineHost {
  /** The steps registered for the message and table in this stage, in the order in which they run. */
  stepsIn(stage: StepStage): readonly Step[]
  /** Runs `body` so that a throw undoes all that it did. */
  inTransaction<T>(body: () => T | Promise<T>): Promise<T>
  /** Runs one step: its service, trace and clock are the environment's affair. */
  run(step: Step, context: PendingContext): Promise<void>
  /** Leaves an asynchronous step to a system job, which exists only if the transaction commits. */
  enqueue(step: Step, context: PendingContext): void
}

/**
 * The life of one operation, top to bottom. `docs/lifecycle.md` draws it.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/event-framework#event-execution-pipeline
 */
export async function runPipeline<Output extends object>(
  operation: Operation<Output>,
  host: PipelineHost,
): Promise<Output> {
  const { context, target } = operation
  if (context.depth > MAX_DEPTH) throw dataverseError('SdkCorrelationTokenDepthTooHigh', {})

  const outer = {
    ...context,
    sharedVariables: { ...context.sharedVariables },
    isInTransaction: operation.isInTransaction,
  }
  await runEarlySteps('preValidation', outer, target, operation.capture(), host)

  return host.inTransaction(async () => {
    let output!: Output
    for (const part of operation.parts()) output = await runPart(part, context, outer, host)
    return output
  })
}

/** From the defaults to the last step: what happens inside the transaction. */
async function runPart<Output extends object>(
  operation: OperationPart<Output>,
  context: OperationContext,
  outer: StagelessContext,
  host: PipelineHost,
): Promise<Output> {
  const { target } = operation
  // Later stages find in their parent what pre-validation steps shared.
  const inner = {
    ...context,
    outputParameters: {},
    parentContext: atStage(outer, 'preValidation'),
    isInTransaction: true,
  }
  const before = operation.capture()

  operation.prepare()
  await runEarlySteps('preOperation', inner, target, before, host)
  const output = await operation.main(atStage(inner, 'mainOperation'))
  Object.assign(inner.outputParameters, output)
  await runLateSteps(inner, target, before, operation.capture(), host)
  return output
}

type StagelessContext = Omit<ExecutionContext, 'stage' | 'mode'>

function atStage(context: StagelessContext, stage: Stage, step?: Step): ExecutionContext {
  return { ...context, stage, mode: step?.mode ?? 'synchronous' }
}

/** Steps before the main operation: what they set in the target is what will be written. */
async function runEarlySteps(
  stage: 'preValidation' | 'preOperation',
  context: StagelessContext,
  target: object,
  before: CapturedRow,
  host: PipelineHost,
): Promise<void> {
  for (const step of host.stepsIn(stage)) {
    if (!wants(step, target)) continue
    const untouched = fingerprint(target)
    await host.run(step, { ...atStage(context, stage, step), target, ...imagesOf(step, before) })
    refuseUndeclaredChanges(step, untouched, target)
  }
}

/** Steps after the main operation: the target is written, so they get a frozen one. */
async function runLateSteps(
  context: StagelessContext,
  target: object,
  before: CapturedRow,
  after: CapturedRow,
  host: PipelineHost,
): Promise<void> {
  const steps = host.stepsIn('postOperation')
  if (steps.length === 0) return
  const written = Object.freeze(Object.defineProperties({}, Object.getOwnPropertyDescriptors(target)))
  for (const step of steps) {
    if (!wants(step, written)) continue
    const pending = { ...atStage(context, 'postOperation', step), target: written, ...imagesOf(step, before, after) }
    if (step.mode === 'synchronous') await host.run(step, pending)
    else host.enqueue(step, { ...pending, isInTransaction: false })
  }
}

/** An Update runs a step when it brings one of the filtering columns, whether or not the value differs. */
function wants(step: Step, target: object): boolean {
  return step.filter.length === 0 || step.filter.some((column) => (target as Row)[column] !== undefined)
}

function imagesOf(step: Step, before: CapturedRow, after?: CapturedRow) {
  const image = (columns: ImageColumns, captured: CapturedRow | undefined) => columns && captured?.(columns)
  return { preImage: image(step.preImage, before), postImage: image(step.postImage, after) }
}

function refuseUndeclaredChanges(step: Step, untouched: Fingerprint, target: object): void {
  const after = fingerprint(target)
  for (const column of new Set([...untouched.keys(), ...after.keys()])) {
    if (untouched.get(column) === after.get(column) || step.changes.includes(column)) continue
    throw dataverseError('IsvUnExpected', {
      reason: `Step '${step.name}' set '${column}' of its target, which it does not declare. Add it to the step's \`changes\`.`,
    })
  }
}

type Fingerprint = ReadonlyMap<string, unknown>

/** The values of a target as something that compares: a date or a reference may also be changed from within. */
function fingerprint(target: object): Fingerprint {
  return new Map(
    Object.entries(target).map(([column, value]) => [
      column,
      typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
    ]),
  )
}
