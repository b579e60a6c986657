import { Refused } from '../serving/refused.ts'

/** What is to become of a subscription or an add-on, in the order of the numbers that travel. */
const actions = ['None', 'Provision', 'Cancel', 'Suspend', 'Activate', 'Upgrade', 'Downgrade', 'UpgradeToPaid'] as const

export type Action = (typeof actions)[number]

const byName = new Map(actions.map((action) => [action.toLowerCase(), action]))

/** An `ActionType`, by its number or by its name; `otherwise` where there is none. @throws Refused for one that nobody knows. */
export function readAction(given: unknown, otherwise: Action, at: string): Action {
  if (given === undefined || given === null || given === '') return otherwise
  const known = isNumber(given) ? actions[Number(given)] : byName.get(String(given).toLowerCase())
  if (known) return known
  throw new Refused(
    400,
    `${at}.ActionType: there is no action ${JSON.stringify(given)}. There are ${actions.join(', ')}.`,
  )
}

const isNumber = (given: unknown) => typeof given === 'number' || (typeof given === 'string' && /^\d+$/.test(given))
