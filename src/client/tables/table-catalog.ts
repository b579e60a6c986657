import type { TableDefinition } from '../../entities/index.ts'
// Straight from its file: the whole of `entities` would make importing the client slow.
import { systemTables } from '../../entities/system-tables.ts'
import { DataverseError, dataverseError, logicalNameOf, type TableRef } from '../../service/index.ts'
import { type ApiAnswer, type ApiRequest, textOf } from '../http/api.ts'
import { fromDefinition, intersectsOf } from './from-definitions.ts'
import { fromMetadata, metadataRequest, type TableMetadata } from './from-environment.ts'
import type { TableInfo } from './table-info.ts'

/** Knows tables: by definition, or by having asked once. */
export interface TableCatalog {
  /** Rejects with QueryBuilderNoEntity where the environment has no such table. */
  get(table: TableRef): Promise<TableInfo>
}

/**
 * @param definitions taken at their word; left out: the environment is asked about every table, once
 * @param send asks the environment, as the client itself and never as somebody else
 */
export function createTableCatalog(
  definitions: readonly TableDefinition[] | undefined,
  send: (request: ApiRequest) => Promise<ApiAnswer>,
): TableCatalog {
  const known = new Map<string, Promise<TableInfo>>()
  if (definitions) {
    const given = new Set(definitions.map(({ logicalName }) => logicalName))
    const all = [...systemTables.filter(({ logicalName }) => !given.has(logicalName)), ...definitions]
    for (const table of all) {
      for (const info of [...intersectsOf(table), fromDefinition(table, all)]) {
        known.set(info.logicalName, Promise.resolve(info))
      }
    }
  }

  return {
    get(table) {
      const name = logicalNameOf(table)
      const found = known.get(name)
      if (found) return found
      const asked = askFor(name, send)
      known.set(name, asked)
      // A failure is not remembered: the next call asks again.
      asked.catch(() => known.delete(name))
      return asked
    },
  }
}

async function askFor(table: string, send: (request: ApiRequest) => Promise<ApiAnswer>): Promise<TableInfo> {
  try {
    return fromMetadata(JSON.parse(textOf(await send(metadataRequest(table)))) as TableMetadata)
  } catch (error) {
    if (DataverseError.isInstance(error) && error.status === 404)
      throw dataverseError('QueryBuilderNoEntity', { table })
    throw error
  }
}
