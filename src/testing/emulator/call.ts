import { isGuid } from '../../internal/ids.ts'
import type {
  AnyStepContext,
  CapturedRow,
  ExecutionContext,
  Operation,
  OperationPart,
  PendingContext,
  PipelineHost,
  Step,
} from '../../plugins/index.ts'
import { runPipeline } from '../../plugins/pipeline.ts'
import { layoutOf, type StoredRow, toRow } from '../../query/index.ts'
import { DataverseError, dataverseError, type Message, type RequestOptions } from '../../service/index.ts'
import type { Environment } from './environment.ts'
import type { Access } from './security/access.ts'
import { SecuredView } from './security/secured-view.ts'
import { createService } from './service.ts'
import type { OpenTransaction, Session } from './session.ts'
import type { View } from './store.ts'
import { enqueueStep } from './system-jobs.ts'

/** What a message does with one request: the parts of an operation that differ from message to message. */
export interface MessageHandler<Output extends object> {
  readonly message: Message
  /** The logical name of the table; `null` for messages without one. */
  readonly table: string | null
  /** The id of the row; `null` where there is none. */
  readonly id: string | null
  readonly target: object
  readonly inputParameters?: Readonly<Record<string, unknown>>
  /** Reads only: needs no transaction of its own. */
  readonly readOnly?: boolean
  /** Its main operation is code of a user of this package, which sees the context: it always takes the pipeline. */
  readonly isCode?: boolean
  /** Refuses what the caller may not do. Asked only where security is enforced, after pre-validation. */
  authorize?(access: Access, view: View): void
  prepare?(view: View): void
  /** Handlers of the parts in which the pipeline does it, one after the other, from what pre-validation steps left. */
  readonly parts?: (() => readonly MessageHandler<Output>[]) | undefined
  main(view: View, context: ExecutionContext | undefined): Output | Promise<Output>
}

/** The messages that hand out rows: they get a view without those that their caller may not see. */
const READING: ReadonlySet<Message> = new Set(['Retrieve', 'RetrieveMultiple', 'RetrieveDuplicates'])

/** What code of a user of this package receives beside its context. */
type CodeEnvironment = Pick<AnyStepContext, 'service' | 'now' | 'trace'>

/** One request being served: the environment, on whose behalf, and the view that reads and writes go through now. */
export class Call {
  /** The transaction that this call runs in, its own or its caller's. */
  private transaction: OpenTransaction | undefined

  constructor(
    readonly environment: Environment,
    readonly session: Session,
    readonly options: RequestOptions = {},
  ) {
    this.transaction = session.transaction
    const { doomedBy, ended = false } = this.transaction ?? {}
    if (doomedBy !== undefined || ended) throw dataverseError('NoActiveTransaction', {})
  }

  get view(): View {
    return this.transaction?.view ?? this.environment.store
  }

  /** The ids of the rows whose deletion is under way in this transaction. */
  get deleting(): Set<string> {
    return this.transaction?.deleting ?? new Set()
  }

  now(): Date {
    return this.environment.clock.now()
  }

  /** The service with which the main operation itself changes further rows: deeper, in the same transaction. */
  nested() {
    return createService(this.environment, this.stepSession(this.session.userId, this.session.parentContext))
  }

  /** A call of its own for what this one raises while it runs: at the same depth, in this transaction. */
  inside(): Call {
    const session = { ...this.session, transaction: this.transaction, level: this.session.level + 1 }
    return new Call(this.environment, session, this.options)
  }

  /** The service with which the main operation runs requests of its own at the caller's depth, in this transaction. */
  transactional() {
    return createService(this.environment, {
      ...this.session,
      transaction: this.transaction,
      level: this.session.level + 1,
    })
  }

  /** Writes of the platform's own: in the call's transaction, or in one of their own. */
  async write<T>(body: (call: this) => T | Promise<T>): Promise<T> {
    return this.inTransaction(() => body(this))
  }

  /** Serves the request: through the pipeline, or straight to the main operation when no step listens. */
  perform<Output extends object>(handler: MessageHandler<Output>): Promise<Output> {
    const { environment, session } = this
    const { message, table, id } = handler
    return environment.trace.operation(session.level, message, table, id, () => {
      if (environment.security && this.options.bypassBusinessLogic?.length) {
        this.accessIn(this.view)?.requirePrivilege('prvBypassCustomBusinessLogic')
      }
      if (handler.isCode || environment.steps.has(message, table)) {
        return runPipeline(this.operationOf(handler), this.hostFor(handler))
      }
      if (handler.readOnly) return this.mainOf(handler, undefined)
      return this.inTransaction(() => {
        this.prepare(handler)
        return this.mainOf(handler, undefined)
      })
    })
  }

  /** What the caller may do; `undefined`: anything. */
  accessIn(view: View): Access | undefined {
    return this.environment.security?.accessFor(this.session, view)
  }

  private prepare(handler: MessageHandler<object>): void {
    // What only reads is asked in front of its main operation: without steps nothing else is done for it.
    if (!handler.readOnly) this.authorize(handler)
    handler.prepare?.(this.view)
  }

  private authorize(handler: MessageHandler<object>): Access | undefined {
    const { view } = this
    const access = this.accessIn(view)
    if (access) handler.authorize?.(access, view)
    return access
  }

  private mainOf<Output extends object>(
    handler: MessageHandler<Output>,
    context: ExecutionContext | undefined,
  ): Output | Promise<Output> {
    const access = handler.readOnly ? this.authorize(handler) : undefined
    const { view } = this
    return handler.main(access && READING.has(handler.message) ? new SecuredView(view, access) : view, context)
  }

  private operationOf<Output extends object>(handler: MessageHandler<Output>): Operation<Output> {
    const { environment, session, options } = this
    const operationId = environment.newId()
    return {
      context: {
        message: handler.message,
        table: handler.table,
        id: handler.id,
        depth: session.depth,
        correlationId: session.correlationId ?? operationId,
        operationId,
        operationCreatedOn: this.now(),
        userId: session.userId,
        initiatingUserId: session.initiatingUserId,
        businessUnitId: businessUnitOf(this),
        organizationId: environment.organization.organizationId,
        inputParameters: handler.inputParameters ?? {},
        outputParameters: {},
        sharedVariables: options.tag === undefined ? {} : { tag: options.tag },
        parentContext: session.parentContext,
      },
      ...this.partOf(handler),
      isInTransaction: session.transaction !== undefined,
      parts: () => (handler.parts?.() ?? [handler]).map((part) => this.partOf(part)),
    }
  }

  private partOf<Output extends object>(handler: MessageHandler<Output>): OperationPart<Output> {
    return {
      target: handler.target,
      prepare: () => this.prepare(handler),
      main: (context) => this.mainOf(handler, context),
      capture: () => captureOf(this.view, handler.table, handler.id),
    }
  }

  private hostFor({ message, table }: MessageHandler<object>): PipelineHost {
    const bypassed = this.options.bypassBusinessLogic ?? []
    return {
      stepsIn: (stage) =>
        this.environment.steps
          .in(message, table, stage)
          .filter(({ mode }) => !bypassed.includes(mode === 'synchronous' ? 'CustomSync' : 'CustomAsync')),
      inTransaction: (body) => this.inTransaction(body),
      run: (step, context) => this.runStep(step, context),
      enqueue: (step, context) => enqueueStep(this, step, context),
    }
  }

  /** Runs `body` in the caller's transaction, or in one of its own that a throw undoes. */
  private async inTransaction<T>(body: () => T | Promise<T>): Promise<T> {
    const outer = this.session.transaction
    if (outer) {
      try {
        return await body()
      } catch (error) {
        outer.doomedBy ??= error
        throw error
      }
    }
    return this.environment.lock.run(async () => {
      const view = this.environment.store.begin()
      const own: OpenTransaction = { view, doomedBy: undefined, ended: false, deleting: new Set() }
      this.transaction = own
      try {
        const result = await body()
        if (own.doomedBy !== undefined) throw dataverseError('TransactionAborted', {}, { cause: own.doomedBy })
        view.commit()
        return result
      } finally {
        own.ended = true
        this.transaction = undefined
      }
    })
  }

  /** Runs one step as its user, with a service that takes part in what is going on. */
  async runStep(step: Step, context: PendingContext): Promise<void> {
    const running = { ...context, userId: step.runAs ?? context.userId }
    const title = `${context.stage}, ${step.mode}: ${step.name}`
    await this.runCode(`Step '${step.name}'`, title, running, (environment) => step.run({ ...running, ...environment }))
  }

  /**
   * Runs code of a user of this package as the context's user. What the environment gives it, its `service` above all,
   * takes part in what is going on, one deeper. A throw reaches the caller with what the code had traced.
   */
  async runCode<T, C extends ExecutionContext>(
    name: string,
    title: string,
    context: C,
    body: (environment: CodeEnvironment) => T | Promise<T>,
  ): Promise<T> {
    const { environment } = this
    const level = this.session.level + 1
    const session = {
      ...this.stepSession(context.userId, context),
      correlationId: context.correlationId,
      // Code that is registered to run as somebody else has that one's rights, whoever set it off.
      ...(context.userId === this.session.userId ? {} : { rightsOf: [context.userId] }),
    }
    const lines: string[] = []
    return environment.trace.record(level, 'step', title, async () => {
      try {
        const run = () =>
          body({
            service: createService(environment, session),
            now: () => environment.clock.now(),
            trace(text) {
              lines.push(text)
              environment.trace.text(level + 1, text)
            },
          })
        return await (session.transaction ? environment.lock.inside(name, run) : run())
      } catch (error) {
        throw asStepFailure(error, lines)
      }
    })
  }

  private stepSession(userId: string, parentContext: Session['parentContext']): Session {
    const { session } = this
    return {
      ...session,
      userId,
      depth: session.depth + 1,
      parentContext,
      transaction: this.transaction,
      level: session.level + 2,
    }
  }
}

/**
 * What a step's throw is to the caller: a platform error as it is, anything else an unexpected error from ISV code; both
 * with what the step had traced.
 */
function asStepFailure(error: unknown, lines: readonly string[]): unknown {
  const traceText = lines.join('\r\n')
  if (!DataverseError.isInstance(error)) {
    const reason = error instanceof Error ? error.message : String(error)
    return dataverseError('IsvUnExpected', { reason }, { cause: error, traceText })
  }
  if (lines.length === 0 || error.details.traceText !== undefined) return error
  const { name, code, status, message, details } = error
  return new DataverseError(name, code, status, message, { ...details, cause: error, traceText })
}

/** The business unit of the user that a call is made as. */
export function businessUnitOf({ view, session: { userId }, environment: { organization } }: Call): string {
  const { positions } = layoutOf(view.definition('systemuser'))
  const unit = view.get('systemuser', userId)?.[positions.get('businessunitid')!] as { readonly id: string } | null
  return unit?.id ?? organization.businessUnitId
}

/** Takes the row as it stands; its columns are read when an image asks for them. */
function captureOf(view: View, table: string | null, id: string | null): CapturedRow {
  const stored: StoredRow | undefined = table !== null && isGuid(id) ? view.get(table, id) : undefined
  if (!stored) return () => undefined
  const layout = layoutOf(view.definition(table!))
  return (columns) => {
    const positions = columns === 'all' ? undefined : columns.map((name) => layout.positions.get(name)!).concat(0)
    const image = toRow(layout, stored, positions)
    for (const [name, value] of Object.entries(image)) if (value === null) delete image[name]
    return Object.defineProperty(image, 'id', { value: stored[0] })
  }
}
