import { billableStatus, Subscription } from '../../../entities/index.ts'
import { InvalidPluginExecution } from '../../../service/index.ts'
import { defineStep } from '../../define-step.ts'
import { changeSourceTags } from '../change-source.ts'

/** P9: what a portal user may not do to an order is refused in Dataverse itself, whatever the portal's code lets through. */
export const guardPortal = defineStep({
  name: 'work365: refuse what the portal may not change of a subscription',
  table: Subscription,
  message: 'Update',
  stage: 'preValidation',
  rules: ['P9', 'P11', 'P12'],
  preImage: [
    'work365_subscription_subscriptionname',
    'work365_subscription_billablestatus',
    'work365_subscription_calculationpercent',
  ],

  run({ target, preImage, sharedVariables }) {
    if (sharedVariables.tag !== changeSourceTags.portal) return
    const name = `'${preImage.work365_subscription_subscriptionname ?? target.id}'`
    const sent = (column: string) => (target as Readonly<Record<string, unknown>>)[column] !== undefined
    const readOnly = READ_ONLY.find(sent)
    if (readOnly) {
      throw new InvalidPluginExecution(
        `'${readOnly}' of subscription ${name} is filled in by the system and cannot be changed on the portal. Leave it out.`,
      )
    }
    if (sent('statecode') || sent('statuscode') || sent('work365_subscription_deactivateon')) {
      throw new InvalidPluginExecution(
        `Subscription ${name} cannot be deactivated on the portal. Ask your provider to do it.`,
      )
    }
    if (preImage.work365_subscription_billablestatus === billableStatus['Non-Billable']) {
      throw new InvalidPluginExecution(`Subscription ${name} is not billable, and so cannot be changed on the portal.`)
    }
    if (preImage.work365_subscription_calculationpercent !== undefined) {
      throw new InvalidPluginExecution(
        `Subscription ${name} is calculated from others, and so cannot be changed on the portal.`,
      )
    }
  },
})

const READ_ONLY = [
  'work365_subscription_ordernum',
  'work365_subscription_orderby',
  'work365_subscription_ordersource',
  'work365_subscription_channel',
  'work365_subscription_customer',
] as const
