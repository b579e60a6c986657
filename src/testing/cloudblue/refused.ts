/** A refusal, as the Public API tells it. */
export class Refused extends Error {
  readonly module: string
  readonly type: number

  constructor(message: string, module = 'SaaS', type = 1) {
    super(message)
    this.module = module
    this.type = type
  }
}
