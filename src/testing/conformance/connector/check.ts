import type { Bench, ConnectorSource } from './bench.ts'
import { openBench } from './bench.ts'
import type { Finding } from './finding.ts'
import { type Need, needs, type Subject } from './needs.ts'
import type { CreateWorld } from './world.ts'

/** One thing that every connector has to do, as data. */
export interface ConformanceCheck {
  /** Such as `C07`. */
  readonly id: string
  readonly group: string
  /** The rest of a sentence about a connector: `applying twice writes nothing the second time`. */
  readonly title: string
  /** What connector and world have to have for it. */
  readonly needs: readonly Need[]
  /** Throws what {@link fail} throws when the connector does not do it. */
  run(bench: Bench, page?: string): Promise<void>
  /** What of it does not apply to this connector, or cannot be tried in this world. */
  untried?(subject: Subject): string | undefined
}

/** Thrown when a connector does not do what a check asks for. */
export class CheckFailed extends Error {
  override readonly name = 'CheckFailed'
}

/** The connector does not pass. @param why - what it did, in a sentence */
export function fail(why: string): never {
  throw new CheckFailed(why)
}

export function ensure(condition: unknown, why: string): asserts condition {
  if (!condition) fail(why)
}

/** Why the check does not apply to this connector before this world; `undefined` when it does. */
export function exceptionOf(check: ConformanceCheck, subject: Subject): Finding | undefined {
  const missing = check.needs.find((need) => !needs[need].isMet(subject))
  const excepted = subject.world?.except?.[check.id]
  if (excepted) return excepted
  return missing && { status: needs[missing].status, why: needs[missing].why }
}

/**
 * Runs a check against a connector before a provider of its own.
 *
 * @param page - the text of the connector's page, where it has one
 */
export async function runCheck(
  check: ConformanceCheck,
  source: ConnectorSource,
  createWorld: CreateWorld | undefined,
  page?: string,
): Promise<Finding> {
  const bench = await openBench(source, createWorld ?? nothing, check.id)
  const finding = await findingOf(check, bench, { connector: bench.connector, world: createWorld && bench.world, page })
  try {
    await bench.close()
    return finding
  } catch (error) {
    return failed(error)
  }
}

async function findingOf(check: ConformanceCheck, bench: Bench, subject: Subject): Promise<Finding> {
  try {
    const exception = exceptionOf(check, subject)
    if (exception) return exception
    await check.run(bench, subject.page)
    return { status: 'pass', note: check.untried?.(subject) }
  } catch (error) {
    return failed(error)
  }
}

const failed = (error: unknown): Finding => ({
  status: 'fail',
  why: error instanceof Error ? error.message : String(error),
})

/** Before a connector that reaches no provider: whatever it asks for is not there. */
const nothing: CreateWorld = () => ({
  answer: () => new Response(null, { status: 404 }),
  settings: () => ({}),
  credentials: {},
  samples: {
    order: { kind: 'create', customer: { id: 'customer' }, product: { id: 'product' }, quantity: 5 },
    change: { kind: 'setQuantity', subscription: { id: 'subscription', customerId: 'customer' }, quantity: 6 },
  },
})
