/**
 * The schema name of a table or column. A declaration has only the logical name, which is the schema name in lower case:
 * names of solutions are kept as they are, those of the platform begin with a capital.
 */
export function schemaNameOf(logicalName: string): string {
  return logicalName.includes('_') ? logicalName : logicalName.charAt(0).toUpperCase() + logicalName.slice(1)
}
