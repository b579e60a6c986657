import { createRequire } from 'node:module'
import type sax from 'sax'

let loaded: typeof sax | undefined

/** The XML parser. Loaded with the first FetchXML, because importing it takes longer than importing all the rest. */
export function loadSax(): typeof sax {
  loaded ??= createRequire(import.meta.url)('sax') as typeof sax
  return loaded
}
