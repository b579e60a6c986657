import {
  type Connector,
  type ConnectorServer,
  type ServeConnectorOptions,
  serveRestProvider,
  serveServiceManagement,
} from '../../connectors/index.ts'
import { CommandFailure } from '../failure.ts'

/** One way to serve a connector. */
interface Way {
  /** Whose API it is. */
  readonly title: string
  /** What callers send, which is not for a command line that others can read: variables of the process, and what they are. */
  readonly variables: Readonly<Record<string, string>>
  /** Where it describes itself. */
  readonly documents: readonly string[]
  serve(
    connector: Connector,
    options: ServeConnectorOptions,
    secrets: Readonly<Record<string, string>>,
  ): ConnectorServer
}

const ways: Readonly<Record<string, Way>> = {
  'rest-provider': {
    title: 'the Rest Provider API that Work 365 calls',
    variables: { REST_PROVIDER_API_KEY: 'the secret that Work 365 is to send' },
    documents: ['/openapi.json'],
    serve: (connector, options, { REST_PROVIDER_API_KEY: apiKey = '' }) =>
      serveRestProvider(connector, { ...options, apiKey }),
  },
  'service-management': {
    title: 'the service manager that interworks.cloud calls',
    variables: {
      SERVICE_MANAGEMENT_APPLICATION_ID: 'the Application Id of the registration with interworks.cloud',
      SERVICE_MANAGEMENT_API_KEY: 'the API Key of the registration with interworks.cloud',
    },
    documents: ['/openapi.json', '/registration.json'],
    /** Where nothing is entered here, the tenants of the platform enter their connections there. */
    serve(connector, { settings, credentials, ...options }, secrets) {
      const isEntered = [settings, credentials].some((values) => Object.keys(values ?? {}).length > 0)
      return serveServiceManagement(connector, {
        ...options,
        ...(isEntered && { settings, credentials }),
        applicationId: secrets.SERVICE_MANAGEMENT_APPLICATION_ID ?? '',
        apiKey: secrets.SERVICE_MANAGEMENT_API_KEY ?? '',
      })
    },
  },
}

export const waysToServe = Object.freeze(Object.keys(ways))

/** The lines of a help text that say what each way takes. */
export const helpOnWays = Object.entries(ways).map(
  ([name, { title, variables }]) => `  ${name}: ${title}; ${Object.keys(variables).join(' and ')}`,
)

/** The connector as a server, with the secrets of its callers from the environment. @throws CommandFailure when one is missing. */
export function servedAs(
  name: string,
  connector: Connector,
  options: ServeConnectorOptions,
): { readonly server: ConnectorServer; readonly documents: readonly string[] } {
  const { variables, documents, serve } = ways[name]!
  const secrets: Record<string, string> = {}
  for (const [variable, meaning] of Object.entries(variables)) {
    const value = process.env[variable]
    if (!value) throw new CommandFailure(`Set ${variable} to ${meaning}.`)
    secrets[variable] = value
  }
  return { server: serve(connector, options, secrets), documents }
}
