import type { QueryExpression, QueryResult } from './query-expression.ts'
import type { ColumnOf, CreateOf, EntityReference, Row, RowKey, RowOf, Selected, TableRef, UpdateOf } from './values.ts'

/**
 * Everything that can be asked of a Dataverse environment. The emulator, the Web API client and the `service` that a
 * step receives are all this one contract, and all pass `organizationServiceSuite`.
 *
 * Tables are given as definitions (`defineTable`), which type the rows, or as bare logical names. Every method rejects
 * with a {@link DataverseError} that carries the platform's code, HTTP status and message; a rejected call has changed
 * nothing.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/org-service/iorganizationservice-interface
 */
export interface OrganizationService {
  /**
   * Creates a row and returns its id. An id of your own goes into the primary key column.
   *
   * @example const id = await service.create(Account, { name: 'Fabrikam' })
   */
  create<T extends TableRef>(table: T, row: CreateOf<T>, options?: RequestOptions): Promise<string>

  /**
   * Reads one row: exactly the columns asked for, or all; `null` where a column has no value.
   *
   * @example const { name } = await service.retrieve(Account, id, ['name'])
   */
  retrieve<T extends TableRef, const C extends ColumnOf<T>>(
    table: T,
    key: RowKey,
    columns: readonly C[],
    options?: RequestOptions,
  ): Promise<Selected<T, C>>
  retrieve<T extends TableRef>(table: T, key: RowKey, columns?: undefined, options?: RequestOptions): Promise<RowOf<T>>

  /** Changes the columns given and leaves the others. */
  update<T extends TableRef>(table: T, key: RowKey, changes: UpdateOf<T>, options?: VersionedOptions): Promise<void>

  /** Updates the row if it exists, creates it otherwise. An alternate key's values become columns of the new row. */
  upsert<T extends TableRef>(
    table: T,
    key: RowKey,
    row: UpdateOf<T>,
    options?: RequestOptions,
  ): Promise<{ readonly id: string; readonly created: boolean }>

  delete(table: TableRef, key: RowKey, options?: VersionedOptions): Promise<void>

  /** Reads the rows that a query selects. */
  retrieveMultiple<R extends object = Row>(query: QueryExpression<R>, options?: RequestOptions): Promise<QueryResult<R>>

  /** Links rows through a relationship: sets the lookup of a 1:N, adds the intersect row of an N:N. */
  associate(
    table: TableRef,
    id: string,
    relationship: string,
    related: readonly EntityReference[],
    options?: RequestOptions,
  ): Promise<void>

  disassociate(
    table: TableRef,
    id: string,
    relationship: string,
    related: readonly EntityReference[],
    options?: RequestOptions,
  ): Promise<void>

  /** Runs any other message: a function, an action, a custom API. */
  execute<M extends keyof MessageTypes>(
    message: M,
    parameters: MessageTypes[M]['request'],
    options?: RequestOptions,
  ): Promise<MessageTypes[M]['response']>
  execute(
    message: string,
    parameters?: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ): Promise<Readonly<Record<string, unknown>>>
}

/** Optional parameters of a request. */
export interface RequestOptions {
  /**
   * Reaches every step as the shared variable `tag`.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/optional-parameters
   */
  readonly tag?: string
  /**
   * Skip custom steps of these modes.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/bypass-custom-business-logic
   */
  readonly bypassBusinessLogic?: readonly ('CustomSync' | 'CustomAsync')[]
  /**
   * `false` turns duplicate detection on for a Create or an Update. Default `true`.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/detect-duplicate-data-for-developers
   */
  readonly suppressDuplicateDetection?: boolean
}

export interface VersionedOptions extends RequestOptions {
  /**
   * Go ahead only while the row still has this `versionnumber`; otherwise ConcurrencyVersionMismatch (412).
   * Over HTTP this is `If-Match`.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/optimistic-concurrency
   */
  readonly rowVersion?: number
}

/** The messages whose parameters and answers are typed. Declare more by merging into this interface. */
export interface MessageTypes {
  WhoAmI: {
    request: Readonly<Record<string, never>> | undefined
    response: { readonly BusinessUnitId: string; readonly UserId: string; readonly OrganizationId: string }
  }
  /**
   * Runs several writes in one transaction: all take effect or none.
   * @see https://learn.microsoft.com/power-apps/developer/data-platform/org-service/use-executetransaction
   */
  ExecuteTransaction: {
    request: { readonly Requests: readonly WriteRequest[] }
    response: { readonly Responses: readonly { readonly id?: string }[] }
  }
  /**
   * Runs `body` in one transaction: what it asks of the service that it receives takes effect together, or, when it
   * rejects, not at all. Known to services in this process only: code cannot be sent over a wire.
   */
  RunInTransaction: {
    request: { readonly body: (service: OrganizationService) => Promise<unknown> }
    response: { readonly result: unknown }
  }
}

/** One write of an `ExecuteTransaction`. */
export type WriteRequest =
  | { readonly message: 'Create'; readonly table: TableRef; readonly row: Row }
  | {
      readonly message: 'Update'
      readonly table: TableRef
      readonly key: RowKey
      readonly changes: Row
      readonly rowVersion?: number
    }
  | { readonly message: 'Delete'; readonly table: TableRef; readonly key: RowKey; readonly rowVersion?: number }
