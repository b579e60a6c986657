import { createDataverseClient, type DataverseClient } from '../client/index.ts'
import { systemTables, work365Tables } from '../entities/index.ts'
import { CommandFailure } from './failure.ts'

/** How a command reaches the environment that it asks. */
export interface ConnectionOptions {
  readonly url: string
  /** The id of the user to act as. */
  readonly user?: string
}

/** The variables that say who a command is, where the environment asks for that. */
const CREDENTIALS = ['DATAVERSE_TENANT_ID', 'DATAVERSE_CLIENT_ID', 'DATAVERSE_CLIENT_SECRET'] as const

/** For `--help` of commands that connect. */
export const connectionHelp = `
The emulator of \`work365 dev\` asks for no credentials. Another environment takes those of an application user from the
variables ${CREDENTIALS.join(', ')}.`

/** A client of the environment: a running emulator, or any other with credentials from the process's environment. */
export function connect(
  { url, user }: ConnectionOptions,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): DataverseClient {
  const [tenantId, clientId, clientSecret] = CREDENTIALS.map((name) => variables[name])
  const missing = CREDENTIALS.filter((name) => !variables[name])
  if (missing.length > 0 && missing.length < CREDENTIALS.length) {
    throw new CommandFailure(`${missing.join(' and ')} is missing. Set all of ${CREDENTIALS.join(', ')}, or none.`)
  }
  try {
    const client = createDataverseClient({
      url,
      retry: { attempts: 2 },
      // Without credentials it is an emulator, whose tables are ours.
      ...(tenantId && clientId && clientSecret
        ? { auth: { tenantId, clientId, clientSecret } }
        : { tables: [...systemTables, ...work365Tables] }),
    })
    return user === undefined ? client : client.as(user)
  } catch (error) {
    if (error instanceof TypeError) throw new CommandFailure(error.message.replace(/^\w+: /, ''))
    throw error
  }
}
