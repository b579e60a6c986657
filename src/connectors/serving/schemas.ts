import type { ModelTable } from './read-model.ts'

/** A schema, or a part of an OpenAPI document. */
export type Schema = Readonly<Record<string, unknown>>

export const reference = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

/** The models of a table as schemas of an OpenAPI 3.1 document. What is not known is left out or `null`. */
export function schemasOf(models: ModelTable): Readonly<Record<string, Schema>> {
  function propertyOf(type: string): Schema {
    if (type === 'unknown') return {}
    if (type === 'date') return { type: ['string', 'null'], format: 'date-time' }
    if (type === 'id') return { type: ['string', 'number', 'null'] }
    if (type.endsWith('[]')) return { type: ['array', 'null'], items: propertyOf(type.slice(0, -2)) }
    if (Object.hasOwn(models, type)) return { anyOf: [reference(type), { type: 'null' }] }
    return { type: [type, 'null'] }
  }
  return Object.fromEntries(
    Object.entries(models).map(([name, properties]) => [
      name,
      {
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(properties).map(([property, type]) => [property, propertyOf(type)]),
        ),
      },
    ]),
  )
}
