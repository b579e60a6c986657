import { dataverseError, stages } from '../service/index.ts'
import type { Step } from './define-step.ts'

const IMAGES: Readonly<Record<string, { readonly pre: boolean; readonly post: boolean }>> = {
  Create: { pre: false, post: true },
  Update: { pre: true, post: true },
  Delete: { pre: true, post: false },
  Assign: { pre: true, post: true },
  SetState: { pre: true, post: true },
}

/** Messages on which the platform does not let steps be registered. */
const WITHOUT_STEPS = new Set(['Execute', 'SetRelated', 'RemoveRelated', 'SetStateDynamicEntity'])

/**
 * Refuses a step that the platform would not register, with the platform's error where it has one.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/register-plug-in
 */
export function refuseImpossible(step: Step, table: { readonly columns?: object } | undefined): void {
  const refuse = (what: string): never => {
    throw new TypeError(`defineStep('${step.name}'): ${what}`)
  }
  if (typeof step.name !== 'string' || step.name.trim() === '') refuse('a step needs a name.')
  if (typeof step.run !== 'function') refuse('`run` is not a function.')
  if (!Object.hasOwn(stages, step.stage) || (step.stage as string) === 'mainOperation') {
    refuse(`stage '${step.stage}' is not one of preValidation, preOperation, postOperation.`)
  }
  if (WITHOUT_STEPS.has(step.message)) throw dataverseError('SdkCustomProcessingStepIsNotAllowed', {})
  if (step.mode !== 'synchronous' && step.mode !== 'asynchronous') {
    refuse(`mode is '${step.mode}', but must be synchronous or asynchronous.`)
  }
  if (step.mode === 'asynchronous' && step.stage !== 'postOperation') {
    refuse('an asynchronous step runs in stage postOperation only.')
  }
  if (step.mode === 'synchronous') {
    if (step.asyncAutoDelete) refuse('only an asynchronous step has a system job that asyncAutoDelete can delete.')
    if (step.message === 'OnBackgroundOperationComplete') refuse(`${step.message} takes asynchronous steps only.`)
  }
  if (!Number.isInteger(step.rank)) refuse(`rank is ${step.rank}, but must be a whole number.`)
  if (step.filter.length > 0 && step.message !== 'Update') refuse('only an Update has filtering columns.')

  const images = IMAGES[step.message]
  if ((step.preImage || step.postImage) && !images) {
    throw dataverseError('SdkMessageDoesNotSupportImageRegistration', { message: step.message })
  }
  if (step.preImage && !images?.pre) refuse(`a ${step.message} has no pre-image.`)
  if (step.postImage && !images?.post) refuse(`a ${step.message} has no post-image.`)
  if (step.postImage && step.stage !== 'postOperation') {
    throw dataverseError('SdkMessageDoesNotSupportPostImageRegistration', {})
  }
  if (step.changes.length > 0) {
    if (step.stage === 'postOperation') refuse('in stage postOperation the row is already written.')
    if (step.message !== 'Create' && step.message !== 'Update')
      refuse(`the target of a ${step.message} has no columns.`)
    if (!step.behindWebhook) {
      refuse(
        "a step that changes its target says how it behaves behind a webhook: behindWebhook: 'updateAfterwards' or 'refuse'.",
      )
    }
    if (step.behindWebhook !== 'updateAfterwards' && step.behindWebhook !== 'refuse') {
      refuse(`behindWebhook is '${step.behindWebhook}', but must be 'updateAfterwards' or 'refuse'.`)
    }
  } else if (step.behindWebhook !== undefined) {
    refuse('only a step with changes says how it behaves behind a webhook.')
  }
  for (const [what, columns] of [
    ['filter', step.filter],
    ['preImage', step.preImage],
    ['postImage', step.postImage],
    ['changes', step.changes],
  ] as const) {
    if (!Array.isArray(columns) || !table?.columns) continue
    for (const name of columns) {
      if (!Object.hasOwn(table.columns, name)) refuse(`${what} names '${name}', which '${step.table}' does not have.`)
      const { type, readOnly } = (table.columns as Readonly<Record<string, { type?: string; readOnly?: boolean }>>)[
        name
      ]!
      if (what === 'changes' && (readOnly || type === 'primaryKey')) {
        refuse(`changes names '${name}', which only the platform writes.`)
      }
    }
  }
}
