import { expect, test } from 'vitest'
import { manual } from '../../src/connectors/index.ts'
import type { Finding } from '../../src/testing/conformance/connector/finding.ts'
import { placeReport, printReport } from '../../src/testing/conformance/connector/print-report.ts'
import {
  type ConformanceCheck,
  conformanceChecks,
  connectorConformance,
  notSupported,
  notTried,
} from '../../src/testing/conformance/index.ts'
import { contosoWorld } from './contoso-world.ts'

const [first, second, third, fourth, fifth] = conformanceChecks as [
  ConformanceCheck,
  ConformanceCheck,
  ConformanceCheck,
  ConformanceCheck,
  ConformanceCheck,
]
const findings: [ConformanceCheck, Finding][] = [
  [first, { status: 'pass', note: 'an empty page' }],
  [second, notSupported('preview is not offered')],
  [third, notSupported('catalog is not offered')],
  [fourth, notTried('the world has no order')],
  [fifth, { status: 'fail', why: 'It shows a | token.' }],
]

test('a report sums up in one line, and says of each check what was found', () => {
  const [line, , , , ...rows] = printReport(findings).split('\n')

  expect(line).toBe('Conformance: 1 of 5; preview and catalog are not offered; C04 not tried; C05 failed.')
  expect(rows.map((row) => row.slice(row.lastIndexOf(' | ') + 3, -2).trim())).toEqual([
    'pass; not tried: an empty page',
    'not supported: preview is not offered',
    'not supported: catalog is not offered',
    'not tried: the world has no order',
    'fail: It shows a \\| token.',
  ])
})

test('it takes the place of the report before, and of nothing else', () => {
  const page = '# Contoso\n\n<!-- conformance -->\nold\n<!-- /conformance -->\n\nThe end.\n'
  const placed = placeReport(page, findings)

  expect(placed).toMatch(/^# Contoso\n\n<!-- conformance -->\n\nConformance: 1 of 5/)
  expect(placed).toMatch(/\n<!-- \/conformance -->\n\nThe end\.\n$/)
  expect(placed).not.toContain('old')
  expect(placeReport(placed, findings)).toBe(placed)
  expect(() => placeReport('# Contoso\n', findings)).toThrow('The page needs <!-- conformance -->')
})

test('there are thirty checks, each with a title of its own and no full stop', () => {
  expect(conformanceChecks.map(({ id }) => id)).toEqual(
    Array.from({ length: 30 }, (_, at) => `C${String(at + 1).padStart(2, '0')}`),
  )
  expect(new Set(conformanceChecks.map(({ title }) => title)).size).toBe(30)
  expect(conformanceChecks.filter(({ title }) => title.endsWith('.'))).toEqual([])
})

test('an exception of what is no check is refused', () => {
  const world = () => ({
    ...contosoWorld({ now: () => new Date(), sleep: async () => {} }),
    except: { C99: notTried('why') },
  })

  expect(() => connectorConformance(manual, { world })).toThrow('makes an exception of C99, which is no check')
})
