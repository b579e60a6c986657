import { join } from 'node:path'
import { Command, Option } from 'commander'
import colors from 'picocolors'
import {
  builtInConnectors,
  type Connector,
  createConnectorContext,
  printConnector,
  publishedCapabilities,
  publishedProviders,
  verifyConnectivity,
} from '../../connectors/index.ts'
import { printConnectors } from '../../connectors/print-providers.ts'
import { fileState } from '../connector/file-state.ts'
import { loadConnector, ownConnectors } from '../connector/load-connector.ts'
import { newConnector } from '../connector/new-connector.ts'
import { readConnection, variableOf } from '../connector/read-connection.ts'
import { helpOnWays, servedAs, waysToServe } from '../connector/served-as.ts'
import { testPackage } from '../connector/test-package.ts'
import { ExitCode } from '../failure.ts'
import { parsePort } from '../options.ts'
import { untilStopped } from '../until-stopped.ts'

interface ConnectorOptions {
  readonly export?: string
  readonly json?: boolean
}

interface ConnectionOptions extends ConnectorOptions {
  readonly connection?: string
  readonly state?: string
}

interface ServeOptions extends ConnectionOptions {
  readonly as: string
  readonly port: number
  readonly host: string
}

export function connectorCommand(print: (line: string) => void): Command {
  const connector = new Command('connector')
    .description(
      'Write a provider connector, test it, describe it, check its connection, or serve it to Work 365 or interworks.cloud.',
    )
    .addHelpText('after', HELP)

  const subcommand = (name: string, description: string) =>
    connector
      .command(`${name} <which>`)
      .description(description)
      .option('--export <name>', 'which export of the module it is, where there are several')
      .option('--json', 'print data instead of text')

  const connecting = (name: string, description: string) =>
    subcommand(name, description)
      .option('--connection <file>', 'settings and credentials, as JSON; variables of the process win')
      .option('--state <file>', 'where the connection keeps refresh tokens; left out: it forgets them')

  connector
    .command('new <name>')
    .description('Write a package with a connector, its conformance test, and what serving it takes.')
    .option('--folder <path>', 'where to; left out: a folder of that name')
    .action(async (name: string, { folder = name }: { readonly folder?: string }) => {
      for (const file of await newConnector(name, folder)) print(`  ${join(folder, file)}`)
      print(`\nNext: cd ${folder} && npm install && npm test`)
    })

  connector
    .command('test [folder]')
    .description("Run the tests of a connector's package; exits as they do.")
    .action(async (folder = '.') => {
      const code = await testPackage(folder)
      if (code !== 0) throw new ExitCode(code)
    })

  connector
    .command('list')
    .description('The connectors of this package: the changes that they take, and what else they can do.')
    .option('--json', 'print data instead of text, with what Work 365 publishes of its own providers')
    .action(({ json }: ConnectorOptions) => {
      const connectors = Object.values(builtInConnectors).map((create) => create())
      print(json ? JSON.stringify(listed(connectors), null, 2) : printConnectors(connectors))
    })

  subcommand('describe', 'What it needs, which changes it takes, and what else it can do.').action(
    async (which: string, options: ConnectorOptions) => {
      const found = await loadConnector(which, options.export)
      print(options.json ? JSON.stringify(toData(found), null, 2) : describe(found))
    },
  )

  connecting('check', 'Verify Connectivity: whether settings and credentials open the provider. Reads only.').action(
    async (which: string, options: ConnectionOptions) => {
      const found = await loadConnector(which, options.export)
      const context = createConnectorContext(found, { ...(await connectionOf(found, options)), key: 'connectivity' })
      const report = await verifyConnectivity(found, context)
      if (options.json) print(JSON.stringify(report, null, 2))
      else {
        for (const { name, ok, detail } of report.findings ?? []) {
          print(`${ok ? colors.green('✓') : colors.red('✗')} ${name}${detail === undefined ? '' : `: ${detail}`}`)
        }
        print(report.ok ? `${found.title} is open${account(report.account)}.` : `${found.title} is not open.`)
      }
      if (!report.ok) throw new ExitCode(1)
    },
  )

  connecting('serve', 'Serve it as the API that Work 365 or interworks.cloud calls. Serves until stopped.')
    .addOption(new Option('--as <api>', 'as which API').choices(waysToServe).default(waysToServe[0]))
    .option('--port <number>', 'where to serve; 0 takes any free port', parsePort, 8080)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .action(async (which: string, options: ServeOptions) => {
      const found = await loadConnector(which, options.export)
      const { server, documents } = servedAs(options.as, found, {
        ...(await connectionOf(found, options)),
        log: (event, data) => print(`${event}${data === undefined ? '' : ` ${JSON.stringify(data)}`}`),
      })
      const { url, close } = await server.listen({ port: options.port, hostname: options.host })
      if (options.json) print(JSON.stringify({ url, connector: found.name, document: url + documents[0] }))
      else {
        print(`listening on ${url}`)
        print(`  connector  ${found.title} ${found.version}`)
        for (const path of documents) print(`  document   ${url}${path}`)
        print('Press Ctrl+C to stop.')
      }
      await untilStopped()
      await close()
      if (!options.json) print('stopped')
    })
  return connector
}

async function connectionOf(connector: Connector, { connection, state }: ConnectionOptions) {
  const entered = await readConnection(connector, connection)
  return { ...entered, ...(state === undefined ? {} : { state: fileState(state) }) }
}

function describe(connector: Connector): string {
  const fields = [...Object.keys(connector.settings), ...Object.keys(connector.credentials)]
  const variables = fields.length === 0 ? '' : `\nVariables: ${fields.map(variableOf).join(', ')}`
  return printConnector(connector).trimEnd() + variables
}

function toData({ name, title, version, docs, contract, changes, capabilities, limits, jsonSchema }: Connector) {
  return { name, title, version, docs, contract, changes, capabilities, limits, ...jsonSchema() }
}

function listed(connectors: readonly Connector[]) {
  return {
    connectors: connectors.map(({ name, title, changes, capabilities }) => ({ name, title, changes, capabilities })),
    published: { capabilities: publishedCapabilities, providers: publishedProviders },
  }
}

function account(name: string | undefined): string {
  return name === undefined ? '' : ` for ${name}`
}

const HELP = `
A connector is a JavaScript module that exports one, or one of this package: ${ownConnectors.join(', ')}.
Settings and credentials stand in a file, { "settings": { … }, "credentials": { … } }, or in variables called after
their field: CONNECTOR_API_KEY for apiKey.

\`serve --as\` one of these, with the secret of who calls in a variable:
${helpOnWays.join('\n')}

Examples:
  work365 connector new fabrikam-cloud
  work365 connector list --json
  work365 connector describe partner-center
  work365 connector check ./dist/contoso.js --connection contoso.json
  REST_PROVIDER_API_KEY=… work365 connector serve ./dist/contoso.js --connection contoso.json --port 8080`
