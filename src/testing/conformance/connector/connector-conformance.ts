import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createTestClock } from '../../clock.ts'
import { type ConnectorSource, START } from './bench.ts'
import { type ConformanceCheck, exceptionOf, runCheck } from './check.ts'
import { conformanceChecks } from './checks/index.ts'
import type { Finding } from './finding.ts'
import { placeDeclaration, placeReport } from './print-report.ts'
import type { CreateWorld } from './world.ts'

export interface ConnectorConformanceOptions {
  /** Makes the provider that the connector is proven against. Leave it out for a connector that reaches none. */
  readonly world?: CreateWorld
  /**
   * The connector's page, from the folder that vitest runs in: a Markdown file with `<!-- conformance -->` and
   * `<!-- /conformance -->` in it. The report stands between them, and what the connector declares between
   * `<!-- declared -->` and `<!-- /declared -->`, where it has those. A stale one fails the suite, and `vitest run -u` writes it anew.
   */
  readonly page?: string
}

/**
 * Declares, with vitest, a test for each check that a connector is put to, C01 to C30: offline, on a clock that turns
 * itself. What the connector does not offer, and what the world cannot provoke, says so in its title and in the report.
 *
 * @param connector - the connector, or how it is made for a provider at an address
 * @example
 * connectorConformance(contoso, {
 *   world: (clock) => {
 *     const provider = createContosoDouble({ clock })
 *     return {
 *       answer: provider.fetch,
 *       settings: (url) => ({ baseUrl: url }),
 *       credentials: { apiKey: 's3cret' },
 *       samples: { change: { kind: 'setQuantity', subscription: { id: '1', customerId: 'fabrikam' }, quantity: 25 } },
 *       purchases: () => provider.purchases,
 *     }
 *   },
 *   page: 'README.md',
 * })
 */
export function connectorConformance(
  connector: ConnectorSource,
  { world, page }: ConnectorConformanceOptions = {},
): void {
  const described = typeof connector === 'function' ? connector(NOWHERE) : connector
  const text = page === undefined ? undefined : placeDeclaration(readFileSync(page, 'utf8'), described)
  const subject = { connector: described, world: world?.(createTestClock(START), 'C01'), page: text }
  refuseUnknown(subject.world?.except)

  const findings = new Map<string, Promise<Finding>>()
  const findingOf = (check: ConformanceCheck): Promise<Finding> => {
    const known = findings.get(check.id) ?? runCheck(check, connector, world, text)
    findings.set(check.id, known)
    return known
  }

  describe(`${described.title} keeps the contract`, () => {
    for (const check of conformanceChecks) {
      test(titleOf(check, exceptionOf(check, subject)), { timeout: TIMEOUT_MS }, async () => {
        const finding = await findingOf(check)
        if (finding.status === 'fail') expect.fail(finding.why)
      })
    }

    if (page === undefined) return
    test('its page has the report of this run; `vitest run -u` brings it up to date', {
      timeout: TIMEOUT_MS,
    }, async () => {
      const all: [ConformanceCheck, Finding][] = []
      for (const check of conformanceChecks) all.push([check, await findingOf(check)])
      // Whole, because vitest would look for it beside the test.
      await expect(placeReport(text ?? '', all)).toMatchFileSnapshot(resolve(page))
    })
  })
}

/** Where the connector is described for, before there is a provider. */
const NOWHERE = 'http://127.0.0.1'
/** Checks work hard, and wait for nothing. */
const TIMEOUT_MS = 120_000

function titleOf({ id, title }: ConformanceCheck, exception: Finding | undefined): string {
  return exception && 'why' in exception ? `${id}: ${title} (${exception.status}: ${exception.why})` : `${id}: ${title}`
}

function refuseUnknown(except: Readonly<Record<string, unknown>> = {}): void {
  const unknown = Object.keys(except).find((id) => !conformanceChecks.some((check) => check.id === id))
  if (unknown)
    throw new TypeError(`connectorConformance: the world makes an exception of ${unknown}, which is no check.`)
}
