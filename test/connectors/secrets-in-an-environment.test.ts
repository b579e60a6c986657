import { expect, test } from 'vitest'
import type { Connector } from '../../src/connectors/index.ts'
import { Job, LicenseChangeLog, Subscription } from '../../src/entities/index.ts'
import { syncLicenseChangeLog } from '../../src/jobs/index.ts'
import { select } from '../../src/query/index.ts'
import { serveDouble } from '../../src/testing/index.ts'
import { createEnvironment } from '../work365/environment.ts'
import { reachingConnectors, secretsOf } from './reaching-connectors.ts'

/** Opens the provider, then refuses everything with whatever it was sent. */
const refusals: readonly (readonly [what: string, status: number, type: string])[] = [
  ['a refusal', 400, 'text/plain'],
  ['a page of an error', 500, 'text/html'],
]

test.each(
  reachingConnectors.flatMap(([name, createConnector, createWorld]) =>
    refusals.map(([what, status, type]) => ({ name, createConnector, createWorld, what, status, type })),
  ),
)('$name answers $what with its secrets in it: none is in rows, trace or notes', async (given) => {
  const { createConnector, createWorld, status, type } = given
  const { dataverse, order, runner } = await createEnvironment()
  const world = createWorld(dataverse.clock, 'C05')
  const sent = new Set<string>()
  const { url, close } = await serveDouble(async (request) => {
    const text = await request.clone().text()
    if (world.kindOf?.(request, text) === 'signIn') return world.answer(request)
    const opening = [...request.headers].flatMap(([name, value]) =>
      /^auth|api-?key/.test(name) ? [lastWord(value)] : [],
    )
    for (const token of opening.filter((value) => value.length > 10)) sent.add(token)
    const told = [...secretsOf(connector, world).map(([, secret]) => secret), ...sent].join(' ')
    return new Response(`<title>No: ${told}</title>`, { status, headers: { 'content-type': type } })
  })
  const made = createConnector(url)
  // The job's own product is none that every provider knows.
  const connector: Connector = { ...made, apply: (context) => made.apply(context, world.samples.order!) }
  const connect = () => ({ connector, settings: world.settings(url), credentials: world.credentials })
  const notes: unknown[] = []
  // Waiting between tries turns it.
  const clock = { ...dataverse.clock, sleep: async (ms: number) => void (await dataverse.clock.advance(ms)) }
  const jobs = [syncLicenseChangeLog({ connect })]
  try {
    await order()
    for (let deliveries = 0; deliveries < 3; deliveries++) {
      await runner({ jobs, clock, log: (...note: unknown[]) => notes.push(note) }).runDue()
      await dataverse.clock.advance(600_000)
    }
    const rows = []
    for (const table of [Job, LicenseChangeLog, Subscription])
      rows.push(...(await dataverse.retrieveMultiple(select(table))).rows)
    const shown = JSON.stringify([rows, dataverse.trace.entries, notes])
    expect(shown).toContain('[redacted]')
    const secrets = [...secretsOf(connector, world), ...[...sent].map((token) => ['a token', token] as const)]
    for (const [name, secret] of secrets) expect(shown, name).not.toContain(secret)
  } finally {
    await close()
  }
})

/** Without the scheme before it. */
const lastWord = (value: string) => value.split(' ').at(-1)!
