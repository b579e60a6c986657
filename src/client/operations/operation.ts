/** What a parameter or a result holds, where the wire spells it in a way of its own. */
export interface OperationValue {
  readonly type: string
  /** The table of an `Entity` or `EntityCollection`; `{ of }`: that of the row in another parameter. */
  readonly table?: string | { readonly of: string }
  /** How the type of an `Enum` is called. */
  readonly edmType?: string
}

/** A function or an action as data: how it is called, and which of its values need care on the wire. */
export interface Operation {
  readonly name: string
  readonly kind: 'function' | 'action'
  readonly bound?: {
    readonly to: 'record' | 'collection'
    /** The parameter with the row that it is called on, or with its id; of a collection the one that names the table. */
    readonly as: string
    /** The table, where the parameter is only an id. */
    readonly table?: string
  }
  readonly parameters?: Readonly<Record<string, OperationValue>>
  readonly result?: Readonly<Record<string, OperationValue>>
}

/**
 * What the client needs to know of a custom API: what `defineCustomApi` returns has it, and so has a row of the
 * environment's `customapi` table once it is written down like this.
 */
export interface CustomApiDeclaration {
  readonly uniqueName: string
  readonly isFunction: boolean
  /** The logical name of the table that it is bound to; `null`: unbound. */
  readonly table: string | null
  readonly parameters: Readonly<Record<string, CustomApiValue>>
  readonly response: Readonly<Record<string, CustomApiValue>>
}

interface CustomApiValue {
  readonly type: string
  readonly table?: { readonly logicalName: string }
}

export function fromCustomApi({
  uniqueName,
  isFunction,
  table,
  parameters,
  response,
}: CustomApiDeclaration): Operation {
  return {
    name: uniqueName,
    kind: isFunction ? 'function' : 'action',
    ...(table === null ? {} : { bound: { to: 'record', as: 'Target', table } as const }),
    parameters: valuesOf(parameters),
    result: valuesOf(response),
  }
}

function valuesOf(declared: Readonly<Record<string, CustomApiValue>>): Record<string, OperationValue> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type, table }]) => [
      name,
      { type, ...(table === undefined ? {} : { table: table.logicalName }) },
    ]),
  )
}
