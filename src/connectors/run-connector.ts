import { type Change, describeChange } from './change.ts'
import type { Connector } from './connector.ts'
import type { ConnectorContext } from './connector-context.ts'
import { isJson, isPlainObject, type Json } from './json.ts'
import type { ConnectivityReport, Preview } from './operations.ts'
import type { Outcome } from './outcome.ts'
import { ProviderError } from './provider-error.ts'

/**
 * Asks a connector to bring a change about. This is how a job calls it: whatever the connector does wrong, the answer is an
 * outcome that keeps the contract, or a {@link ProviderError} without secrets whose code says what happens next.
 *
 * @throws ProviderError `notEligible` for a kind of change that the connector does not take, `invalid` for a quantity that is
 * none, `bug` for what the connector's author did not expect. Or the reason of `context.signal`, once it aborts.
 */
export async function applyChange(connector: Connector, context: ConnectorContext, change: Change): Promise<Outcome> {
  return guard(connector, context, () => {
    const refusal = refusalOfChange(connector, change)
    if (refusal) throw refusal
    return connector.apply(context, change)
  })
}

/**
 * Asks what became of a change that was `accepted`, with nothing but its handle. Throws as {@link applyChange} does.
 */
export async function resumeChange(connector: Connector, context: ConnectorContext, handle: Json): Promise<Outcome> {
  return guard(connector, context, () => {
    if (connector.resume) return connector.resume(context, handle)
    throw new ProviderError('bug', `${connector.title} was asked to go on with a change, but it has no \`resume\`.`)
  })
}

/**
 * What would become of a change, without writing anything: the kinds and quantities that {@link applyChange} refuses are refused
 * here as well; the rest is what the connector's `preview` says, where it has one. What is no refusal is thrown.
 */
export async function previewChange(connector: Connector, context: ConnectorContext, change: Change): Promise<Preview> {
  return askConnector(connector, context, async () => {
    const refusal = refusalOfChange(connector, change)
    if (!refusal) return (await connector.preview?.(context, change)) ?? { ok: true, notes: [] }
    const { code, message, details } = refusal
    return { ok: false, refusals: [{ code, message, ...(details.field && { field: details.field }) }] }
  })
}

/**
 * Asks a connector anything else, such as for a customer. Throws as {@link applyChange} does.
 *
 * @example await askConnector(connector, context, () => connector.customers!.find!(context, id))
 */
export async function askConnector<T>(
  connector: Connector,
  context: ConnectorContext,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    context.signal.throwIfAborted()
    return await ask()
  } catch (error) {
    context.signal.throwIfAborted()
    throw toProviderError(connector, context, error)
  }
}

/** What a connector lists, one after the other. Only what the connector throws is turned into a {@link ProviderError}. */
export async function* listFromConnector<T>(
  connector: Connector,
  context: ConnectorContext,
  list: () => AsyncIterable<T>,
): AsyncGenerator<T, void, void> {
  const iterator = await askConnector(connector, context, async () => list()[Symbol.asyncIterator]())
  try {
    while (true) {
      const { done, value } = await askConnector(connector, context, () => iterator.next())
      if (done) return
      yield value
    }
  } finally {
    await iterator.return?.()
  }
}

/** Verify Connectivity: a report, whatever happens. */
export async function verifyConnectivity(connector: Connector, context: ConnectorContext): Promise<ConnectivityReport> {
  try {
    return await connector.verifyConnectivity(context)
  } catch (error) {
    const { code, message } = toProviderError(connector, context, error)
    return { ok: false, findings: [{ name: code, ok: false, detail: message }] }
  }
}

function guard(connector: Connector, context: ConnectorContext, ask: () => Promise<Outcome>): Promise<Outcome> {
  return askConnector(connector, context, async () => {
    const outcome = await ask()
    refuseOutcome(connector, context, outcome)
    return outcome
  })
}

function refusalOfChange({ title, changes }: Connector, change: Change): ProviderError | undefined {
  if (!changes.includes(change.kind)) {
    const message = `${title} cannot ${describeChange(change)}: of changes it takes ${changes.join(', ')} only.`
    return new ProviderError('notEligible', message, { field: 'kind' })
  }
  const quantity = 'quantity' in change ? change.quantity : undefined
  if (quantity === undefined || (Number.isFinite(quantity) && quantity >= 0)) return undefined
  const message = `The quantity has to be 0 or more, and it is ${quantity}.`
  return new ProviderError('invalid', message, { field: 'quantity' })
}

const STATUSES: readonly unknown[] = ['done', 'accepted', 'needsPerson', 'notApplicable']

function refuseOutcome(connector: Connector, { redact }: ConnectorContext, outcome: unknown): void {
  const refuse: (why: string) => never = (why) => {
    throw new ProviderError('bug', `The connector ${connector.name} ${why}.`)
  }
  if (!isPlainObject(outcome) || !STATUSES.includes(outcome.status)) refuse('returned something that is no outcome')
  if (outcome.status === 'done' && !isPlainObject(outcome.subscription))
    refuse('returned `done` without a subscription')
  if (outcome.status !== 'accepted') return
  if (!connector.resume) refuse('returned `accepted`, but it has no `resume`')
  if (!isJson(outcome.handle)) refuse('returned a handle that is not JSON, which another process could not read')
  const text = JSON.stringify(outcome.handle)
  if (redact(text) !== text) refuse('returned a handle that shows a secret')
}

/** The error with its secrets taken out; anything that is not a `ProviderError` is the connector's bug. */
function toProviderError(connector: Connector, { redact }: ConnectorContext, error: unknown): ProviderError {
  if (!ProviderError.isInstance(error)) {
    return new ProviderError('bug', redact(`The connector ${connector.name} failed unexpectedly: ${String(error)}`), {
      cause: traceOf(error, redact),
    })
  }
  if (redact(error.message) === error.message && error.details.cause === undefined) return error
  const { cause, ...details } = error.details
  return new ProviderError(error.code, redact(error.message), {
    ...details,
    ...(cause !== undefined && { cause: traceOf(cause, redact) }),
  })
}

/** A cause as text: an HTTP library's error would carry the whole request along. */
function traceOf(error: unknown, redact: (text: string) => string): string {
  return redact(error instanceof Error ? (error.stack ?? String(error)) : String(error))
}
