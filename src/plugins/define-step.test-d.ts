import { expectTypeOf, test } from 'vitest'
import { Account, Subscription } from '../entities/index.ts'
import type { EntityReference } from '../service/index.ts'
import { defineStep, type Step } from './index.ts'

const run = () => {}
const common = { name: 'a step', table: Account, run } as const

test('a step sees the target and the images that it declares, typed by the table', () => {
  const step = defineStep({
    name: 'look',
    table: Subscription,
    message: 'Update',
    stage: 'postOperation',
    filter: ['work365_subscription_quantity'],
    preImage: ['work365_subscription_quantity'],
    postImage: ['work365_subscription_customer'],
    run({ id, target, preImage, postImage }) {
      expectTypeOf(id).toEqualTypeOf<string>()
      expectTypeOf(target.work365_subscription_quantity).toEqualTypeOf<number | null | undefined>()
      expectTypeOf(preImage.work365_subscription_quantity).toEqualTypeOf<number | undefined>()
      expectTypeOf(postImage.work365_subscription_customer).toEqualTypeOf<EntityReference<'account'> | undefined>()
    },
  })
  expectTypeOf(step).toEqualTypeOf<Step>()
})

test('the image with all columns has them all', () => {
  defineStep({
    ...common,
    message: 'Update',
    stage: 'postOperation',
    preImage: 'all',
    run({ preImage }) {
      expectTypeOf(preImage.creditonhold).toEqualTypeOf<boolean | undefined>()
    },
  })
})

test('the target of a Delete is a reference', () => {
  defineStep({
    ...common,
    message: 'Delete',
    stage: 'preOperation',
    preImage: ['name'],
    run({ target }) {
      expectTypeOf(target).toEqualTypeOf<EntityReference<'account'>>()
    },
  })
})

test('without a declaration there is no image', () => {
  defineStep({
    ...common,
    message: 'Update',
    stage: 'postOperation',
    run({ preImage, postImage }) {
      expectTypeOf(preImage).toEqualTypeOf<undefined>()
      expectTypeOf(postImage).toEqualTypeOf<undefined>()
    },
  })
})

test('a declared target column can be written, with the type of the column', () => {
  defineStep({
    ...common,
    message: 'Create',
    stage: 'preOperation',
    changes: ['creditonhold'],
    behindWebhook: 'refuse',
    run({ target }) {
      target.creditonhold = true
      // @ts-expect-error a boolean column takes no text
      target.creditonhold = 'yes'
      // @ts-expect-error not declared in `changes`
      target.name = 'Fabrikam'
      // @ts-expect-error the table has no such column
      target.nmae = 'Fabrikam'
    },
  })
})

test('a column of the image that is not declared cannot be read', () => {
  defineStep({
    ...common,
    message: 'Update',
    stage: 'preOperation',
    preImage: ['name'],
    run({ preImage }) {
      expectTypeOf(preImage.name).toEqualTypeOf<string | undefined>()
      // @ts-expect-error not declared in `preImage`
      preImage.creditonhold
    },
  })
})

test('images are read, not written', () => {
  defineStep({
    ...common,
    message: 'Update',
    stage: 'preOperation',
    preImage: ['name'],
    run({ preImage }) {
      // @ts-expect-error an image is read-only
      preImage.name = 'Fabrikam'
    },
  })
})

test('what the platform does not have does not compile', () => {
  // @ts-expect-error a Create has no pre-image
  defineStep({ ...common, message: 'Create', stage: 'preOperation', preImage: ['name'] })
  // @ts-expect-error nor one with all columns
  defineStep({ ...common, message: 'Create', stage: 'preOperation', preImage: 'all' })
  // @ts-expect-error a Delete has no post-image
  defineStep({ ...common, message: 'Delete', stage: 'postOperation', postImage: ['name'] })
  // @ts-expect-error a post-image exists after the operation only
  defineStep({ ...common, message: 'Update', stage: 'preOperation', postImage: ['name'] })
  // @ts-expect-error a synchronous step has no system job
  defineStep({ ...common, message: 'Update', stage: 'postOperation', asyncAutoDelete: true })
  // @ts-expect-error an asynchronous step runs after the operation only
  defineStep({ ...common, message: 'Update', stage: 'preOperation', mode: 'asynchronous' })
  // @ts-expect-error only an Update has filtering columns
  defineStep({ ...common, message: 'Create', stage: 'postOperation', filter: ['name'] })
  // @ts-expect-error steps are not registered for the main operation
  defineStep({ ...common, message: 'Create', stage: 'mainOperation' })
  // @ts-expect-error a Retrieve has no images
  defineStep({ ...common, message: 'Retrieve', stage: 'postOperation', postImage: ['name'] })
  // @ts-expect-error not a message
  defineStep({ ...common, message: 'Craete', stage: 'preOperation' })
})

test('changing the target has its conditions', () => {
  // @ts-expect-error it has to say how it behaves behind a webhook
  defineStep({ ...common, message: 'Update', stage: 'preOperation', changes: ['name'] })
  defineStep({ ...common, message: 'Update', stage: 'preOperation', changes: ['name'], behindWebhook: 'refuse' })
  // @ts-expect-error after the operation the row is written
  defineStep({ ...common, message: 'Update', stage: 'postOperation', changes: ['name'], behindWebhook: 'refuse' })
  // @ts-expect-error a Delete brings no columns
  defineStep({ ...common, message: 'Delete', stage: 'preOperation', changes: ['name'], behindWebhook: 'refuse' })
  // @ts-expect-error a step that changes nothing has nothing to say about it
  defineStep({ ...common, message: 'Update', stage: 'preOperation', behindWebhook: 'refuse' })
})

test('columns that the table does not have do not compile', () => {
  // @ts-expect-error filter
  defineStep({ ...common, message: 'Update', stage: 'postOperation', filter: ['nmae'] })
  // @ts-expect-error pre-image
  defineStep({ ...common, message: 'Update', stage: 'postOperation', preImage: ['nmae'] })
  // @ts-expect-error post-image
  defineStep({ ...common, message: 'Update', stage: 'postOperation', postImage: ['nmae'] })
  // @ts-expect-error changes
  defineStep({ ...common, message: 'Update', stage: 'preOperation', changes: ['nmae'], behindWebhook: 'refuse' })
})

test('a step on a message without a table sees the context, and has no images', () => {
  defineStep({
    name: 'a step',
    message: 'Associate',
    stage: 'postOperation',
    run({ inputParameters }) {
      expectTypeOf(inputParameters).toEqualTypeOf<Readonly<Record<string, unknown>>>()
    },
  })
  defineStep({ name: 'a step', message: 'new_CloseProject', stage: 'preOperation', run })
  // @ts-expect-error an Update is of a table
  defineStep({ name: 'a step', message: 'Update', stage: 'preOperation', run })
  // @ts-expect-error a link has no columns
  defineStep({ name: 'a step', message: 'Associate', stage: 'preOperation', filter: ['name'], run })
})

test('the target of a custom API is the row that it is bound to', () => {
  defineStep({
    ...common,
    message: 'new_CloseAccount',
    stage: 'preOperation',
    run({ target }) {
      expectTypeOf(target).toEqualTypeOf<EntityReference<'account'>>()
    },
  })
})

test('a step on several rows finds them in the parameters, and has no target, filter or images', () => {
  defineStep({
    ...common,
    message: 'UpdateMultiple',
    stage: 'preOperation',
    run({ id, target, inputParameters }) {
      expectTypeOf(id).toEqualTypeOf<null>()
      expectTypeOf(target).toEqualTypeOf<Readonly<Record<string, never>>>()
      expectTypeOf(inputParameters.Targets[0]!.name).toEqualTypeOf<string | null | undefined>()
    },
  })
  // @ts-expect-error filter
  defineStep({ ...common, message: 'UpdateMultiple', stage: 'postOperation', filter: ['name'] })
  // @ts-expect-error image
  defineStep({ ...common, message: 'CreateMultiple', stage: 'postOperation', postImage: ['name'] })
})
