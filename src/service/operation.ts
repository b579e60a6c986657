/**
 * What a parameter or result of an operation holds: the types of custom APIs, and what the platform's own need beside.
 * `RowId` is the id of a row, and over the wire that row.
 */
export type OperationValueType =
  | 'Boolean'
  | 'Bytes'
  | 'DateTime'
  | 'Decimal'
  | 'Entity'
  | 'EntityCollection'
  | 'EntityReference'
  | 'EntityReferenceCollection'
  | 'Enum'
  | 'Dictionary'
  | 'Complex'
  | 'ComplexCollection'
  | 'Float'
  | 'Guid'
  | 'Integer'
  | 'Money'
  | 'Picklist'
  | 'QueryCollection'
  | 'RowId'
  | 'String'
  | 'StringArray'
  | 'Any'

/** A parameter or a result of an operation. */
export interface OperationValue {
  readonly type: OperationValueType
  /** The logical names of the tables that a row may belong to; left out: any that the value names. */
  readonly tables?: readonly string[]
  readonly optional?: boolean
  /** Of a complex value: its parts. Parts that are not named here are handed on as they are. */
  readonly parts?: Readonly<Record<string, OperationValue>>
  /**
   * Of rows that do not say it themselves: the parameter that tells their table, by its name or by one of its rows. One that
   * is not among the parameters is not sent: over the wire the row says its table.
   */
  readonly tableFrom?: string
  /** The name of a result over the wire, where it is another. */
  readonly onWire?: string
  /** Whether an entity that is answered is the beginning of a new one, to be sent back by POST. */
  readonly template?: boolean
  /** How `$metadata` calls the type of a complex value or an enum. */
  readonly edmType?: string
}

/** A function or an action as data: its name, what it is called on, what it takes and answers. */
export interface Operation {
  readonly name: string
  readonly kind: 'function' | 'action'
  /** What it is called on; left out: on nothing. */
  readonly bound?: OperationBinding | undefined
  readonly parameters: Readonly<Record<string, OperationValue>>
  /** Left out: nothing, a 204. */
  readonly result?: Readonly<Record<string, OperationValue>> | undefined
}

export interface OperationBinding {
  readonly to: 'record' | 'collection'
  /** Left out: any table. */
  readonly tables?: readonly string[]
  /** The parameter of the message with the row, or only with its id where it is called so; of a collection the table's name. */
  readonly as: string
}

/** Whether the message takes only the id of the row that it is called on. */
export function isBoundById({ as }: OperationBinding): boolean {
  return as.endsWith('Id')
}

/**
 * What has to be known of a custom API to call it: what `defineCustomApi` returns has it, and so has a row of the
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
  readonly type: OperationValueType
  readonly optional?: boolean
  readonly table?: { readonly logicalName: string }
}

/** A custom API is called like the platform's own operations: a function by GET, an action by POST. */
export function customApiOperation({
  uniqueName,
  isFunction,
  table,
  parameters,
  response,
}: CustomApiDeclaration): Operation {
  return {
    name: uniqueName,
    kind: isFunction ? 'function' : 'action',
    bound: table === null ? undefined : { to: 'record', tables: [table], as: 'Target' },
    parameters: valuesOf(parameters),
    result: Object.keys(response).length === 0 ? undefined : valuesOf(response),
  }
}

function valuesOf(declared: Readonly<Record<string, CustomApiValue>>): Record<string, OperationValue> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { type, optional, table }]) => [
      name,
      {
        type,
        ...(optional === undefined ? {} : { optional }),
        ...(table === undefined ? {} : { tables: [table.logicalName] }),
      },
    ]),
  )
}
