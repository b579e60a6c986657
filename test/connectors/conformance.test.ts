import { join } from 'node:path'
import { createPartnerCenter, createRestProvider, doNothing, manual } from '../../src/connectors/index.ts'
import { connectorConformance, partnerCenterWorld, restProviderWorld } from '../../src/testing/conformance/index.ts'

const page = (name: string) => join(import.meta.dirname, `../../docs/connectors/${name}.md`)

connectorConformance(createRestProvider(), { world: restProviderWorld, page: page('rest-provider') })
connectorConformance((url) => createPartnerCenter({ endpoints: { api: url, login: url } }), {
  world: partnerCenterWorld,
  page: page('partner-center'),
})
connectorConformance(manual, { page: page('manual') })
connectorConformance(doNothing, { page: page('do-nothing') })
