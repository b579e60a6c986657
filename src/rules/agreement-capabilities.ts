import { deepFreeze } from '../internal/freeze.ts'

/** What can be done with agreements through a connector. */
export interface AgreementCapability {
  /** Whether it can be asked for the agreements that a customer has signed. */
  readonly syncs: boolean
  /** Whether an agreement is created at the provider first, and then here. */
  readonly direct: boolean
}

/**
 * G10: what can be done with agreements, by the label of a provider's connector. That Microsoft CSP is direct is
 * documented; that a Rest provider can do both is ours: its contract has the routes, and its connector may leave them out.
 *
 * @see https://docs.work365apps.com/docs/providers
 */
export const agreementCapabilities = deepFreeze({
  'Microsoft CSP': { syncs: true, direct: true },
  'StreamOne Ion': { syncs: true, direct: false },
  Crayon: { syncs: true, direct: false },
  'Synnex (Stellr)': { syncs: false, direct: false },
  Pax8: { syncs: false, direct: false },
  Ingram: { syncs: false, direct: false },
  Rest: { syncs: true, direct: true },
} as const satisfies Readonly<Record<string, AgreementCapability>>)

const none: AgreementCapability = { syncs: false, direct: false }

/** What can be done with the agreements of a provider, by the labels of its type and connector. */
export function agreementCapabilityOf(provider: {
  readonly type: string | undefined
  readonly connector: string | undefined
}): AgreementCapability {
  if (provider.type === 'Rest') return agreementCapabilities.Rest
  if (provider.type !== 'Automatic') return none
  return (agreementCapabilities as Readonly<Record<string, AgreementCapability>>)[provider.connector ?? ''] ?? none
}
