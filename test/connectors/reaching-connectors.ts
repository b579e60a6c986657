import {
  type Connector,
  createAlso,
  createCloudBlue,
  createPartnerCenter,
  createPax8,
  createRestProvider,
} from '../../src/connectors/index.ts'
import {
  alsoWorld,
  type ConnectorWorld,
  type CreateWorld,
  cloudBlueWorld,
  partnerCenterWorld,
  pax8World,
  restProviderWorld,
} from '../../src/testing/conformance/index.ts'

/** Every connector of this package that reaches a provider, and a double of that. */
export const reachingConnectors: readonly (readonly [string, (url: string) => Connector, CreateWorld])[] = [
  ['Rest Provider', () => createRestProvider() as Connector, restProviderWorld],
  [
    'Partner Center',
    (url) => createPartnerCenter({ endpoints: { api: url, login: url } }) as Connector,
    partnerCenterWorld,
  ],
  ['Pax8', (url) => createPax8({ endpoint: url }) as Connector, pax8World],
  ['ALSO', () => createAlso() as Connector, alsoWorld],
  ['CloudBlue', () => createCloudBlue() as Connector, cloudBlueWorld],
]

/** What was entered as secret, by the names of the fields. */
export const secretsOf = ({ credentials }: Connector, { credentials: values }: ConnectorWorld) =>
  Object.entries(values).flatMap(([name, value]): [string, string][] =>
    credentials[name]?.type === 'secret' ? [[name, String(value)]] : [],
  )
