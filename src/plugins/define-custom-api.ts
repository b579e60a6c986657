import { deepFreeze } from '../internal/freeze.ts'
import type { EntityReference, OrganizationService, Row, TypedTable } from '../service/index.ts'
import type { ExecutionContext } from './execution-context.ts'

/** What a parameter or a response property holds, and the type that code sees. */
interface ValuesByType {
  Boolean: boolean
  DateTime: Date
  Decimal: number
  Entity: Row
  EntityCollection: readonly Row[]
  EntityReference: EntityReference
  Float: number
  Integer: number
  Money: number
  Picklist: number
  String: string
  StringArray: readonly string[]
  Guid: string
}
export type ParameterType = keyof ValuesByType

/** The types of parameters and response properties. */
export const parameterTypes: readonly ParameterType[] = Object.freeze([
  'Boolean',
  'DateTime',
  'Decimal',
  'Entity',
  'EntityCollection',
  'EntityReference',
  'Float',
  'Integer',
  'Money',
  'Picklist',
  'String',
  'StringArray',
  'Guid',
])

/** A request parameter. */
export interface Parameter {
  readonly type: ParameterType
  readonly description?: string
  /** Default: required. */
  readonly optional?: boolean
  /** The table of an `Entity`, `EntityCollection` or `EntityReference`; left out: any. */
  readonly table?: TypedTable
}
export type Parameters = Readonly<Record<string, Parameter>>

/** A response property. */
export type ResponseProperty = Omit<Parameter, 'optional'>
export type ResponseProperties = Readonly<Record<string, ResponseProperty>>

/** The values that a caller gives for declared parameters. */
export type ParameterValues<P extends Parameters> = {
  readonly [K in keyof P as P[K] extends { readonly optional: true } ? never : K]: ValuesByType[P[K]['type']]
} & {
  readonly [K in keyof P as P[K] extends { readonly optional: true } ? K : never]?:
    | ValuesByType[P[K]['type']]
    | undefined
}
/** The values that an answer has for declared properties. */
export type ResponseValues<R extends ResponseProperties> = { readonly [K in keyof R]: ValuesByType[R[K]['type']] }

/** What the code of a custom API receives. */
export interface CustomApiContext<P extends Parameters = Parameters, Bound extends boolean = boolean>
  extends ExecutionContext {
  readonly parameters: ParameterValues<P>
  /** The row that the API is bound to. */
  readonly target: Bound extends true ? EntityReference : undefined
  /** Dataverse as the caller, inside the operation's transaction. */
  readonly service: OrganizationService
  now(): Date
  trace(text: string): void
}

export interface CustomApiOptions<
  P extends Parameters,
  R extends ResponseProperties,
  B extends TypedTable | undefined,
> {
  /** The message's name: a publisher's prefix, an underscore, the name, such as `new_CloseProject`. */
  readonly uniqueName: string
  readonly displayName?: string
  readonly description?: string
  /** An action may change rows and is called by POST; a function only reads and is called by GET. */
  readonly kind: 'action' | 'function'
  /** The table of the row that it is called on; left out: it is called on no row. */
  readonly table?: B
  readonly parameters?: P
  readonly response?: R
  /** The privilege that a caller needs, such as `prvWriteAccount`; left out: none. */
  readonly privilege?: string
  /** The numbered rules that it carries out, for a rule book. */
  readonly rules?: readonly string[]
  run(context: CustomApiContext<P, B extends TypedTable ? true : false>): ResponseValues<R> | Promise<ResponseValues<R>>
}

/** A custom API as data: what it is called, what it takes and answers, and what it does. */
export interface CustomApi<P extends Parameters = Parameters, R extends ResponseProperties = ResponseProperties> {
  readonly kind: 'customApi'
  readonly uniqueName: string
  readonly displayName: string
  readonly description: string | undefined
  readonly isFunction: boolean
  /** The logical name of the table that it is bound to; `null`: unbound. */
  readonly table: string | null
  readonly parameters: P
  readonly response: R
  readonly privilege: string | undefined
  readonly rules: readonly string[]
  // Bivariance on purpose: the declaration has narrowed it.
  // biome-ignore lint/suspicious/noExplicitAny: see above
  run(context: any): Readonly<Record<string, unknown>> | Promise<Readonly<Record<string, unknown>>>
}

const NAME = /^[A-Za-z][A-Za-z0-9]*_[A-Za-z][A-Za-z0-9_]*$/

/**
 * Describes a custom API: a message of your own, with the code that is its main operation. It runs as the caller, in one
 * transaction; steps may listen to it by its unique name.
 *
 * Throws a `TypeError` that names the API and the fix when the platform would not take the declaration.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/custom-api
 * @example
 * export const closeProject = defineCustomApi({
 *   uniqueName: 'new_CloseProject',
 *   kind: 'action',
 *   table: Project,
 *   parameters: { Reason: { type: 'String', optional: true } },
 *   response: { OpenTasks: { type: 'Integer' } },
 *   async run({ target, parameters, service }) {
 *     await service.update(Project, target.id, { statecode: 1 })
 *     return { OpenTasks: 0 }
 *   },
 * })
 */
export function defineCustomApi<
  const P extends Parameters = Record<never, never>,
  const R extends ResponseProperties = Record<never, never>,
  const B extends TypedTable | undefined = undefined,
>(options: CustomApiOptions<P, R, B>): CustomApi<P, R> {
  const { uniqueName, kind } = options
  const parameters = options.parameters ?? ({} as P)
  const response = options.response ?? ({} as R)
  const refuse = (what: string): never => {
    throw new TypeError(`defineCustomApi('${uniqueName}'): ${what}`)
  }
  if (!NAME.test(uniqueName)) {
    refuse("uniqueName is a publisher's prefix, an underscore and a name, such as new_CloseProject.")
  }
  if (kind !== 'action' && kind !== 'function') refuse(`kind is '${String(kind)}', but must be action or function.`)
  if (kind === 'function' && Object.keys(response).length === 0) refuse('a function answers something: add a response.')
  if (typeof options.run !== 'function') refuse('`run` is not a function.')
  for (const [what, properties] of [
    ['parameter', parameters],
    ['response property', response],
  ] as const) {
    for (const [name, { type }] of Object.entries(properties)) {
      if (name === 'Target') refuse(`a ${what} cannot be called Target: that is the row of a bound API.`)
      if (!parameterTypes.includes(type)) refuse(`${what} '${name}' has the type '${type}', which there is not.`)
    }
  }
  return deepFreeze({
    kind: 'customApi',
    uniqueName,
    displayName: options.displayName ?? uniqueName,
    description: options.description,
    isFunction: kind === 'function',
    table: options.table?.logicalName ?? null,
    parameters,
    response,
    privilege: options.privilege,
    rules: [...(options.rules ?? [])],
    run: options.run,
  })
}

/**
 * Calls a custom API with typed parameters and a typed answer; the same as `service.execute` with its name.
 *
 * @param target the id of the row that the API is bound to; left out for an unbound one
 * @example const { OpenTasks } = await callCustomApi(service, closeProject, { Reason: 'done' }, projectId)
 */
export async function callCustomApi<P extends Parameters, R extends ResponseProperties>(
  service: OrganizationService,
  api: CustomApi<P, R>,
  parameters: ParameterValues<P>,
  target?: string,
): Promise<ResponseValues<R>> {
  const bound = api.table === null || target === undefined ? {} : { Target: { logicalName: api.table, id: target } }
  return (await service.execute(api.uniqueName, { ...parameters, ...bound })) as ResponseValues<R>
}
