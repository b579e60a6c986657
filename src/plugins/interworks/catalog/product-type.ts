import { InterworksProduct, InterworksProductType } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import { type EntityReference, type OrganizationService, reference } from '../../../service/index.ts'

/** A product type, as far as orders and requests need it. */
export interface ProductType {
  readonly id: string
  readonly name: string
  readonly isAsset: boolean
  readonly isNonAutomatic: boolean
  readonly cancelsAutomatically: boolean
  readonly downgradesAutomatically: boolean
}

/** The type that the catalog gives a product; `undefined` for a product without one. */
export async function typeOfProduct(
  service: OrganizationService,
  product: string,
): Promise<EntityReference<'iw_producttype'> | undefined> {
  const { rows } = await service.retrieveMultiple(
    select(InterworksProduct, ['iw_producttype']).where('iw_product', 'eq', product).where('statecode', 'eq', 0),
  )
  const type = rows[0]?.iw_producttype
  return type ? reference(InterworksProductType, type.id) : undefined
}

/** The product types with these ids, by id. */
export async function readProductTypes(
  service: OrganizationService,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ProductType>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  const { rows } = await service.retrieveMultiple(
    select(InterworksProductType, [
      'iw_producttypeid',
      'iw_name',
      'iw_isassettype',
      'iw_nonautomaticexecution',
      'iw_automaticcancellation',
      'iw_automaticdowngrade',
    ]).where('iw_producttypeid', 'in', ...wanted),
  )
  return new Map(
    rows.map((row) => [
      row.iw_producttypeid,
      {
        id: row.iw_producttypeid,
        name: row.iw_name ?? row.iw_producttypeid,
        isAsset: row.iw_isassettype === true,
        isNonAutomatic: row.iw_nonautomaticexecution === true,
        cancelsAutomatically: row.iw_automaticcancellation === true,
        downgradesAutomatically: row.iw_automaticdowngrade === true,
      },
    ]),
  )
}
