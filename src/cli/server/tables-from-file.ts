import { readFile } from 'node:fs/promises'
import {
  type ImportedTables,
  tablesFromCsdl,
  tablesFromCustomizations,
  tablesFromEntityDefinitions,
} from '../../entities/import/index.ts'
import { changeTable, standardTables, systemTables, type TableDefinition } from '../../entities/index.ts'
import { CommandFailure } from '../failure.ts'

/** The tables that a file describes, and what of it could not be had, each as a sentence. */
export interface FileTables {
  readonly tables: readonly TableDefinition[]
  readonly notes: readonly string[]
}

/**
 * The tables that a file describes, beside the standard ones. It may be a `$metadata` document, `EntityDefinitions` as
 * JSON, or a solution's `customizations.xml`. The first two take the place of the standard tables of their names; a solution
 * adds its columns to those. The platform's own, such as `systemuser`, stay as the emulator knows them.
 */
export async function readTables(file: string): Promise<FileTables> {
  const { adds, tables, skipped } = await parse(file, await readFile(file, 'utf8'))
  const system = new Set(systemTables.map(({ logicalName }) => logicalName))
  const merged = new Map(standardTables.map((table) => [table.logicalName, table]))
  const kept: string[] = []
  for (const table of tables) {
    const known = merged.get(table.logicalName)
    if (system.has(table.logicalName)) kept.push(table.logicalName)
    else merged.set(table.logicalName, adds && known ? withColumnsOf(known, table) : table)
  }
  // The emulator makes the tables of N:N links itself.
  for (const { manyToMany } of [...systemTables, ...merged.values()]) {
    for (const { intersect } of Object.values(manyToMany)) merged.delete(intersect)
  }
  const notes = kept.length === 0 ? [] : [`These tables stay as the emulator has them: ${kept.join(', ')}.`]
  return { tables: [...merged.values()], notes: [...notes, ...skipped] }
}

/** A table with the columns that only the other one has. */
function withColumnsOf(table: TableDefinition, other: TableDefinition): TableDefinition {
  const columns = Object.entries(other.columns).filter(([name]) => !Object.hasOwn(table.columns, name))
  return changeTable(table, { columns: Object.fromEntries(columns), keys: other.keys, manyToMany: other.manyToMany })
}

async function parse(file: string, text: string): Promise<ImportedTables & { readonly adds: boolean }> {
  try {
    if (!text.trimStart().startsWith('<')) return { ...tablesFromEntityDefinitions(JSON.parse(text)), adds: false }
    if (/<(\w+:)?Edmx\b/.test(text)) return { ...(await tablesFromCsdl(text)), adds: false }
    return { ...(await tablesFromCustomizations(text)), adds: true }
  } catch (error) {
    const reason = error instanceof SyntaxError ? `it is not JSON (${error.message}).` : (error as Error).message
    throw new CommandFailure(
      `${file}: ${reason} A file with tables is a $metadata document, a solution's customizations.xml, or the answer to EntityDefinitions?$expand=Attributes,Keys,ManyToOneRelationships,ManyToManyRelationships.`,
    )
  }
}
