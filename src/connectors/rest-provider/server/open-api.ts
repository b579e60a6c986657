import { reference, type Schema, schemasOf } from '../../serving/schemas.ts'
import { models } from '../models.ts'
import { type Content, type Route, routes } from '../routes.ts'
import { API_KEY_HEADER, IDEMPOTENCY_HEADER, LONGEST_ID } from '../wire.ts'

/** The API as an OpenAPI 3.1 document, made from the tables of routes and models. */
export function openApi({ title, version }: { readonly title: string; readonly version: string }): Schema {
  const paths: Record<string, Record<string, Schema>> = {}
  for (const [name, route] of Object.entries(routes) as [string, Route][]) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) }
  }
  return {
    openapi: '3.1.0',
    info: { title, version },
    security: [{ apiKey: [] }],
    paths,
    components: {
      securitySchemes: { apiKey: { type: 'apiKey', in: 'header', name: API_KEY_HEADER } },
      schemas: { ...schemasOf(models), Problem: problem },
    },
  }
}

function operation(operationId: string, { method, path, takes, gives }: Route): Schema {
  const json = (schema: Schema) => ({ 'application/json': { schema } })
  return {
    operationId,
    parameters: [
      ...[...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
        name,
        in: 'path',
        required: true,
        schema: { type: 'string', ...(/id$/i.test(name!) && { maxLength: LONGEST_ID }) },
      })),
      ...(method === 'POST' ? [{ name: IDEMPOTENCY_HEADER, in: 'header', schema: { type: 'string' } }] : []),
    ],
    ...(takes && { requestBody: { required: true, content: json(schemaOf(takes)) } }),
    responses: {
      ...(gives
        ? { 200: { description: 'The answer', content: json(schemaOf(gives)) } }
        : { 204: { description: 'Done' } }),
      400: { description: 'What cannot be, in a sentence', content: { 'text/plain': { schema: { type: 'string' } } } },
      403: { description: 'The key is missing or wrong', content: { 'text/plain': { schema: { type: 'string' } } } },
      default: {
        description: 'A failure',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

function schemaOf(content: Content): Schema {
  if (content === 'boolean') return { type: 'boolean' }
  if (content.endsWith('[]')) return { type: 'array', items: reference(content.slice(0, -2)) }
  if (content.endsWith(' | null')) return { anyOf: [reference(content.slice(0, -7)), { type: 'null' }] }
  return reference(content)
}

const problem: Schema = {
  type: 'object',
  description: 'RFC 7807',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    traceId: { type: 'string' },
  },
}
