// Builds the package when there is no build yet, or when a source is newer than it. Says so in one line.
import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const time = (file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0

const isTest = (file) => /\.test(-d)?\.ts$/.test(file)
const sources = readdirSync(join(root, 'src'), { recursive: true })
  .filter((file) => file.endsWith('.ts') && !isTest(file))
  .map((file) => join('src', file))
const newest = [...sources, 'package.json', 'tsup.config.ts', 'scripts/build.mjs'].reduce((latest, file) =>
  time(file) > time(latest) ? file : latest,
)

// The types are written last: while they are older than a source, so is the build, or it has failed.
const built = time('dist/index.d.cts')
if (built <= time(newest)) {
  const begun = performance.now()
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error('The build has failed; the errors are above.')
    process.exit(1)
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  console.log(`Built dist in ${seconds} s: ${built === 0 ? 'it was missing' : `${newest} had changed`}.`)
}
