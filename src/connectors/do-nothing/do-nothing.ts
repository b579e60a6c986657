import { changeKinds } from '../change.ts'
import { defineConnector } from '../connector.ts'
import { notApplicable } from '../outcome.ts'

/** For products that are billed but provisioned nowhere. */
export const doNothing = defineConnector({
  name: 'do-nothing',
  title: 'Do Nothing',
  contract: 1,
  version: '1.0.0',
  changes: changeKinds,
  verifyConnectivity: async () => ({ ok: true }),
  apply: async () => notApplicable('The product is provisioned at no provider.'),
})
