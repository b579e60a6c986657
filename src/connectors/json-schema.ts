import type { Field, FieldMap } from './field.ts'
import type { Json } from './json.ts'

/** A JSON Schema (2020-12) as plain JSON. */
export type JsonSchema = { readonly [key: string]: Json }

/** The schema of an object with these fields and no others. */
export function toJsonSchema(fields: FieldMap): JsonSchema {
  const entries = Object.entries(fields)
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, toProperty(field)])),
    required: entries.filter(([, field]) => !field.optional).map(([name]) => name),
    additionalProperties: false,
  }
}

function toProperty(field: Field): JsonSchema {
  return { title: field.title, ...(field.help !== undefined && { description: field.help }), ...constraints(field) }
}

function constraints(field: Field): JsonSchema {
  switch (field.type) {
    case 'text':
      return { type: 'string', minLength: 1, ...(field.pattern !== undefined && { pattern: `^(?:${field.pattern})$` }) }
    case 'url':
      return { type: 'string', format: 'uri', pattern: '^https?://' }
    case 'secret':
      return { type: 'string', minLength: 1, format: 'password', writeOnly: true }
    case 'choice':
      return { type: 'string', enum: [...field.of] }
    case 'boolean':
      return { type: 'boolean' }
    case 'number':
      return {
        type: field.integer ? 'integer' : 'number',
        ...(field.minimum !== undefined && { minimum: field.minimum }),
        ...(field.maximum !== undefined && { maximum: field.maximum }),
      }
  }
}
