import { readFile } from 'node:fs/promises'
import { createRestProvider } from '../connectors/index.ts'
import { API_KEY_HEADER } from '../connectors/rest-provider/wire.ts'
import {
  interworksTables,
  Provider,
  ProviderAccount,
  providerType,
  systemTables,
  work365Tables,
} from '../entities/index.ts'
import { createJobRunner, type JobRunner, type Mail, work365Jobs } from '../jobs/index.ts'
import {
  interworksCustomApis,
  interworksDefaults,
  interworksSteps,
  work365CustomApis,
  work365Steps,
} from '../plugins/index.ts'
import type { OrganizationService } from '../service/index.ts'
import {
  createEmulator,
  createRestProviderSimulator,
  type Emulator,
  parseSeedFile,
  type RestProviderSimulator,
} from '../testing/index.ts'
import { sampleEnvironment } from './package-files.ts'

/** A whole Work 365 on this machine. */
export interface LocalEnvironment {
  readonly emulator: Emulator
  /** What stands for an automatic provider, by the id of its row. */
  providerCalled(id: string): RestProviderSimulator | undefined
  /** A new customer comes to a provider by itself; answers its id there. */
  registerCustomer(provider: string, customer: { readonly name: string; readonly domain: string }): Promise<string>
  /** What was mailed. */
  readonly mails: Mail[]
  /** A runner of the environment's jobs; `service` stands between it and the environment in tests of faults. */
  createRunner(options?: { readonly service?: OrganizationService; readonly pollMs?: number }): JobRunner
  close(): Promise<void>
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
  const simulators = await startSimulators(emulator)
  const mails: Mail[] = []
  const jobs = work365Jobs({
    connect(row) {
      const simulator = simulators.get(row.work365_providerid)
      return (
        simulator && {
          connector: createRestProvider({ title: row.work365_provider_name ?? 'Provider' }),
          settings: {
            endpointUrl: simulator.url,
            countryCode: row.work365_provider_countrycode ?? 'US',
            currencyCode: row.work365_provider_currencycode ?? 'USD',
          },
          credentials: { apiKey: simulator.apiKey },
        }
      )
    },
    async sendMail(mail) {
      mails.push(mail)
    },
  })
  return {
    emulator,
    providerCalled: (id) => simulators.get(id)?.simulator,
    async registerCustomer(provider, customer) {
      const { simulator, apiKey } = simulators.get(provider)!
      const body = JSON.stringify(customer)
      const headers = { [API_KEY_HEADER]: apiKey }
      const response = await simulator.fetch(
        new Request('http://provider/customers', { method: 'POST', headers, body }),
      )
      return ((await response.json()) as { readonly id: string }).id
    },
    mails,
    createRunner: ({ service = emulator, pollMs = 1000 } = {}) =>
      createJobRunner({ service, jobs, clock: emulator.clock, pollMs }),
    async close() {
      await Promise.all([...simulators.values()].map(({ close }) => close()))
    },
  }
}

interface RunningSimulator {
  readonly simulator: RestProviderSimulator
  readonly apiKey: string
  readonly url: string
  close(): Promise<void>
}

/** One simulator for each provider that is reached by a connector, each with the customers that are mapped to it. */
async function startSimulators(emulator: Emulator): Promise<ReadonlyMap<string, RunningSimulator>> {
  const [providers, accounts] = await Promise.all([emulator.list(Provider), emulator.list(ProviderAccount)])
  const started = providers
    .filter(({ work365_provider_type: type }) => type === providerType.Automatic || type === providerType.Rest)
    .map(async ({ work365_providerid: id }): Promise<[string, RunningSimulator]> => {
      const apiKey = crypto.randomUUID()
      const customers = accounts
        .filter((row) => row.work365_provideraccount_provider?.id === id)
        .flatMap((row) => {
          const customer = row.work365_provideraccount_providerspecificaccountid
          const { work365_provideraccount_name: name, work365_provideraccount_domain: domain } = row
          return customer === null ? [] : [{ id: customer, name: name ?? customer, domain }]
        })
      const simulator = createRestProviderSimulator({ apiKey, clock: emulator.clock, seed: { customers } })
      return [id, { simulator, apiKey, ...(await simulator.listen()) }]
    })
  return new Map(await Promise.all(started))
}
