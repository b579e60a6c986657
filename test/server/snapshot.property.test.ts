import fc from 'fast-check'
import { expect, test } from 'vitest'
import { column, defineTable } from '../../src/entities/index.ts'
import { defineStep } from '../../src/plugins/index.ts'
import { createEmulator, type Emulator } from '../../src/testing/index.ts'
import { Customer, Project, priority, Task } from '../emulator/tables.ts'

const Paper = defineTable({
  logicalName: 'new_paper',
  displayName: 'Paper',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }), new_scan: column.file({ label: 'Scan' }) },
})
const tables = [Project, Task, Customer, Paper]

/** Its work waits in a system job, with an image, dates and references. */
const rate = defineStep({
  name: 'rate the customer later',
  table: Project,
  message: 'Update',
  stage: 'postOperation',
  mode: 'asynchronous',
  preImage: ['new_customer', 'new_started', 'new_name'],
  async run({ preImage, target, service, operationCreatedOn }) {
    if (!preImage.new_customer) return
    const hours = (operationCreatedOn.getTime() - (preImage.new_started?.getTime() ?? 0)) / 3_600_000
    await service.update(Customer, preImage.new_customer.id, {
      new_title: `${preImage.new_name} ${target.new_seats}`,
      new_rating: Math.round(hours),
    })
  },
})

const make = () => createEmulator({ tables, steps: [rate], now: '2026-03-01T09:00:00Z', random: () => 0.5 })

const text = fc.string({ maxLength: 12 })
const change = fc.oneof(
  fc.record({ do: fc.constant('customer' as const), new_title: text }),
  fc.record({
    do: fc.constant('project' as const),
    new_name: fc.string({ minLength: 1, maxLength: 12 }),
    new_hours: fc.option(fc.integer({ min: -999, max: 999 })),
    new_started: fc.option(fc.integer({ min: 0, max: 2_000_000_000 })),
    new_tags: fc.option(fc.subarray(Object.values(priority), { minLength: 1 })),
    customer: fc.nat(),
  }),
  fc.record({ do: fc.constant('update' as const), which: fc.nat(), new_seats: fc.nat(100) }),
  fc.record({ do: fc.constant('delete' as const), which: fc.nat() }),
  fc.record({ do: fc.constant('link' as const), which: fc.nat(), customer: fc.nat() }),
  fc.record({ do: fc.constant('file' as const), bytes: fc.uint8Array({ maxLength: 50 }) }),
  fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(90) }),
  fc.record({ do: fc.constant('drain' as const) }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

async function apply(dataverse: Emulator, step: Change): Promise<void> {
  const ids = async (table: typeof Project | typeof Customer) =>
    (await dataverse.list(table as typeof Project)).map(
      (row) => (row as Record<string, unknown>)[`${table.logicalName}id`] as string,
    )
  const pick = async (table: typeof Project | typeof Customer, which: number) => {
    const all = await ids(table)
    return all[which % Math.max(1, all.length)]
  }
  switch (step.do) {
    case 'customer':
      await dataverse.create(Customer, { new_title: step.new_title })
      return
    case 'project': {
      const customer = await pick(Customer, step.customer)
      await dataverse.create(Project, {
        new_name: step.new_name,
        new_hours: step.new_hours,
        new_started: step.new_started === null ? null : new Date(step.new_started * 1000),
        new_tags: step.new_tags,
        new_customer: customer === undefined ? null : { logicalName: 'new_customer', id: customer },
      })
      return
    }
    case 'update': {
      const id = await pick(Project, step.which)
      if (id) await dataverse.update(Project, id, { new_seats: step.new_seats })
      return
    }
    case 'delete': {
      const id = await pick(Project, step.which)
      if (id) await dataverse.delete(Project, id)
      return
    }
    case 'link': {
      const [project, customer] = [await pick(Project, step.which), await pick(Customer, step.customer)]
      if (!project || !customer) return
      await dataverse
        .associate(Project, project, 'new_project_member', [{ logicalName: 'new_customer', id: customer }])
        .catch(() => {})
      return
    }
    case 'file': {
      const id = await dataverse.create(Paper, { new_name: 'paper' })
      const begun = await dataverse.execute('InitializeFileBlocksUpload', {
        Target: { logicalName: 'new_paper', id },
        FileAttributeName: 'new_scan',
        FileName: 'scan.bin',
      })
      const { FileContinuationToken } = begun as { FileContinuationToken: string }
      const block = { BlockId: 'MQ==', FileContinuationToken, BlockData: step.bytes }
      await dataverse.execute('UploadBlock', block)
      await dataverse.execute('CommitFileBlocksUpload', {
        FileContinuationToken,
        FileName: 'scan.bin',
        MimeType: 'application/octet-stream',
        BlockList: ['MQ=='],
      })
      return
    }
    case 'wait':
      await dataverse.clock.advance(step.minutes * 60_000)
      return
    case 'drain':
      await dataverse.drain()
  }
}

test('an environment that went through JSON is the same one, and goes on in the same way', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 25 }), fc.array(change, { maxLength: 8 }), async (past, future) => {
      const original = make()
      for (const step of past) await apply(original, step)
      const text = JSON.stringify(await original.snapshot())
      const restored = make()

      await restored.restore(JSON.parse(text))

      expect(JSON.stringify(await restored.snapshot())).toBe(text)
      for (const dataverse of [original, restored]) {
        for (const step of future) await apply(dataverse, step)
        await dataverse.drain()
      }
      expect(await restored.snapshot()).toEqual(await original.snapshot())
    }),
    { numRuns: 40 },
  )
})
