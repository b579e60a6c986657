import { type Connector, printConnector } from '../../../connectors/index.ts'
import { placeSection, printTable } from '../../../internal/markdown.ts'
import type { ConformanceCheck } from './check.ts'
import type { Finding } from './finding.ts'

type Findings = readonly (readonly [ConformanceCheck, Finding])[]

/**
 * What the checks have found out, as Markdown: one line that sums up, and a row for each check.
 *
 * @example
 * Conformance: 27 of 30; preview and catalog are not offered.
 */
export function printReport(findings: Findings): string {
  const rows = findings.map(([{ id, title }, finding]) => [id, title, describe(finding)])
  return `${sumUp(findings)}\n\n${printTable([['check', 'what the connector does', 'found'], ...rows])}`
}

/** The page with the report in its place. @throws Error where the page has no place for it */
export function placeReport(page: string, findings: Findings): string {
  return placeSection(page, 'conformance', printReport(findings))
}

/** The page with the connector's declaration in its place, below the heading that is there; as it is where it has no place for it. */
export function placeDeclaration(page: string, connector: Connector): string {
  const declared = /<!-- declared -->\n+(### .*\n+)?[\s\S]*<!-- \/declared -->/.exec(page)
  if (!declared) return page
  const [, heading = ''] = declared
  const tables = printConnector(connector)
    .replace(/^.*\n+/, '')
    .trim()
  return placeSection(page, 'declared', heading + tables)
}

function sumUp(findings: Findings): string {
  const having = (status: Finding['status']) => findings.filter(([, finding]) => finding.status === status)
  const [lacking, untried, failed] = [having('not supported'), having('not tried'), having('fail')]
  const whys = new Set(lacking.map(([, finding]) => ('why' in finding ? finding.why : '')))
  const offers = [...whys].flatMap((why) => (/ is not offered$/.test(why) ? [why.replace(/ is not offered$/, '')] : []))
  const others = [...whys].filter((why) => !/ is not offered$/.test(why))
  return [
    `Conformance: ${having('pass').length} of ${findings.length}`,
    ...(offers.length > 0 ? [`${inWords(offers)} ${offers.length === 1 ? 'is' : 'are'} not offered`] : []),
    ...others,
    ...(untried.length > 0 ? [`${inWords(untried.map(([{ id }]) => id))} not tried`] : []),
    ...(failed.length > 0 ? [`${inWords(failed.map(([{ id }]) => id))} failed`] : []),
  ]
    .join('; ')
    .concat('.')
}

function describe(finding: Finding): string {
  if (finding.status === 'pass') return finding.note ? `pass; not tried: ${finding.note}` : 'pass'
  return `${finding.status}: ${finding.why}`
}

function inWords(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}
