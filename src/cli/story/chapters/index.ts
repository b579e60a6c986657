import type { Chapter } from '../scene.ts'
import { agreements } from './agreements.ts'
import { changeLogs } from './change-logs.ts'
import { creditHold } from './credit-hold.ts'
import { interworks } from './interworks.ts'
import { orders } from './orders.ts'
import { portal } from './portal.ts'
import { providers } from './providers.ts'

/** The stories that `work365 demo` tells. */
export const chapters: readonly Chapter[] = Object.freeze([
  orders,
  portal,
  changeLogs,
  creditHold,
  agreements,
  providers,
  interworks,
])
