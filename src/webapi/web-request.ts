/**
 * A request as the Web API reads it. It is no server's own class: the parts of a batch and Node's requests are ones too,
 * without a `Request` being made for each.
 */
export interface WebRequest {
  readonly method: string
  /** Complete, with scheme and host. */
  readonly url: string
  /** The header with this name, which is in lower case. */
  header(name: string): string | undefined
  /** The body; rejects with RequestLengthTooLarge when it is longer than `limit` bytes. */
  bytes(limit: number): Promise<Uint8Array>
  /** Whether it is a part of a batch, whose URL may be longer. */
  readonly isPart?: boolean
}

/** What a request is answered with. */
export interface WebAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** What every answer of a service tells, sent behind `headers`: names and values in turn, as Node has raw headers. */
  readonly serviceHeaders?: readonly string[]
  readonly body: string | Uint8Array<ArrayBuffer> | undefined
  /** The URL of the row that was written, for those later in a change set that refer to it. Not sent. */
  readonly entity?: string
}
