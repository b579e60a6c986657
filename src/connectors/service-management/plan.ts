import type { Change, ProductRef, SubscriptionRef } from '../change.ts'
import { Refused } from '../serving/refused.ts'
import { type Action, readAction } from './actions.ts'
import { readAttributes } from './attributes.ts'
import type { ActionRule } from './endpoints.ts'
import type { Wire } from './models.ts'
import { fieldsOf, readProduct } from './products.ts'

type Purchase = {
  readonly do: 'create'
  readonly product: ProductRef
  readonly quantity: number
  readonly fields?: Readonly<Record<string, string>> | undefined
}
type Modification =
  | { readonly do: 'setQuantity'; readonly quantity: number }
  | { readonly do: 'pause' | 'resume' | 'cancel' }
  | { readonly do: 'transition'; readonly product: ProductRef; readonly quantity?: number | undefined }

/** One thing to bring about, for the subscription of a call or for one of its add-ons. */
export type Step = (Purchase | (Modification & { readonly id: string })) & {
  readonly isAddon: boolean
  readonly name: string | undefined
}

type Part = Wire<'ServiceDefinition'> | Wire<'AddonDefinition'>

/**
 * What a call asks for, step by step. Whatever has the action `None` is left alone. A subscription is there before its
 * add-ons, and its add-ons end before it.
 *
 * @throws Refused where the call contradicts its endpoint, or lacks what a step needs; the message names the property.
 */
export function planOf(rule: ActionRule, definition: Wire<'ServiceDefinition'>): readonly Step[] {
  const action = readAction(definition.ActionType, rule.otherwise, 'The subscription')
  const addons = definition.Addons ?? []
  refuseAction('The subscription', action, rule.subscription)

  const ofSubscription = action === 'None' ? [] : [stepFor(action, definition, { isAddon: false, needsId: false })]
  const ofAddons = addons.flatMap((addon, index) => {
    const at = `Addons[${index}]`
    const wanted = readAction(addon.ActionType, 'None', at)
    refuseAction(at, wanted, rule.addons)
    return wanted === 'None' ? [] : [stepFor(wanted, addon, { isAddon: true, needsId: rule.needsId ?? false, at })]
  })
  if (rule.needsAddon && ofAddons.length === 0) {
    throw new Refused(400, `None of the ${addons.length} add-ons has the ActionType ${rule.addons.join(' or ')}.`)
  }
  return action === 'Cancel' || action === 'Suspend'
    ? [...ofAddons, ...ofSubscription]
    : [...ofSubscription, ...ofAddons]
}

/** The change that a step is, for this customer; a purchase below `parent` is that of an add-on. */
export function changeOf(step: Step, customerId: string, parent: SubscriptionRef | undefined): Change {
  if (step.do === 'create') {
    const { product, quantity, fields } = step
    return {
      kind: 'create',
      customer: { id: customerId },
      product,
      quantity,
      ...(fields && { fields }),
      ...(parent && { parent }),
    }
  }
  const subscription: SubscriptionRef = { id: step.id, customerId, ...(step.name && { name: step.name }) }
  switch (step.do) {
    case 'setQuantity':
      return { kind: 'setQuantity', subscription, quantity: step.quantity }
    case 'transition':
      return { kind: 'transition', subscription, product: step.product, quantity: step.quantity }
    default:
      return { kind: step.do, subscription }
  }
}

interface StepOptions {
  readonly isAddon: boolean
  readonly needsId: boolean
  readonly at?: string
}

function stepFor(action: Action, part: Part, { isAddon, needsId, at = 'The subscription' }: StepOptions): Step {
  const attributes = readAttributes(part.AttributeList, `${at}.AttributeList`)
  const about = { isAddon, name: part.Name || undefined }
  const product = () => readProduct(part.ProductID, attributes, about.name, at)

  if (action === 'Provision' && !part.ID && !needsId) {
    return {
      ...about,
      do: 'create',
      product: product(),
      quantity: quantityOf(part, at, 1),
      fields: fieldsOf(attributes),
    }
  }
  if (!part.ID) throw new Refused(400, `${at} has no ID: ${action} needs the id that its creation was answered with.`)
  const existing = { ...about, id: part.ID }
  switch (action) {
    case 'Provision':
      return { ...existing, do: 'setQuantity', quantity: quantityOf(part, at, 0) }
    case 'Cancel':
      return { ...existing, do: 'cancel' }
    case 'Suspend':
      return { ...existing, do: 'pause' }
    case 'Activate':
      return { ...existing, do: 'resume' }
    default:
      return { ...existing, do: 'transition', product: product(), quantity: part.Quantity ?? undefined }
  }
}

function refuseAction(at: string, action: Action, allowed: readonly Action[]): void {
  if (action === 'None' || allowed.includes(action)) return
  const may = ['None', ...allowed].join(' or ')
  throw new Refused(400, `${at} has the ActionType ${action}, and here it has to be ${may}.`)
}

function quantityOf({ Quantity }: Part, at: string, least: number): number {
  if (typeof Quantity === 'number' && Quantity >= least) return Quantity
  throw new Refused(400, `${at}.Quantity has to be ${least} or more, and it is ${Quantity ?? 'missing'}.`)
}
