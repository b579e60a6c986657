// Prints `N passed, N failed` from vitest's JSON report. A run that failed outside of a test counts as one failure.
import { existsSync, readFileSync } from 'node:fs'

const [file, status] = process.argv.slice(2)
const report =
  file && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { numPassedTests: 0, numFailedTests: 0 }
const { numPassedTests: passed, numFailedTests: failed } = report
console.log(`${passed} passed, ${failed === 0 && status !== '0' ? 1 : failed} failed`)
