// Installs what is compared with, once. better-sqlite3 comes as a binary where there is one for this system; else it is built,
// with the headers that Node was installed with, if it was.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const installed = here('node_modules/.package-lock.json')
const isCurrent =
  existsSync(installed) &&
  statSync(installed).mtimeMs >= statSync(here('package-lock.json')).mtimeMs &&
  existsSync(here('node_modules/better-sqlite3/build/Release/better_sqlite3.node'))

if (!isCurrent) {
  const prefix = dirname(dirname(process.execPath))
  const hasHeaders = existsSync(join(prefix, 'include/node/node.h'))
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: here('.'),
    stdio: 'inherit',
    env: { ...process.env, ...(hasHeaders ? { npm_config_nodedir: prefix } : {}) },
  })
  process.exitCode = status ?? 1
}
