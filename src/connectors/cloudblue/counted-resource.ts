import { ProviderError } from '../provider-error.ts'
import type { CloudBlueContext } from './settings.ts'
import type { ResourceType } from './wire.ts'

/**
 * The resource type whose limit is the quantity: the one that the setting names, and without it the only leaf of the tree,
 * or the only one that anything was bought of. `undefined` when there is none, or a choice.
 */
export function countedResource(
  { settings: { quantityResources = '' } }: Pick<CloudBlueContext, 'settings'>,
  types: readonly ResourceType[],
): ResourceType | undefined {
  const named = quantityResources.split(',').map((id) => Number(id.trim()))
  const leaves = types.filter(({ id }) => !types.some(({ parentId }) => parentId === id))
  const choices = [types.filter(({ id }) => named.includes(id)), leaves, leaves.filter(({ limit }) => limit !== 0)]
  return choices.find(({ length }) => length === 1)?.[0]
}

/** The same. @throws ProviderError `invalid` that lists the resource types and names the setting */
export function countedResourceOf(
  context: Pick<CloudBlueContext, 'settings'>,
  what: string,
  types: readonly ResourceType[],
): ResourceType {
  const counted = countedResource(context, types)
  if (counted) return counted
  const listed = types.map(({ id, name }) => `${name} (${id})`).join(', ') || 'none'
  const message = `Which resource type is the quantity of ${what}? It has ${listed}: name one in the setting Quantity Resources.`
  throw new ProviderError('invalid', message, { field: 'quantityResources' })
}
