import type { RequestOptions } from '../../service/index.ts'

const TAG = 'interworks:bookkeeping'

/**
 * How these steps and APIs write what only they may write: when an order was executed, what an item became. A tag, because
 * it reaches a step in the same way wherever the step runs.
 */
export const bookkeeping = Object.freeze({ tag: TAG } satisfies RequestOptions)

/** Whether an operation is one of their own. */
export function isBookkeeping({ sharedVariables }: { readonly sharedVariables: Record<string, unknown> }): boolean {
  return sharedVariables.tag === TAG
}
