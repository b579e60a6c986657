import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const entry = new URL('../dist/testing/index.js', import.meta.url).href
const empty = 'export {}'

/**
 * How long importing `work365-sdk/testing` takes: the median over pairs of Node processes, one that imports it and an
 * empty one, in milliseconds. Pairs, so that a machine that is busy for a while is so for both.
 *
 * @returns {Promise<{ milliseconds: number, empty: number, entry: string }>}
 */
export async function measureImportTime({ runs = 15 } = {}) {
  const pairs = []
  const whole = `await import(${JSON.stringify(entry)})`
  timeOf(whole) // fills the file cache
  for (let run = 0; run < runs; run++) pairs.push({ empty: timeOf(empty), whole: timeOf(whole) })
  return {
    milliseconds: median(pairs.map(({ empty, whole }) => whole - empty)),
    empty: median(pairs.map(({ empty }) => empty)),
    entry: fileURLToPath(entry),
  }
}

function timeOf(code) {
  const begun = performance.now()
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Importing failed. Is the package built?\n${stderr}`)
  return performance.now() - begun
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await measureImportTime())
