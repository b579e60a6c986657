import { createRequire } from 'node:module'
import { dirname } from 'node:path'

// What this package has beside its code stands two folders up from this file, in the source as in the build.
const require = createRequire(import.meta.url)

/** The version of this package. */
export function version(): string {
  return require('../../package.json').version
}

/** The rows that a new installation begins with. */
export function sampleEnvironment(): string {
  return require.resolve('../../samples/environment.jsonc')
}

/** The folder of a whole package with a connector in it, which is called Contoso. */
export function connectorTemplate(): string {
  return dirname(require.resolve('../../samples/connector/README.md'))
}
