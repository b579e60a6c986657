import { join } from 'node:path'
import {
  createAlso,
  createCloudBlue,
  createPartnerCenter,
  createPax8,
  createRestProvider,
  doNothing,
  manual,
} from '../../src/connectors/index.ts'
import {
  alsoWorld,
  cloudBlueWorld,
  connectorConformance,
  partnerCenterWorld,
  pax8World,
  restProviderWorld,
} from '../../src/testing/conformance/index.ts'

const page = (name: string) => join(import.meta.dirname, `../../docs/connectors/${name}.md`)

connectorConformance(createRestProvider(), { world: restProviderWorld, page: page('rest-provider') })
connectorConformance((url) => createPartnerCenter({ endpoints: { api: url, login: url } }), {
  world: partnerCenterWorld,
  page: page('partner-center'),
})
connectorConformance((url) => createPax8({ endpoint: url }), { world: pax8World, page: page('pax8') })
connectorConformance(createAlso(), { world: alsoWorld, page: page('also') })
connectorConformance(createCloudBlue(), { world: cloudBlueWorld, page: page('cloudblue') })
connectorConformance(manual, { page: page('manual') })
connectorConformance(doNothing, { page: page('do-nothing') })
