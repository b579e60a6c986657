// Builds dist: JavaScript by tsup (ESM and CJS, with splitting), and at the same time the types by the compiler.
import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = join(root, 'dist')

/** Runs a tool of this package; what it prints comes out only when it fails. */
function run(tool, ...parameters) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', tool), ...parameters], { cwd: root })
    let output = ''
    child.stdout.on('data', (text) => (output += text))
    child.stderr.on('data', (text) => (output += text))
    child.on('error', reject)
    child.on('close', (status) => (status === 0 ? resolve() : reject(new Error(`${output}\n${tool} has failed.`))))
  })
}

/** One declaration file per source file, for both formats: they differ in the endings of their imports only. */
async function buildTypes(written) {
  const directory = mkdtempSync(join(root, 'node_modules', '.types-'))
  try {
    await run('typescript/bin/tsc', '--project', 'tsconfig.types.json', '--outDir', directory)
    for (const file of readdirSync(directory, { recursive: true }).filter((name) => name.endsWith('.d.ts'))) {
      if (file.startsWith('cli/')) continue
      const text = readFileSync(join(directory, file), 'utf8')
      const withEnding = (ending) =>
        text.replace(/(\bfrom |\bimport\(|\bimport )(['"])(\.[^'"]+)\.ts\2/g, `$1$2$3.${ending}$2`)
      await mkdir(dirname(join(dist, file)), { recursive: true })
      written.push(
        [join(dist, file), withEnding('js')],
        [join(dist, file.replace(/\.d\.ts$/, '.d.cts')), withEnding('cjs')],
      )
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const types = []
rmSync(dist, { recursive: true, force: true })
try {
  await Promise.all([run('tsup/dist/cli-default.js', '--silent'), buildTypes(types)])
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
// Last of all: `ensure-built.mjs` takes types for the sign of a finished build.
for (const [file, text] of types) writeFileSync(file, text)
