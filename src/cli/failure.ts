import { DataverseError } from '../service/index.ts'

/** A mistake of the user's or of the surroundings: printed as one sentence, without a stack. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
}

/** What went wrong as a sentence with the next step, where it is a mistake that users make; otherwise the error itself. */
export function explainFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'CommandFailure' || error.name === 'SeedFileError') return error.message
  if (error.name === 'NoAnswer') return `${error.message} Is the environment running? \`work365 dev\` starts one.`
  if (DataverseError.isInstance(error)) return `${error.message} (${error.hexCode}, ${error.name})`
  const { code, path, port } = error as NodeJS.ErrnoException & { port?: number }
  if (code === 'ENOENT') return `There is no file '${path}'.`
  if (code === 'EISDIR' || code === 'EACCES') return `The file '${path ?? ''}' cannot be read: ${code}.`
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Stop what listens there, or choose another with --port (0 takes any free one).`
  }
  return undefined
}
