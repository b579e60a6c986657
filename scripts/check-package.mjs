// Packs the package and checks the tarball: publint, and the types of every sub-path in both formats. Fails with 1.
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pack } from './pack.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

const directory = mkdtempSync(join(tmpdir(), 'work365-sdk-'))

/** The ways in which a sub-path is resolved that count here; the oldest, `node10`, does not know sub-paths. */
const resolutions = { 'node16-cjs': 'require', 'node16-esm': 'import', bundler: 'bundler' }

/** Runs a tool with its output in a file: one that exits at once loses what a pipe has not taken yet. */
function tool(name, ...parameters) {
  const file = join(directory, `${name}.txt`)
  const output = openSync(file, 'w')
  const { status } = spawnSync(join(root, 'node_modules/.bin', name), parameters, {
    cwd: root,
    stdio: ['ignore', output, output],
  })
  closeSync(output)
  return { status, output: readFileSync(file, 'utf8') }
}

function lint(tarball) {
  const { status, output } = tool('publint', 'run', tarball, '--strict')
  console.log(`publint --strict: ${status === 0 ? 'ok' : 'failed'}`)
  if (status !== 0) console.error(output)
  return status === 0
}

function checkTypes(tarball) {
  const { output } = tool('attw', tarball, '--format', 'json', '--profile', 'node16')
  let analysis
  try {
    analysis = JSON.parse(output).analysis
  } catch {
    console.error(`attw has failed:\n${output.slice(0, 2000)}`)
    return false
  }
  const problems = Object.values(analysis.problems ?? {})
    .flat()
    .filter(({ resolutionKind }) => resolutionKind !== 'node10')
  const expected = Object.keys(exports).filter((path) => path !== './package.json')
  const missing = expected.filter((path) => !(path in analysis.entrypoints))
  for (const path of expected) {
    const cells = Object.entries(resolutions).map(([kind, label]) => {
      const resolved = analysis.entrypoints[path]?.resolutions[kind]?.resolution
      const isWrong =
        !resolved || problems.some((problem) => problem.entrypoint === path && problem.resolutionKind === kind)
      return `${label} ${isWrong ? '✗' : '✓'}`
    })
    console.log(`${`work365-sdk${path.slice(1)}`.padEnd(26)} ${cells.join('  ')}`)
  }
  for (const problem of problems) console.error(JSON.stringify(problem))
  for (const path of missing) console.error(`${path} is in package.json, but not in the tarball.`)
  const untyped = expected.filter((path) =>
    Object.keys(resolutions).some((kind) => !analysis.entrypoints[path]?.resolutions[kind]?.resolution),
  )
  return problems.length + missing.length + untyped.length === 0
}

try {
  const tarball = pack(directory)
  // Both, so that one run tells everything.
  const results = [lint(tarball), checkTypes(tarball)]
  process.exitCode = results.every(Boolean) ? 0 : 1
} finally {
  rmSync(directory, { recursive: true, force: true })
}
