import { deepFreeze } from '../internal/freeze.ts'
import type {
  ColumnOf,
  EntityReference,
  KnownMessage,
  Message,
  Mode,
  OrganizationService,
  Row,
  RowOf,
  StepStage,
  TypedTable,
  UpdateOf,
} from '../service/index.ts'
import type { ExecutionContext } from './execution-context.ts'
import { refuseImpossible } from './step-rules.ts'

/**
 * How a step that changes `target` behaves behind a webhook, whose answer cannot change it:
 * `updateAfterwards`: the same changes are applied by an asynchronous update after the operation;
 * `refuse`: it is not registered there, and registration says so.
 */
export type BehindWebhook = 'updateAfterwards' | 'refuse'

/** A step as data: what it is registered for, what it needs, and what it does. */
export interface Step {
  readonly kind: 'step'
  readonly name: string
  readonly description: string | undefined
  readonly message: Message
  /** The logical name of the table; `null`: every table. */
  readonly table: string | null
  readonly stage: StepStage
  readonly mode: Mode
  /** Steps of one stage run in ascending rank. */
  readonly rank: number
  /** An Update runs the step only when it brings at least one of these; empty: any column. */
  readonly filter: readonly string[]
  readonly preImage: ImageColumns
  readonly postImage: ImageColumns
  /** The columns of `target` that the step may set. */
  readonly changes: readonly string[]
  readonly behindWebhook: BehindWebhook | undefined
  /** Whether the system job of an asynchronous step goes once it has succeeded. */
  readonly asyncAutoDelete: boolean
  /** The user to run as; left out: the calling user. */
  readonly runAs: string | undefined
  /** The numbered rules that the step carries out, for a rule book. */
  readonly rules: readonly string[]
  run(context: AnyStepContext): void | Promise<void>
}

/** The columns of an image: some, all, or no image. */
export type ImageColumns = readonly string[] | 'all' | undefined

/** What a step receives, untyped. */
export interface AnyStepContext extends ExecutionContext {
  // Bivariance on purpose: each step narrows these to the types that its own declaration implies.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly target: any
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly preImage: any
  // biome-ignore lint/suspicious/noExplicitAny: see above
  readonly postImage: any
  /** Dataverse, as the user the step runs as; inside the operation's transaction where there is one. */
  readonly service: OrganizationService
  /** The present moment. */
  now(): Date
  /** Writes a line to the plug-in trace. */
  trace(text: string): void
}

/** A row in the making: `id` is its key, the declared columns can be set, the others only read. */
export type Target<T extends TypedTable, Changes extends string> = {
  readonly id: string
} & {
  readonly [K in Exclude<keyof UpdateOf<T> & string, Changes>]?: UpdateOf<T>[K] | undefined
} & {
  [K in Changes]?: (K extends keyof RowOf<T> ? RowOf<T>[K] : never) | undefined
}

/** An image: the columns asked for, those without a value left out. */
export type Image<T extends TypedTable, C extends string> = { readonly id: string } & {
  readonly [K in C]?: K extends keyof RowOf<T> ? NonNullable<RowOf<T>[K]> | undefined : never
}

export interface StepContext<
  T extends TypedTable,
  M extends Message,
  Pre extends string,
  Post extends string,
  Changes extends string,
> extends Omit<AnyStepContext, 'target' | 'preImage' | 'postImage' | 'id' | 'inputParameters'> {
  readonly id: M extends SeveralRows ? null : string
  readonly target: M extends SeveralRows
    ? Readonly<Record<string, never>>
    : M extends 'Delete' | CustomMessage
      ? EntityReference<T['logicalName']>
      : Target<T, Changes>
  readonly inputParameters: M extends SeveralRows
    ? { readonly Targets: readonly Partial<RowOf<T>>[] }
    : AnyStepContext['inputParameters']
  readonly preImage: [Pre] extends [never] ? undefined : Image<T, Pre>
  readonly postImage: [Post] extends [never] ? undefined : Image<T, Post>
}

/**
 * The messages for several rows of a table. A step on one of them finds the rows in `inputParameters.Targets`, and runs
 * once for all of them; for a single Create or Update it runs with that one.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/write-plugin-multiple-operation
 */
export type SeveralRows = 'CreateMultiple' | 'UpdateMultiple'

/** The unique name of a custom API, as a message that steps may listen to. */
export type CustomMessage = `${string}_${string}`

/** A step on a message that is of no table, or of all: links, and custom APIs that are bound to none. */
interface TablelessOptions<S extends StepStage, D extends Mode> {
  readonly name: string
  readonly description?: string
  readonly table?: undefined
  readonly message: 'Associate' | 'Disassociate' | 'OnBackgroundOperationComplete' | CustomMessage
  readonly stage: S
  readonly mode?: D extends 'asynchronous'
    ? S extends 'postOperation'
      ? D
      : 'An asynchronous step runs in stage postOperation only.'
    : D
  readonly rank?: number
  /** Of an asynchronous step only: deletes its system job once that has succeeded. Default `false`. */
  readonly asyncAutoDelete?: D extends 'asynchronous' ? boolean : false
  readonly runAs?: string
  readonly rules?: readonly string[]
  run(context: AnyStepContext): void | Promise<void>
}

interface CommonOptions<T extends TypedTable, M extends Message, S extends StepStage, D extends Mode> {
  /** What the step is for, in a few words; unique among the steps registered together. */
  readonly name: string
  readonly description?: string
  readonly table: T
  readonly message: M
  readonly stage: S
  /** Default `'synchronous'`. */
  readonly mode?: D
  /** Default 1. */
  readonly rank?: number
  /** The id of the user to run as; default: the calling user. */
  readonly runAs?: string
  /** The numbered rules that the step carries out, such as `['P3']`: a rule book says by them where a rule lives. */
  readonly rules?: readonly string[]
}

/**
 * What a combination of message, stage and mode rules out. The types are sentences, so that the compiler's complaint
 * says what is wrong.
 */
interface Refusals<M extends Message, S extends StepStage, D extends Mode, Changes extends string> {
  readonly mode?: D extends 'asynchronous'
    ? S extends 'postOperation'
      ? D
      : 'An asynchronous step runs in stage postOperation only.'
    : D
  /** Deletes the step's system job once it has succeeded; one that failed stays. Default `false`. */
  readonly asyncAutoDelete?: D extends 'asynchronous' ? boolean : false
  readonly filter?: M extends 'Update' ? readonly string[] : 'Only an Update has filtering columns.'
  readonly preImage?: M extends 'Create'
    ? 'A Create has no pre-image: the row does not exist yet.'
    : M extends 'Update' | 'Delete' | 'Assign' | 'SetState'
      ? readonly string[] | 'all'
      : 'This message has no images.'
  readonly postImage?: M extends 'Delete'
    ? 'A Delete has no post-image: the row is gone.'
    : M extends 'Create' | 'Update' | 'Assign' | 'SetState'
      ? S extends 'postOperation'
        ? readonly string[] | 'all'
        : 'A post-image exists in stage postOperation only.'
      : 'This message has no images.'
  readonly changes?: S extends 'postOperation'
    ? 'In stage postOperation the row is already written: change it through the service.'
    : M extends 'Create' | 'Update'
      ? readonly string[]
      : 'Only the target of a Create or an Update can be changed.'
  readonly behindWebhook?: [Changes] extends [never] ? 'Only a step with changes says how it behaves.' : BehindWebhook
}

/** A step that changes its target has to say what becomes of it behind a webhook. */
type WebhookPart<Changes extends string> = [Changes] extends [never]
  ? unknown
  : { readonly behindWebhook: BehindWebhook }

/** What may be declared as an image of the table: some columns, or all. */
type ImageOf<T extends TypedTable> = readonly ColumnOf<T>[] | 'all' | undefined

/** The columns that a declared image has; `never` without one. */
type ImageColumn<T extends TypedTable, I extends ImageOf<T>> = I extends 'all'
  ? ColumnOf<T>
  : I extends readonly (infer C extends string)[]
    ? C
    : never

interface TypedParts<
  T extends TypedTable,
  M extends Message,
  Pre extends ImageOf<T>,
  Post extends ImageOf<T>,
  Changes extends string,
> {
  /** Update only: run when the request brings at least one of these columns, changed or not. */
  readonly filter?: readonly ColumnOf<T>[]
  /** The row as it was before the operation. */
  readonly preImage?: Pre
  /** The row as the operation left it. */
  readonly postImage?: Post
  /** The columns of `target` that this step sets. Setting any other is an error that names step and column. */
  readonly changes?: readonly Changes[]
  /** Required with `changes`: a webhook cannot change the target. */
  readonly behindWebhook?: BehindWebhook
  run(context: StepContext<T, M, ImageColumn<T, Pre>, ImageColumn<T, Post>, Changes>): void | Promise<void>
}

/**
 * Describes a plug-in step: what sets it off, what it needs, and what it does. The emulator obeys the description,
 * registration writes it to an environment, and the types follow from it: `run` sees exactly the images and columns
 * that are declared. Combinations that the platform does not have do not compile, and throw a `TypeError` that names
 * the step.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/register-plug-in
 * @example
 * export const refuseNegativeBudget = defineStep({
 *   name: 'refuse a negative budget',
 *   table: Project,
 *   message: 'Update',
 *   stage: 'preValidation',
 *   filter: ['new_budget'],
 *   run({ target }) {
 *     if ((target.new_budget ?? 0) < 0) throw new InvalidPluginExecution('A budget cannot be negative.')
 *   },
 * })
 */
export function defineStep<const S extends StepStage, const D extends Mode = 'synchronous'>(
  options: TablelessOptions<S, D>,
): Step
export function defineStep<
  const T extends TypedTable,
  const M extends KnownMessage | CustomMessage,
  const S extends StepStage,
  const D extends Mode = 'synchronous',
  const Pre extends ImageOf<T> = undefined,
  const Post extends ImageOf<T> = undefined,
  const Changes extends ColumnOf<T> = never,
>(
  options: CommonOptions<T, M, S, D> &
    TypedParts<T, M, Pre, Post, Changes> &
    Refusals<M, S, D, Changes> &
    WebhookPart<Changes>,
): Step
export function defineStep(options: LooseOptions): Step {
  const step: Step = {
    kind: 'step',
    name: options.name,
    description: options.description,
    message: options.message,
    table: options.table?.logicalName ?? null,
    stage: options.stage,
    mode: options.mode ?? 'synchronous',
    rank: options.rank ?? 1,
    filter: [...(options.filter ?? [])],
    preImage: copyOf(options.preImage),
    postImage: copyOf(options.postImage),
    changes: [...(options.changes ?? [])],
    behindWebhook: options.behindWebhook,
    asyncAutoDelete: options.asyncAutoDelete ?? false,
    runAs: options.runAs,
    rules: [...(options.rules ?? [])],
    run: options.run,
  }
  refuseImpossible(step, options.table as { readonly columns?: Row } | undefined)
  return deepFreeze(step)
}

/** What both declarations come down to. */
type LooseOptions = Pick<Step, 'name' | 'message' | 'stage' | 'run'> & {
  readonly [K in Exclude<keyof Step, 'kind' | 'name' | 'message' | 'stage' | 'run' | 'table'>]?: Step[K] | undefined
} & { readonly table?: { readonly logicalName: string } | undefined }

function copyOf(columns: ImageColumns): ImageColumns {
  return Array.isArray(columns) ? [...columns] : columns
}
