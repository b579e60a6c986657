import { Command, InvalidArgumentError } from 'commander'
import { parsePort } from '../options.ts'
import type { EmulatorCommandOptions } from '../server/options.ts'

export function emulatorCommand(print: (line: string) => void): Command {
  const command = withOptions(new Command('emulator'))
    .description(
      'Serve a Dataverse in memory: its Web API under /api/data/v9.2/, a token endpoint, and controls for tests under /_emulator. Serves until stopped.',
    )
    .option('--json', 'print the addresses as one line of JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (options: EmulatorCommandOptions) => {
      const { runServer } = await import('../server/run-server.ts')
      await runServer(options, print)
    })
  const exec = new Command('exec')
    .description(
      'Start an emulator, run a command with its address in DATAVERSE_URL, and stop; exits as the command does.',
    )
    .argument('<command...>', 'the command and its parameters, behind --')
    .usage('[options] -- <command...>')
    // The options are those of `emulator`, whichever of both words they stand behind.
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', VARIABLES)
    .action(async (words: readonly string[]) => {
      const { runWithServer } = await import('../server/run-with-server.ts')
      const options: EmulatorCommandOptions = command.opts()
      const isChosen = command.getOptionValueSource('port') !== 'default'
      await runWithServer(words, isChosen ? options : { ...options, port: 0 })
    })
  return command.addCommand(exec)
}

function withOptions(command: Command): Command {
  return command
    .option('--port <number>', 'where to serve; 0 takes any free port, as exec does by itself', parsePort, 8365)
    .option('--host <address>', 'the address to listen on', '127.0.0.1')
    .option(
      '--tables <which>',
      'work365, standard, or a file: $metadata, EntityDefinitions as JSON, or customizations.xml',
      'work365',
    )
    .option('--seed <file>', 'rows to begin with, as JSON by tables; POST /_emulator/reset comes back to them')
    .option('--no-steps', 'leave out the steps that belong to the tables')
    .option('--now <moment>', 'let the clock stand still there; otherwise it runs')
    .option('--drain', 'run due asynchronous steps once a second, instead of at POST /_emulator/drain only')
    .option('--auth', 'ask for tokens of the token endpoint; otherwise any token will do, or none')
    .option('--https', 'serve over https with a certificate made for it')
    .option('--max-forks <number>', 'how many forks are kept: of more, the oldest is forgotten', parseCount, 256)
}

function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isInteger(count) && count >= 1 && count <= 100_000) return count
  throw new InvalidArgumentError('it is a whole number from 1 to 100000.')
}

const EXAMPLES = `
Examples:
  work365 emulator --port 0 --tables standard --seed rows.json
  work365 emulator exec -- npm test

Tests that run in parallel ask POST /_emulator/fork for an environment of their own. docs/emulator-server.md has it all.`

const VARIABLES = `
The command finds in its environment:
  DATAVERSE_URL          the address of the emulator, such as http://127.0.0.1:40123
  DATAVERSE_API_URL      that of its Web API: …/api/data/v9.2
  DATAVERSE_AUTHORITY    where tokens are given: the authority for MSAL
  WORK365_EMULATOR_URL   that of its controls: …/_emulator
  NODE_EXTRA_CA_CERTS    with --https: the certificate to trust`
