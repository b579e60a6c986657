import { createAlso } from './also/create-also.ts'
import { createCloudBlue } from './cloudblue/create-cloudblue.ts'
import type { Connector } from './connector.ts'
import { doNothing } from './do-nothing/do-nothing.ts'
import { manual } from './manual/manual.ts'
import { createPartnerCenter } from './partner-center/create-partner-center.ts'
import { createPax8 } from './pax8/create-pax8.ts'
import { createRestProvider } from './rest-provider/create-rest-provider.ts'

/**
 * The connectors of this package that need nothing but a connection, by the names that they give themselves. The linked
 * subscription is not among them: it is made for a service.
 *
 * @example const { changes } = builtInConnectors['pax8']!()
 */
export const builtInConnectors: Readonly<Record<string, () => Connector>> = Object.freeze({
  also: () => createAlso() as Connector,
  cloudblue: () => createCloudBlue() as Connector,
  'do-nothing': () => doNothing as Connector,
  manual: () => manual as Connector,
  'partner-center': () => createPartnerCenter() as Connector,
  pax8: () => createPax8() as Connector,
  'rest-provider': () => createRestProvider() as Connector,
})
