import { clouds, type Endpoints } from './clouds.ts'
import type { PartnerCenterContext } from './settings.ts'

/** By the one setting from which everything of a cloud follows. */
export const endpointsOf = ({ settings }: Pick<PartnerCenterContext, 'settings'>): Endpoints =>
  clouds[settings.cloud ?? 'commercial']
