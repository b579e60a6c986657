import { type Clock, systemClock } from '../internal/clock.ts'
import type { OrganizationService } from '../service/index.ts'
import { acceptAgreement, agreementsOf, type PortalAgreement } from './agreements.ts'
import {
  changeQuantity,
  type Order,
  type PlacedOrder,
  type PortalSubscription,
  placeOrder,
  visibleSubscriptions,
} from './orders.ts'
import { type PortalUser, readPortalUser, requireRole } from './portal-user.ts'
import { type OrderableProduct, orderingContract, productsOn } from './products.ts'

export interface PortalOptions {
  /** Dataverse, as the portal's own application user: the portal itself sees to it who may what. */
  readonly service: OrganizationService
  /** The id of the contact who is signed in. */
  readonly contact: string
  readonly clock?: Clock
  /** Makes the reference of an order. Default: `P-` and ten random letters and digits. */
  readonly orderReference?: () => string
}

/** What a customer can do on the self-service portal. */
export interface Portal {
  /** Who is signed in, for which account, with which roles. */
  user(): Promise<PortalUser>
  /** What can be ordered on a billing contract, by default on the account's default one (P9). */
  products(options?: { readonly contract?: string }): Promise<readonly OrderableProduct[]>
  /** Places an order of one or several products: all of it, or nothing (P3, P4, P9). */
  order(order: Order): Promise<PlacedOrder>
  /** The account's subscriptions that the portal shows (P11). */
  subscriptions(): Promise<readonly PortalSubscription[]>
  /** Sets the quantity of one of them. */
  changeQuantity(subscription: string, quantity: number): Promise<void>
  /** The account's agreements that are pending or accepted. */
  agreements(): Promise<readonly PortalAgreement[]>
  /** Accepts a pending one (G5). */
  acceptAgreement(id: string): Promise<void>
}

/**
 * The self-service portal over any {@link OrganizationService}: as one contact, who sees what belongs to the contact's account
 * and may do what the contact's roles allow. Role and account are looked up anew at each call, so that taking a role
 * away takes effect at once.
 *
 * Everything rejects with a `DataverseError`: `AccessDenied` for a missing role, `ObjectDoesNotExist` for what is another
 * account's, `InvalidArgument` with the part, the rule and the fix for bad input. A rejected call has changed nothing.
 *
 * @see https://docs.work365apps.com/docs/work-365-portal-security-roles
 * @example
 * const portal = createPortal({ service, contact })
 * const [product] = await portal.products()
 * await portal.order({ lines: [{ product: product.id, quantity: 5 }] })
 */
export function createPortal({
  service,
  contact,
  clock = systemClock,
  orderReference = randomReference,
}: PortalOptions): Portal {
  const user = () => readPortalUser(service, contact)
  const allowed = async (ability: Parameters<typeof requireRole>[2]) => {
    const signedIn = await user()
    await requireRole(service, signedIn, ability)
    return signedIn
  }
  return {
    user,
    async products({ contract } = {}) {
      return productsOn(service, await orderingContract(service, await user(), contract))
    },
    async order(order) {
      const buyer = await allowed('order')
      return placeOrder(service, buyer, order, { now: clock.now(), orderReference: orderReference() })
    },
    async subscriptions() {
      return visibleSubscriptions(service, await user())
    },
    async changeQuantity(subscription, quantity) {
      await changeQuantity(service, await allowed('order'), subscription, quantity)
    },
    async agreements() {
      return agreementsOf(service, await allowed('manageAgreements'))
    },
    async acceptAgreement(id) {
      await acceptAgreement(service, await allowed('manageAgreements'), id)
    },
  }
}

/** Without the letters and digits that are mistaken for others. */
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

function randomReference(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10))
  return `P-${Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join('')}`
}
