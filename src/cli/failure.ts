import { DataverseError } from '../service/index.ts'

/** A mistake of the user's or of the surroundings: printed as one sentence, without a stack. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}

/** Ends the program with this code, and without a word: what it ran has said what there was to say. */
export class ExitCode extends Error {
  override readonly name = 'ExitCode'

  constructor(readonly code: number) {
    super(`exit code ${code}`)
  }
}

/** What went wrong as a sentence with the next step, where it is a mistake that users make; otherwise the error itself. */
export function explainFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (['CommandFailure', 'SeedFileError', 'ProviderError'].includes(error.name)) return error.message
  if (error.name === 'NoAnswer') return `${error.message} Is the environment running? \`work365 dev\` starts one.`
  if (DataverseError.isInstance(error)) return `${error.message} (${error.hexCode}, ${error.name})`
  const { code, path, port, syscall, hostname, address } = error as NodeJS.ErrnoException & {
    readonly port?: number
    readonly hostname?: string
    readonly address?: string
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `This machine has no address '${hostname ?? address}' to listen on. Leave --host out, or give 127.0.0.1, ::1 or 0.0.0.0.`
  }
  if (syscall === 'listen' && code === 'EACCES') {
    return `Port ${port} needs rights that this process has not. Choose one from 1024 with --port.`
  }
  if (code === 'ENOENT') return `There is no file '${path}'.`
  if (code === 'EISDIR' || code === 'EACCES') return `The file '${path ?? ''}' cannot be read: ${code}.`
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what listens there, or choose another with --port (0 takes any free one).`
  }
  return undefined
}
