import type { Row } from '../../service/index.ts'
import type { Translator } from './schema-map.ts'

type Values = Readonly<Record<string, unknown>>

interface Changes {
  readonly Changes: readonly { readonly NewOrUpdatedEntity?: Row; readonly RemovedItem?: { readonly id: string } }[]
}

/** What RetrieveEntityChanges is asked, in their words: its table, and the columns of it. */
export function mapChangesRequest({ toTheirs }: Translator, { EntityName, Columns, ...given }: Values): Values {
  const table = EntityName as string
  return {
    ...given,
    EntityName: toTheirs.table(table),
    ...(Columns === undefined
      ? {}
      : { Columns: (Columns as readonly string[]).map((column) => toTheirs.column(table, column)) }),
  }
}

/**
 * What RetrieveEntityChanges answers, in our words. The token is the environment's, and handed on as it is.
 *
 * @param table in our words
 */
export function mapChanges({ toOurs }: Translator, table: string, answer: Values): Values {
  const { EntityChanges, ...rest } = answer
  const { Changes, ...about } = EntityChanges as Changes
  const mapped = Changes.map(({ NewOrUpdatedEntity, RemovedItem, ...change }) => ({
    ...change,
    ...(NewOrUpdatedEntity ? { NewOrUpdatedEntity: toOurs.row(table, NewOrUpdatedEntity) } : {}),
    ...(RemovedItem ? { RemovedItem: { ...RemovedItem, logicalName: table } } : {}),
  }))
  return { ...rest, EntityChanges: { ...about, Changes: mapped } }
}
