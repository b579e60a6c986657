import { dataverseError, type EntityReference, type Row, reference } from '../../../service/index.ts'
import { findRow } from '../keys.ts'
import { patchRow } from '../patch-row.ts'
import { childrenOf } from '../security/sharing.ts'
import type { EmulatedMessage } from './message.ts'

interface Merge {
  readonly Target: EntityReference
  readonly Subordinate: EntityReference
  readonly UpdateContent?: Row
}

/** The tables whose rows can be merged. */
const MERGEABLE = ['account', 'contact', 'lead', 'incident']

/**
 * Makes one row of two: the target gets the update's content and the rows that referred to the subordinate, as far as
 * their relationships say so; the subordinate is deactivated and refers to the target.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/merge-rows-using-web-api
 */
export const merge: EmulatedMessage<Merge> = {
  name: 'Merge',
  parameters: {
    Target: { type: 'EntityReference' },
    Subordinate: { type: 'EntityReference' },
    UpdateContent: { type: 'Entity', optional: true },
    PerformParentingChecks: { type: 'Boolean', optional: true },
  },
  handle(call, { Target, Subordinate, UpdateContent = {} }) {
    const { schema } = call.environment
    const table = schema.table(Target.logicalName)
    if (!MERGEABLE.includes(table.logicalName)) throw dataverseError('SdkEntityDoesNotSupportMessage', {})
    if (Subordinate.logicalName !== table.logicalName || Subordinate.id === Target.id) {
      throw dataverseError('InvalidArgument', { reason: 'Two different rows of one table are merged.' })
    }
    findRow(call.view, table, Target.id)
    findRow(call.view, table, Subordinate.id)
    return {
      message: 'Merge',
      table: table.logicalName,
      id: Target.id,
      target: Target,
      inputParameters: { SubordinateId: Subordinate.id, UpdateContent },
      authorize: (access) => access.requirePrivilege('prvMerge'),
      async main(view) {
        const service = call.nested()
        const { [table.primaryKey]: _, ...content } = UpdateContent
        if (Object.keys(content).length > 0) await service.update(table.logicalName, Target.id, content)
        for (const relationship of schema.referrersOf(table.logicalName)) {
          if (relationship.behavior.merge !== 'all') continue
          for (const child of childrenOf(view, relationship, Subordinate)) {
            if (child.id === Target.id) continue
            await service.update(child.logicalName, child.id, { [relationship.column]: Target })
          }
        }
        const status =
          table.logicalName === 'incident' ? { statecode: 2, statuscode: 2000 } : { statecode: lastState(table) }
        await service.update(table.logicalName, Subordinate.id, status)
        patchRow(call, view, table, Subordinate.id, { masterid: reference(table.logicalName, Target.id), merged: true })
        return {}
      },
    }
  },
}

/** Inactive, or what the table has for it. */
function lastState({ states }: { readonly states: unknown }): number {
  return Math.max(...Object.values(states as Record<string, { value: number }>).map(({ value }) => value))
}
