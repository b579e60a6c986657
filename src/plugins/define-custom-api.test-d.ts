import { expectTypeOf, test } from 'vitest'
import { column, defineTable } from '../entities/index.ts'
import type { EntityReference, OrganizationService } from '../service/index.ts'
import { callCustomApi, defineCustomApi } from './define-custom-api.ts'

const Project = defineTable({
  logicalName: 'new_project',
  displayName: 'Project',
  primaryName: 'new_name',
  columns: { new_name: column.text({ label: 'Name' }) },
})

test('parameters, target and answer have the declared types', async () => {
  const close = defineCustomApi({
    uniqueName: 'new_CloseProject',
    kind: 'action',
    table: Project,
    parameters: { Reason: { type: 'String', optional: true }, On: { type: 'DateTime' } },
    response: { OpenTasks: { type: 'Integer' } },
    run({ target, parameters }) {
      expectTypeOf(target).toEqualTypeOf<EntityReference>()
      expectTypeOf(parameters.Reason).toEqualTypeOf<string | undefined>()
      expectTypeOf(parameters.On).toEqualTypeOf<Date>()
      return { OpenTasks: 1 }
    },
  })
  const answer = await callCustomApi({} as OrganizationService, close, { On: new Date() }, 'id').catch(() => undefined)
  expectTypeOf(answer!.OpenTasks).toEqualTypeOf<number>()
  // @ts-expect-error On is required
  callCustomApi({} as OrganizationService, close, {}, 'id').catch(() => {})
})

test('an unbound one has no target', () => {
  defineCustomApi({
    uniqueName: 'new_Ping',
    kind: 'function',
    response: { Pong: { type: 'Boolean' } },
    run({ target }) {
      expectTypeOf(target).toEqualTypeOf<undefined>()
      return { Pong: true }
    },
  })
})
