// Run by `.ci/run` where the packed package is installed, on several versions of Node.
const assert = require('node:assert/strict')
const { DataverseError } = require('work365-sdk')
const { Account } = require('work365-sdk/entities')
const { createEmulator } = require('work365-sdk/testing')

const missing = '00000000-0000-4000-8000-00000000dead'
createEmulator({ tables: [Account] })
  .retrieve(Account, missing, ['name'])
  .then(
    () => assert.fail('a row that does not exist was read'),
    (error) => assert(DataverseError.isInstance(error) && error.status === 404, error),
  )
  .then(() => console.log(`smoke: CommonJS on Node ${process.version}`))
