// Run by `.ci/run` where the packed package is installed, on several versions of Node.
import assert from 'node:assert/strict'
import { Account } from 'work365-sdk/entities'
import { defineStep } from 'work365-sdk/plugins'
import { createEmulator } from 'work365-sdk/testing'

const tidy = defineStep({
  name: 'tidy the name',
  table: Account,
  message: 'Create',
  stage: 'preOperation',
  changes: ['name'],
  behindWebhook: 'updateAfterwards',
  run({ target }) {
    target.name = target.name?.trim()
  },
})
const dataverse = createEmulator({ tables: [Account], steps: [tidy] })
const id = await dataverse.create(Account, { name: '  Fabrikam ' })
assert.deepEqual(await dataverse.retrieve(Account, id, ['name']), { name: 'Fabrikam' })
console.log(`smoke: ES modules on Node ${process.version}`)
