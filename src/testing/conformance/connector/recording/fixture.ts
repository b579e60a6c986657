/** One request to the provider and what it answered, without secrets. */
export interface Interaction {
  readonly method: string
  /** With its query. */
  readonly path: string
  /** JSON where it is JSON, else text; empty where there is none. */
  readonly body: unknown
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly response: unknown
}

/** What one check did to a sandbox. */
export interface Fixture {
  /** What the keys of its changes were made from. */
  readonly salt: string
  readonly interactions: readonly Interaction[]
}
