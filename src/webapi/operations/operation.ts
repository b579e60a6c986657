import type { ParameterType as CustomApiType } from '../../plugins/index.ts'

/** What a parameter or result of an operation holds: the types of custom APIs, and what the platform's own need beside. */
export type ValueType =
  | CustomApiType
  | 'EntityReferenceCollection'
  | 'Enum'
  | 'Dictionary'
  | 'Complex'
  | 'ComplexCollection'
  | 'QueryCollection'
  | 'Any'

/** A parameter or a result of an operation. */
export interface OperationValue {
  readonly type: ValueType
  /** The logical names of the tables that an entity may belong to; left out: any that the value names. */
  readonly tables?: readonly string[]
  readonly optional?: boolean
  /** Of a complex value: its parts. Parts that are not named here are handed on as they are. */
  readonly parts?: Readonly<Record<string, OperationValue>>
  /** Of an entity that is answered: the parameter that says of which table it is. */
  readonly tableFrom?: string
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
  readonly bound?: { readonly to: 'record' | 'collection'; readonly tables?: readonly string[] } | undefined
  readonly parameters: Readonly<Record<string, OperationValue>>
  /** Left out: nothing, a 204. */
  readonly result?: Readonly<Record<string, OperationValue>> | undefined
  /** The name under which the message takes the row that it is called on. Default `Target`. */
  readonly boundAs?: string
}
export type Operations = ReadonlyMap<string, Operation>
