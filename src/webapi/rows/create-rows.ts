import type { OrganizationService, RequestOptions, Row } from '../../service/index.ts'
import { reference } from '../../service/index.ts'
import type { Exchange } from '../exchange.ts'
import { inTransaction } from '../transaction.ts'
import type { RowsAddress } from '../url/resource.ts'
import type { DecodedRow } from './decode-row.ts'
import { idOf } from './locate.ts'

/** Creates a row and all that is within it, in one transaction, and answers its id. */
export async function createRows({ service, requestOptions }: Exchange, decoded: DecodedRow): Promise<string> {
  const { type, row, parents, children, links } = decoded
  if (parents.length + children.length + links.length === 0) {
    return service.create<string>(type.table.logicalName, row, requestOptions)
  }
  return inTransaction(service, 'Creating a row within another', (inner) => create(inner, decoded, requestOptions))
}

/** Creates a row that is linked with one that is there already, and answers its id. */
export async function createWithin(
  exchange: Exchange,
  decoded: DecodedRow,
  { row, collection }: NonNullable<RowsAddress['of']>,
): Promise<string> {
  const { logicalName } = row.type.table
  const parent = await idOf(row, exchange)
  if (collection.kind === 'oneToMany') {
    return createRows(exchange, {
      ...decoded,
      row: { ...decoded.row, [collection.column]: reference(logicalName, parent) },
    })
  }
  return inTransaction(exchange.service, 'Creating a linked row', async (inner) => {
    const id = await create(inner, decoded, exchange.requestOptions)
    const related = [reference(collection.target, id)]
    await inner.associate(logicalName, parent, collection.relationship, related, exchange.requestOptions)
    return id
  })
}

/** Parents come first, because the row refers to them, and children last, because they refer to it. */
async function create(
  service: OrganizationService,
  { type, row, parents, children, links }: DecodedRow,
  options: RequestOptions,
): Promise<string> {
  const { logicalName } = type.table
  const complete: Row = { ...row }
  for (const parent of parents) {
    const id = await create(service, parent.row, options)
    complete[parent.column] = reference(parent.row.type.table.logicalName, id)
  }
  const id = await service.create<string>(logicalName, complete, options)
  for (const { collection, rows } of children) {
    for (const child of rows) {
      if (collection.kind === 'oneToMany') {
        await create(
          service,
          { ...child, row: { ...child.row, [collection.column]: reference(logicalName, id) } },
          options,
        )
      } else {
        const related = reference(collection.target, await create(service, child, options))
        await service.associate(logicalName, id, collection.relationship, [related], options)
      }
    }
  }
  for (const { collection, related } of links) {
    await service.associate(logicalName, id, collection.relationship, related, options)
  }
  return id
}
