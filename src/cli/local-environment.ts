import { readFile } from 'node:fs/promises'
import { createRestProvider } from '../connectors/index.ts'
import { interworksTables, systemTables, work365Tables } from '../entities/index.ts'
import {
  createJobRunner,
  type JobRunner,
  type Mail,
  manualProviderReminder,
  syncLicenseChangeLog,
} from '../jobs/index.ts'
import { work365Steps } from '../plugins/index.ts'
import type { OrganizationService } from '../service/index.ts'
import {
  createEmulator,
  createRestProviderSimulator,
  type Emulator,
  parseSeedFile,
  type RestProviderSimulator,
} from '../testing/index.ts'

/** A whole Work 365 on this machine. */
export interface LocalEnvironment {
  readonly emulator: Emulator
  /** Stands for every automatic provider. */
  readonly provider: RestProviderSimulator
  /** What was mailed. */
  readonly mails: Mail[]
  /** A runner of the environment's jobs; `service` stands between it and the environment in tests of faults. */
  createRunner(options?: { readonly service?: OrganizationService; readonly pollMs?: number }): JobRunner
  close(): Promise<void>
}

/** The environment that a new installation begins with: `samples/` of this package. */
export const sampleFile = new URL('../../samples/environment.jsonc', import.meta.url)

/**
 * Puts the pieces together: the emulator with the Work 365 tables, steps and sample data, a simulated provider over real
 * HTTP, and jobs that reach it.
 *
 * @param options.seedFile default: the sample environment
 * @param options.now where the clock stands still; default: the present moment
 */
export async function createLocalEnvironment({
  seedFile,
  now,
}: {
  readonly seedFile?: string | undefined
  readonly now?: string
} = {}): Promise<LocalEnvironment> {
  const tables = [...systemTables, ...work365Tables, ...interworksTables]
  const file = seedFile ?? sampleFile
  const text = await readFile(file, 'utf8')
  const emulator = createEmulator({
    tables,
    steps: work365Steps,
    seed: await parseSeedFile(text, seedFile ?? 'samples/environment.jsonc', tables),
    ...(now === undefined ? {} : { now }),
  })
  const apiKey = crypto.randomUUID()
  const provider = createRestProviderSimulator({
    apiKey,
    clock: emulator.clock,
    seed: { customers: await customersOf(emulator) },
  })
  const { url, close } = await provider.listen()
  const mails: Mail[] = []
  const jobs = [
    syncLicenseChangeLog({
      connect: ({ work365_provider_name: title, work365_provider_countrycode, work365_provider_currencycode }) => ({
        connector: createRestProvider({ title: title ?? 'Provider' }),
        settings: {
          endpointUrl: url,
          countryCode: work365_provider_countrycode ?? 'US',
          currencyCode: work365_provider_currencycode ?? 'USD',
        },
        credentials: { apiKey },
      }),
    }),
    manualProviderReminder({
      async sendMail(mail) {
        mails.push(mail)
      },
    }),
  ]
  return {
    emulator,
    provider,
    mails,
    createRunner: ({ service = emulator, pollMs = 1000 } = {}) =>
      createJobRunner({ service, jobs, clock: emulator.clock, pollMs }),
    close,
  }
}

/** The provider knows the customers whose accounts are mapped to it. */
async function customersOf(emulator: Emulator) {
  const rows = await emulator.list('work365_provideraccount')
  return rows.flatMap((row) => {
    const { work365_provideraccount_providerspecificaccountid: id, work365_provideraccount_name: name } = row
    return typeof id === 'string' ? [{ id, name: typeof name === 'string' ? name : id }] : []
  })
}
