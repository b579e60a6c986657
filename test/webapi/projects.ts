import { expect } from 'vitest'
import { reference } from '../../src/service/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/emulator/index.ts'
import { Customer, Project, priority, Task, tables } from '../emulator/tables.ts'
import { type Client, clientOf } from './ask.ts'

export interface Projects {
  readonly dataverse: Emulator
  readonly client: Client
  readonly ids: Readonly<Record<'fabrikam' | 'adatum' | 'bridge' | 'road' | 'dig' | 'build', string>>
}

/** Fabrikam has the bridge and the road; the bridge is to be dug and built; Adatum has nothing. */
export async function createProjects(): Promise<Projects> {
  const dataverse = createEmulator({ tables, now: '2026-03-01T09:30:00Z' })
  const client = clientOf({ service: dataverse, tables: dataverse.tables })
  const currency = await dataverse.seed('transactioncurrency', {
    currencyname: 'US Dollar',
    isocurrencycode: 'USD',
    currencysymbol: '$',
    exchangerate: 1,
  })
  expect(currency).toBeDefined()
  const fabrikam = await dataverse.create(Customer, { new_title: 'Fabrikam', new_rating: 5 })
  const adatum = await dataverse.create(Customer, { new_title: 'Adatum', new_rating: 3 })
  const of = { new_customer: reference(Customer, fabrikam) }
  const bridge = await dataverse.create(Project, {
    ...of,
    new_name: "O'Brien's Bridge",
    new_budget: 2000,
    new_seats: 3,
  })
  const road = await dataverse.create(Project, {
    ...of,
    new_name: 'Road',
    new_budget: 500,
    new_seats: 3,
    new_priority: priority.High,
    new_parent: reference(Project, bridge),
  })
  const within = { new_project: reference(Project, bridge) }
  const dig = await dataverse.create(Task, { ...within, new_title: 'Dig', new_effort: 3 })
  const build = await dataverse.create(Task, { ...within, new_title: 'Build', new_effort: 8 })
  await dataverse.associate(Project, bridge, 'new_project_member', [reference(Customer, adatum)])
  return { dataverse, client, ids: { fabrikam, adatum, bridge, road, dig, build } }
}
