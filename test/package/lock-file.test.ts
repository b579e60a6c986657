import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

// An npm that could not reach some of them leaves them out, and then `npm ci` refuses to install anything, anywhere.
test('the lock file knows the packages for every platform, not only those for the one it was written on', () => {
  const file = fileURLToPath(new URL('../../package-lock.json', import.meta.url))
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Readonly<Record<string, Locked>> }
  const names = Object.keys(packages)
  const missing = Object.entries(packages).flatMap(([where, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !names.some((path) => path.endsWith(`node_modules/${name}`)))
      .map((name) => `${where} needs ${name}`),
  )
  expect(missing).toEqual([])
  expect(names.length).toBeGreaterThan(100)
})
