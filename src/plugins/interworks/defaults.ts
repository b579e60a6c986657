import { InterworksOrderStatus, orderStatusType, storefrontType } from '../../entities/index.ts'
import { deepFreeze } from '../../internal/freeze.ts'
import type { Row } from '../../service/index.ts'

const mandatory = (
  id: string,
  name: string,
  type: keyof typeof orderStatusType,
  storefront: string,
  isDefault = true,
) =>
  ({
    iw_orderstatusid: `00000000-0000-4000-8001-00000000000${id}`,
    iw_name: name,
    iw_isactive: true,
    iw_type: orderStatusType[type],
    iw_storefronttype: storefrontType[storefront as keyof typeof storefrontType],
    iw_ismandatory: true,
    iw_isdefault: isDefault,
  }) satisfies Row

/**
 * The rows that every environment of interworks.cloud begins with (I1): the four mandatory order statuses, by table, to be
 * seeded. Their ids are the same everywhere, so that seeding an environment twice is noticed.
 *
 * @see https://interworkscloud.atlassian.net/wiki/spaces/ICPD/pages/503742724
 * @example createEmulator({ tables: [...work365Tables, ...interworksTables], seed: interworksDefaults })
 */
export const interworksDefaults = deepFreeze({
  [InterworksOrderStatus.logicalName]: [
    // Of type In Progress it is Submitted that new orders get; Draft is the storefront's own.
    mandatory('1', 'Draft', 'In Progress', 'Draft', false),
    mandatory('2', 'Submitted', 'In Progress', 'Viewable'),
    mandatory('3', 'Executed', 'Automatic Execute', 'Submitted'),
    mandatory('4', 'Canceled', 'Cancelled', 'Viewable'),
  ],
})
