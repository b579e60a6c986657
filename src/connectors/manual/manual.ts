import { changeKinds, describeChange } from '../change.ts'
import { defineConnector } from '../connector.ts'
import { needsPerson } from '../outcome.ts'

/** A provider without an API: a person makes each change there, and then sets the change log to Provisioned. */
export const manual = defineConnector({
  name: 'manual',
  title: 'Manual',
  contract: 1,
  version: '1.0.0',
  changes: changeKinds,
  verifyConnectivity: async () => ({ ok: true }),
  apply: async (_, change) =>
    needsPerson(`At the provider, ${describeChange(change)}. Then set the license change log to Provisioned.`),
})
