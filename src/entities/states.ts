import { deepFreeze } from '../internal/freeze.ts'

/**
 * A table's states, their status reasons and, where they are restricted, the moves between status reasons.
 * The first state is the one of a new row, the first reason of a state its default.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/define-custom-state-model-transitions
 */
export interface States {
  readonly [state: string]: {
    readonly value: number
    readonly reasons: Readonly<Record<string, number>>
    /** For each reason of this state, the reasons (of any state) to which a row may move. Left out: any. */
    readonly transitions?: Readonly<Record<string, readonly string[]>>
  }
}

/** Active and Inactive, with one reason each: what every custom table has unless it says otherwise. */
export const activeInactive = deepFreeze({
  Active: { value: 0, reasons: { Active: 1 } },
  Inactive: { value: 1, reasons: { Inactive: 2 } },
} as const) satisfies States

export type StateValue<S extends States> = S[keyof S]['value']
export type ReasonValue<S extends States> = { [K in keyof S]: S[K]['reasons'][keyof S[K]['reasons']] }[keyof S]

/** The default status reason of the state with this value; `undefined` when there is no such state. */
export function defaultReason(states: States, state: number): number | undefined {
  const found = Object.values(states).find(({ value }) => value === state)
  return found && Object.values(found.reasons)[0]
}

/** The value of the state to which a status reason belongs. */
export function stateOfReason(states: States, reason: number): number | undefined {
  return Object.values(states).find(({ reasons }) => Object.values(reasons).includes(reason))?.value
}

/** Whether a row may move from one status reason to another. */
export function canMove(states: States, from: number, to: number): boolean {
  if (from === to) return true
  for (const { reasons, transitions } of Object.values(states)) {
    const name = labelOf(reasons, from)
    if (name === undefined) continue
    const allowed = transitions?.[name]
    if (allowed === undefined) return true
    return allowed.some((target) => Object.values(states).some((state) => state.reasons[target] === to))
  }
  return true
}

/** The label under which a choice has this value. */
export function labelOf(options: Readonly<Record<string, number>>, value: number): string | undefined {
  for (const label in options) if (options[label] === value) return label
  return undefined
}
