import { Command } from 'commander'
import colors from 'picocolors'
import { Provider } from '../../entities/index.ts'
import { createLocalEnvironment } from '../local-environment.ts'
import { kindOf, rowsByKind } from '../local-providers/local-providers.ts'
import { parsePort } from '../options.ts'
import { serve } from '../serve.ts'
import { drainRegularly } from '../server/drain-regularly.ts'
import { orders } from '../story/chapters/orders.ts'
import { playStory } from '../story/play.ts'
import { untilStopped } from '../until-stopped.ts'

/** The scene in which everything goes its way: the one that a newcomer should see first. */
const FIRST_SCENE = orders.scenes.filter(({ title }) => title.startsWith('The setting is exactly true'))

interface DevOptions {
  readonly port: number
  readonly host: string
  readonly seed?: string
  readonly story: boolean
}

export function devCommand(print: (line: string) => void): Command {
  return new Command('dev')
    .description(
      'Run a whole Work 365 on this machine: Dataverse emulator, steps, rules, sample data, job runner, simulated providers. Serves until stopped.',
    )
    .option('--port <number>', 'where to serve the Web API; 0 takes any free port', parsePort, 8365)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option('--seed <file>', 'rows to begin with, instead of the sample environment')
    .option('--no-story', 'do not play a portal order at the start')
    .addHelpText('after', HELP)
    .action(async ({ port, host, seed, story }: DevOptions) => {
      const environment = await createLocalEnvironment({ seedFile: seed })
      const { emulator } = environment
      const server = await serve(emulator, { port, host }).catch(async (error) => {
        await environment.close()
        throw error
      })
      if (story) {
        await playStory(environment, FIRST_SCENE, print)
        const trace = emulator.trace.print(({ level, title }) => level > 0 || !title.startsWith('Retrieve'))
        print(`\n${colors.bold('What ran, in order (reading apart):')}\n${trace}`)
      }
      emulator.clock.run()
      const runner = environment.createRunner()
      await runner.start()
      const drains = drainRegularly(() => server.emulators())

      print('')
      print(`listening on ${server.url}`)
      print(`  Web API   ${server.url}/api/data/v9.2/`)
      print(`  controls  ${server.url}/_emulator/health`)
      for (const row of await emulator.list(Provider)) {
        const kind = row.statecode === 0 ? kindOf(row) : undefined
        if (kind) print(`  provider  ${row.work365_provider_name}, simulated as ${kind}`)
      }
      print('Press Ctrl+C to stop.')

      await untilStopped()
      await drains.stop()
      await runner.stop({ drainMs: 2000 })
      await server.close()
      await environment.close()
      print('stopped')
    })
}

const HELP = `
Automatic and Rest providers are simulators over HTTP, which jobs reach by the connectors of this package. Which one stands for a
provider, the Connector of its row says; for a Rest provider that is a served connector of this package, its EndPointUrl:
${rowsByKind()
  .map(([kind, rows]) => `  ${kind.padEnd(28)} ${rows.join(', ')}`)
  .join('\n')}
Each has the customers and part numbers that the environment has for it when it is first asked.`
