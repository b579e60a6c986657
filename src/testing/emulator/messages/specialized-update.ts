import type { TableDefinition } from '../../../entities/index.ts'
import { type Row, reference } from '../../../service/index.ts'
import type { Call } from '../call.ts'

/** On tables that business units own, the columns that say where a row belongs. */
const BELONGING: Readonly<Record<string, readonly string[]>> = {
  systemuser: ['businessunitid', 'parentsystemuserid'],
  team: ['businessunitid'],
  businessunit: ['parentbusinessunitid'],
}

/**
 * The parts in which an Update is done: one that brings state or status reason, or where a user, a team or a business
 * unit belongs, together with other columns is done twice, first for the others.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/special-update-operation-behavior
 */
export function splitSpecialized(table: TableDefinition, target: Row): readonly Row[] {
  const special = [...(table.states ? ['statecode', 'statuscode'] : []), ...(BELONGING[table.logicalName] ?? [])]
  const names = Object.keys(target).filter((name) => name !== table.primaryKey && target[name] !== undefined)
  const ordinary = names.filter((name) => !special.includes(name))
  if (ordinary.length === 0 || ordinary.length === names.length) return [target]
  const part = (columns: readonly string[]): Row => Object.fromEntries(columns.map((name) => [name, target[name]]))
  return [part(ordinary), part(names.filter((name) => special.includes(name)))]
}

/** Whether an Update brings owner, state or status reason: what had messages of their own. */
export function isSpecialized({ ownerid, statecode, statuscode }: Row): boolean {
  return ownerid !== undefined || statecode !== undefined || statuscode !== undefined
}

/**
 * Raises the messages that an Update of owner or state stands for, for the sake of the steps that still listen to them:
 * `write` is their main operation.
 */
export async function raiseSpecialized(
  call: Call,
  table: TableDefinition,
  id: string,
  target: Row,
  write: () => object | Promise<object>,
): Promise<object> {
  const { steps } = call.environment
  const raise = (
    message: 'Assign' | 'SetState',
    inputParameters: Record<string, unknown>,
    main: () => object | Promise<object>,
  ) =>
    call.inside().perform({
      message,
      table: table.logicalName,
      id,
      target: Object.freeze(reference(table.logicalName, id)),
      inputParameters,
      main,
    })
  let run = write
  if ((target.statecode !== undefined || target.statuscode !== undefined) && steps.has('SetState', table.logicalName)) {
    const inner = run
    run = () => raise('SetState', { State: target.statecode ?? null, Status: target.statuscode ?? -1 }, inner)
  }
  if (target.ownerid !== undefined && steps.has('Assign', table.logicalName)) {
    const inner = run
    run = () => raise('Assign', { Assignee: target.ownerid }, inner)
  }
  return run()
}
