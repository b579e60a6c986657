import { componentType } from '../../entities/solution-component.ts'
import { dataverseError, type EntityReference, reference } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { solutionNamed } from '../request-options.ts'
import type { Segment } from '../url/segments.ts'

/** What the parts of the schema are in a solution, by the collection that they stand in. */
const types: Readonly<Record<string, number>> = {
  EntityDefinitions: componentType.Entity,
  Attributes: componentType.Attribute,
  Keys: componentType['Entity Key'],
  RelationshipDefinitions: componentType['Entity Relationship'],
  GlobalOptionSetDefinitions: componentType['Option Set'],
}

/** The solution that a request wants its component in; refuses a name that no solution has. */
export async function solutionOf({ request, service }: Exchange): Promise<EntityReference | undefined> {
  const name = solutionNamed(request)
  if (name === undefined) return undefined
  const { rows } = await service.retrieveMultiple({
    table: 'solution',
    columns: ['solutionid'],
    filter: { kind: 'compare', column: 'uniquename', operator: 'eq', values: [name] },
    top: 1,
  })
  const id = rows[0]?.solutionid
  if (typeof id === 'string') return reference('solution', id)
  throw dataverseError('InvalidArgument', { reason: `There is no solution with the unique name '${name}'.` })
}

/**
 * Makes a part of the schema a component of a solution, unless it is one already.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/webapi/create-update-entity-definitions-using-web-api
 */
export async function addToSolution(
  { service }: Exchange,
  solutionid: EntityReference,
  segments: readonly Segment[],
  objectid: string,
): Promise<void> {
  const { name } = segments.findLast((segment) => Object.hasOwn(types, segment.name))!
  const { rows } = await service.retrieveMultiple({
    table: 'solutioncomponent',
    columns: ['solutioncomponentid'],
    filter: {
      kind: 'and',
      conditions: [
        { kind: 'compare', column: 'objectid', operator: 'eq', values: [objectid] },
        { kind: 'compare', column: 'solutionid', operator: 'eq', values: [solutionid.id] },
      ],
    },
    top: 1,
  })
  if (rows.length > 0) return
  await service.create<string>('solutioncomponent', {
    objectid,
    componenttype: types[name]!,
    solutionid,
    ismetadata: true,
  })
}
