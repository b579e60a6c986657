import { deepFreeze } from '../../internal/freeze.ts'
import type { Meaning } from '../http-failure.ts'

/** An error of the Public API: `status` is not 0, and the rest says why. */
export interface PublicApiError {
  /** The part of CloudBlue that refuses, such as `OpenAPI`. */
  readonly module: string | undefined
  /** What kind of refusal it is to that part. */
  readonly type: number | undefined
  readonly message: string
}

interface Row {
  readonly module?: string
  readonly type?: number
  readonly says?: RegExp
  readonly means: Meaning
}

/**
 * What errors mean. No source lists the types; those of the rows are met in published integrations, and so is _does not
 * exist_. The other words are our reading. What no row knows is `invalid`.
 */
const rows: readonly Row[] = deepFreeze([
  { module: 'Licensing', type: 1, means: { code: 'notEligible', advice: 'The licence of CloudBlue is not active.' } },
  { module: 'OpenAPI', type: 21, means: 'invalid' },
  { says: /does(?: not|n't) exist/i, means: 'notFound' },
  { says: /access denied|unauthori[sz]ed/i, means: 'auth' },
  { says: /is locked|in progress|is being processed/i, means: 'pending' },
])

export function meaningOf(error: PublicApiError): Meaning {
  return rows.find((row) => matches(row, error))?.means ?? 'invalid'
}

function matches({ module, type, says }: Row, error: PublicApiError): boolean {
  if (says) return says.test(error.message)
  return module === error.module && type === error.type
}
