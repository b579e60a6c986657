/** What a check found out about a connector. Only `fail` is one against it. */
export type Finding =
  | Passed
  | Exception
  /** What it did, in a sentence. */
  | { readonly status: 'fail'; readonly why: string }

interface Passed {
  readonly status: 'pass'
  /** What of the check could not be tried. */
  readonly note?: string | undefined
}

/** Why a check does not apply: the connector, or its provider, has no such thing; or the world cannot provoke it. */
export interface Exception {
  readonly status: 'not supported' | 'not tried'
  readonly why: string
}

/** The connector or its provider has no such thing. @param why - the rest of a sentence, without a full stop */
export const notSupported = (why: string): Exception => ({ status: 'not supported', why })

/** The world cannot provoke it. @param why - the rest of a sentence, without a full stop */
export const notTried = (why: string): Exception => ({ status: 'not tried', why })
