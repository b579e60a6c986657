import { InterworksOrderStatus } from '../../../entities/index.ts'
import { select } from '../../../query/index.ts'
import type { OrganizationService } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { bookkeeping } from '../bookkeeping.ts'

/** I2: a type has one default status: a new one that is it takes it from the other. */
export const oneDefaultAfterCreate = defineStep({
  name: 'interworks: a new default order status takes over',
  table: InterworksOrderStatus,
  message: 'Create',
  stage: 'postOperation',
  rank: 10,
  rules: ['I2'],

  async run({ id, target, service }) {
    if (target.iw_isdefault === true) await takeOver(service, id, target.iw_type)
  },
})

/** I2: so does one that is made the default, or that comes to the type as its default. */
export const oneDefaultAfterUpdate = defineStep({
  name: 'interworks: setting a default order status moves it',
  table: InterworksOrderStatus,
  message: 'Update',
  stage: 'postOperation',
  rank: 10,
  filter: ['iw_isdefault', 'iw_type'],
  postImage: ['iw_isdefault', 'iw_type'],
  rules: ['I2'],

  async run({ id, postImage, service }) {
    if (postImage.iw_isdefault === true) await takeOver(service, id, postImage.iw_type)
  },
})

async function takeOver(service: OrganizationService, id: string, type: number | null | undefined): Promise<void> {
  if (type === null || type === undefined) return
  const { rows } = await service.retrieveMultiple(
    select(InterworksOrderStatus, ['iw_orderstatusid'])
      .where('iw_type', 'eq', type)
      .where('iw_isdefault', 'eq', true)
      .where('iw_orderstatusid', 'ne', id),
  )
  for (const { iw_orderstatusid: other } of rows) {
    await service.update(InterworksOrderStatus, other, { iw_isdefault: false }, bookkeeping)
  }
}
