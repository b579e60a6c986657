interface ErrorCode {
  readonly code: number
  /** The HTTP status with which the Web API answers. */
  readonly status: number
  /** `{name}` stands for a value that the thrower gives. */
  readonly message: string
}

/**
 * Every platform error that this package throws or understands.
 * `docs/errors.md` lists the same table, and a test keeps the two equal.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes
 */
export const errorCodes = {
  RequiredFieldMissing: { code: 0x80040200, status: 400, message: "Required field missing: '{column}' of '{table}'." },
  InvalidArgument: { code: 0x80040203, status: 400, message: 'Invalid argument. {reason}' },
  UnExpected: { code: 0x80040216, status: 500, message: 'An unexpected error occurred. {reason}' },
  ObjectDoesNotExist: {
    code: 0x80040217,
    status: 404,
    message: "Entity '{table}' With Id = {id} Does Not Exist",
  },
  IsvUnExpected: { code: 0x80040224, status: 500, message: 'An unexpected error occurred from ISV code. {reason}' },
  IsvAborted: { code: 0x80040265, status: 400, message: 'ISV code aborted the operation.' },
} as const satisfies Record<string, ErrorCode>

export type ErrorName = keyof typeof errorCodes

type Names<Template extends string> = Template extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never

/** The values that the template of this error needs. */
export type Placeholders<N extends ErrorName> = {
  readonly [K in Names<(typeof errorCodes)[N]['message']>]: string | number
}
