import { untilStopped } from '../until-stopped.ts'
import type { EmulatorCommandOptions } from './options.ts'
import { startServer } from './start.ts'

/** Serves until the process is told to stop. */
export async function runServer(options: EmulatorCommandOptions, print: (line: string) => void): Promise<void> {
  const { addresses, notes, stop } = await startServer(options)
  const { url, webApi, controls, authority, certificate } = addresses
  if (options.json) print(JSON.stringify({ ...addresses, notes }))
  else {
    print(`listening on ${url}`)
    print(`  Web API    ${webApi}`)
    print(`  controls   ${controls}/health`)
    print(`  tokens     ${authority}/oauth2/v2.0/token${options.auth ? '' : ' (any token will do, or none)'}`)
    if (certificate) print(`  trust      NODE_EXTRA_CA_CERTS=${certificate}`)
    for (const note of notes) print(`  note       ${note}`)
    print('Press Ctrl+C to stop.')
  }
  await untilStopped()
  await stop()
  if (!options.json) print('stopped')
}
