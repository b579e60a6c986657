import { setFlagsFromString } from 'node:v8'
import { serve } from '../serve.ts'
import { TENANT_ID } from './authenticate.ts'
import { drainRegularly } from './drain-regularly.ts'
import { createEmulated } from './emulated.ts'
import type { EmulatorCommandOptions } from './options.ts'

/** Where a server is reached. */
export interface Addresses {
  readonly url: string
  readonly webApi: string
  readonly controls: string
  /** For MSAL. */
  readonly authority: string
  /** The file with the certificate that clients have to trust. */
  readonly certificate?: string
}

/** A server that was started as the command line says. */
export interface StartedServer {
  readonly addresses: Addresses
  /** What of the files could not be had, each as a sentence. */
  readonly notes: readonly string[]
  stop(): Promise<void>
}

export async function startServer(options: EmulatorCommandOptions): Promise<StartedServer> {
  // Hardly anything that a request makes outlives it. Waking further threads up to collect it takes longer than doing so.
  setFlagsFromString('--no-parallel-scavenge')
  const { port, host, auth, https, maxForks, drain } = options
  const { emulator, notes } = await createEmulated(options)
  const certificate = https ? await (await import('./certificate.ts')).createCertificate(host) : undefined
  const server = await serve(emulator, { port, host, auth: auth ?? false, https: certificate, maxForks }).catch(
    async (error) => {
      await certificate?.remove()
      throw error
    },
  )
  const drains = drain ? drainRegularly(() => server.emulators()) : undefined
  const { url } = server
  return {
    addresses: {
      url,
      webApi: `${url}/api/data/v9.2/`,
      controls: `${url}/_emulator`,
      authority: `${url}/${TENANT_ID}`,
      ...(certificate ? { certificate: certificate.file } : {}),
    },
    notes,
    async stop() {
      await drains?.stop()
      await server.close()
      await certificate?.remove()
    },
  }
}
