import { Command } from 'commander'
import { ExitCode, explainFailure } from './failure.ts'
import { version } from './package-files.ts'

/** Where the program writes. */
export interface Output {
  print(line: string): void
  printError(line: string): void
}

type Print = Output['print']

/** The commands by name. Only what is asked for is loaded: a server is to start quickly. */
const commands: Readonly<Record<string, (print: Print) => Promise<Command>>> = {
  dev: async (print) => (await import('./commands/dev.ts')).devCommand(print),
  demo: async (print) => (await import('./commands/demo.ts')).demoCommand(print),
  emulator: async (print) => (await import('./commands/emulator.ts')).emulatorCommand(print),
  connector: async (print) => (await import('./commands/connector.ts')).connectorCommand(print),
  config: async (print) => (await import('./commands/config.ts')).configCommand(print),
}

/**
 * Runs the `work365` command and answers its exit code: 0 done, 1 failed, 2 called wrongly. Prints to `output` only and
 * never exits.
 *
 * @param parameters the words behind the program's name
 */
export async function runProgram(parameters: readonly string[], { print, printError }: Output): Promise<number> {
  const program = new Command('work365')
    .description('Dynamics 365 plug-in steps and provider connectors in TypeScript, on a Dataverse in memory.')
    .version(version())
  for (const load of loadersFor(parameters)) program.addCommand(await load(print))
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showSuggestionAfterError()
      .showHelpAfterError('Run it with --help to see what it takes.')
      .configureOutput({ writeOut: (text) => print(text.trimEnd()), writeErr: (text) => printError(text.trimEnd()) })
  }
  try {
    await program.parseAsync(parameters, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof ExitCode) return error.code
    if (isCommanderError(error)) return error.exitCode === 0 ? 0 : 2
    const sentence = explainFailure(error)
    printError(`work365: ${sentence ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))}`)
    return 1
  }
}

/** The command that is asked for; all of them, where there is none of that name or help is wanted. */
function loadersFor([name]: readonly string[]) {
  return name !== undefined && Object.hasOwn(commands, name) ? [commands[name]!] : Object.values(commands)
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

function isCommanderError(error: unknown): error is { readonly exitCode: number } {
  return error instanceof Error && 'exitCode' in error && error.constructor.name !== 'Error'
}
