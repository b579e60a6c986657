import { readFile } from 'node:fs/promises'
import type { Log } from '../connectors/index.ts'
import { interworksTables, systemTables, work365Tables } from '../entities/index.ts'
import { createJobRunner, type JobRunner, type Mail, work365Jobs } from '../jobs/index.ts'
import {
  interworksCustomApis,
  interworksDefaults,
  interworksSteps,
  work365CustomApis,
  work365Steps,
} from '../plugins/index.ts'
import type { OrganizationService } from '../service/index.ts'
import { createEmulator, type Emulator, parseSeedFile } from '../testing/index.ts'
import { createLocalProviders, type LocalProviders } from './local-providers/local-providers.ts'
import { sampleEnvironment } from './package-files.ts'

/** A whole Work 365 on this machine. */
export interface LocalEnvironment {
  readonly emulator: Emulator
  /** What stands for the automatic providers. */
  readonly providers: LocalProviders
  /** What was mailed. */
  readonly mails: Mail[]
  /** A runner of the environment's jobs; `service` stands between it and the environment in tests of faults. */
  createRunner(options?: LocalRunnerOptions): JobRunner
  close(): Promise<void>
}

export interface LocalRunnerOptions {
  readonly service?: OrganizationService
  readonly pollMs?: number
  /** Takes note of what jobs and their requests do, and served connectors from now on. */
  readonly log?: (event: string, data?: unknown) => void
}

/**
 * Puts the pieces together: the emulator with the Work 365 tables, steps and sample data, simulated providers over real
 * HTTP, and jobs that reach them.
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
  const file = seedFile ?? sampleEnvironment()
  const text = await readFile(file, 'utf8')
  const seed = await parseSeedFile(text, seedFile ?? 'samples/environment.jsonc', tables)
  const emulator = createEmulator({
    tables,
    steps: [...work365Steps, ...interworksSteps],
    customApis: [...work365CustomApis, ...interworksCustomApis],
    security: 'enforced',
    seed: { ...seed, rows: { ...interworksDefaults, ...seed.rows } },
    ...(now === undefined ? {} : { now }),
  })
  // A connector that is served has no job to tell what it sends: whoever runs the jobs hears it.
  let heard: Log = () => {}
  const providers = createLocalProviders(emulator, (...note) => heard(...note))
  const mails: Mail[] = []
  const jobs = work365Jobs({
    connect: async (row) => (await providers.of(row))?.connection,
    async sendMail(mail) {
      mails.push(mail)
    },
  })
  return {
    emulator,
    providers,
    mails,
    createRunner({ service = emulator, pollMs = 1000, log = () => {} } = {}) {
      heard = log
      return createJobRunner({ service, jobs, clock: emulator.clock, pollMs, log })
    },
    close: providers.close,
  }
}
