import { AsyncLocalStorage } from 'node:async_hooks'
import { dataverseError } from '../../service/index.ts'

/** The locks that the code running now works under, and the step or custom API that it is part of. */
const holding = new AsyncLocalStorage<{ readonly lock: Lock; readonly code: string; over: boolean }>()

/**
 * Lets one transaction run at a time, in the order of arrival. A step that would wait for its own transaction is
 * told so at once: on the platform it would run into the SQL time-out.
 */
export class Lock {
  private last: Promise<void> = Promise.resolve()

  async run<T>(body: () => T | Promise<T>): Promise<T> {
    const held = holding.getStore()
    if (held?.lock === this && !held.over) {
      const message = `${held.code} called the emulator from inside its own transaction and would wait for itself for ever. Use the 'service' that it receives.`
      throw dataverseError('unManagedidssqltimeouterror', {}, { message })
    }
    const before = this.last
    let release = () => {}
    this.last = new Promise((resolve) => {
      release = resolve
    })
    await before
    try {
      return await body()
    } finally {
      release()
    }
  }

  /** Runs code, a step for example, that works inside the transaction that holds the lock. */
  async inside<T>(code: string, body: () => T | Promise<T>): Promise<T> {
    const held = { lock: this, code, over: false }
    try {
      return await holding.run(held, body)
    } finally {
      // What it started and did not wait for is no longer part of it.
      held.over = true
    }
  }
}
