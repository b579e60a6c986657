/** Thrown by a handler to answer with this status and, as plain text, this message. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly status: 400 | 404 | 422

  constructor(status: Refused['status'], message: string) {
    super(message)
    this.status = status
  }
}
