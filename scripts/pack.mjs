import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Packs the package, as publishing it would, into `directory`, and answers the tarball's path. Builds what is missing. */
export function pack(directory) {
  execFileSync(process.execPath, [join(root, 'scripts/ensure-built.mjs')], { cwd: root, stdio: 'pipe' })
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory]
  const printed = execFileSync('npm', packing, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  const [{ filename }] = JSON.parse(printed)
  return join(directory, filename)
}

// `node scripts/pack.mjs DIRECTORY` prints the tarball's path.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(pack(process.argv[2] ?? '.'))
