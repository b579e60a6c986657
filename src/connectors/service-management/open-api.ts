import type { Connector } from '../connector.ts'
import { reference, type Schema, schemasOf } from '../serving/schemas.ts'
import { type Endpoint, endpoints, isOffered } from './endpoints.ts'
import { models } from './models.ts'
import { headers } from './wire.ts'

/** The endpoints of a served connector as an OpenAPI 3.1 document, made from the tables of endpoints and models. */
export function openApi({ title, version, changes }: Connector): Schema {
  const offered = (Object.entries(endpoints) as [string, Endpoint][]).filter(([, one]) => isOffered(one, changes))
  return {
    openapi: '3.1.0',
    info: { title: `${title}, served as a service manager`, version },
    security: [{ applicationId: [], apiKey: [] }],
    paths: Object.fromEntries(
      offered.map(([name, endpoint]) => [
        `/${endpoint.path}`,
        { [endpoint.method.toLowerCase()]: operation(name, endpoint) },
      ]),
    ),
    components: {
      securitySchemes: {
        applicationId: { type: 'apiKey', in: 'header', name: headers.applicationId },
        apiKey: { type: 'apiKey', in: 'header', name: headers.apiKey },
      },
      schemas: schemasOf(models),
    },
  }
}

function operation(operationId: string, { takes, gives, canCheck }: Endpoint): Schema {
  const json = (schema: Schema) => ({ 'application/json': { schema } })
  return {
    operationId,
    parameters: canCheck ? [{ name: 'checkonly', in: 'query', schema: { type: 'boolean', default: false } }] : [],
    ...(takes && { requestBody: { required: true, content: json(reference(takes)) } }),
    responses: {
      200: { description: 'The answer; a `Code` other than 0 is a failure', content: json(schemaOf(gives)) },
      default: { description: 'A failure', content: json(reference('ResultDefinition')) },
    },
  }
}

function schemaOf(gives: Endpoint['gives']): Schema {
  if (gives === 'string[]') return { type: 'array', items: { type: 'string' } }
  if (gives === 'texts') return { type: 'object', additionalProperties: { type: 'string' } }
  return reference(gives)
}
