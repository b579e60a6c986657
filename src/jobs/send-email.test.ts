import { expect, test } from 'vitest'
import { createEnvironment } from '../../test/work365/environment.ts'
import { Job, jobType } from '../entities/index.ts'
import { type Mail, sendEmail } from './index.ts'

async function run(parameters: string | null) {
  const { dataverse, runner, jobs } = await createEnvironment()
  const mails: Mail[] = []
  await dataverse.create(Job, {
    work365_job_name: 'a mail',
    work365_job_jobtype: jobType['Send Email'],
    work365_job_parameters: parameters,
  })
  await runner({ extra: [sendEmail({ sendMail: async (mail) => void mails.push(mail) })] }).runDue()
  return { mails, job: (await jobs())[0]! }
}

test('the mail that stands in the parameters is sent', async () => {
  const { mails, job } = await run('{ "to": "ops@partner.example", "subject": "New order", "body": "ORD-000001" }')

  expect(mails).toEqual([{ to: 'ops@partner.example', subject: 'New order', text: 'ORD-000001' }])
  expect(job).toMatchObject({ status: 'Succeeded', results: 'Mail sent to ops@partner.example.' })
})

test.each([
  null,
  '',
  'hello',
  '{}',
  '{ "to": "", "subject": "a", "body": "b" }',
  '{ "to": 1, "subject": "a", "body": "b" }',
])('with %j nothing is sent, and the job fails with what it takes', async (parameters) => {
  const { mails, job } = await run(parameters)

  expect(mails).toEqual([])
  expect(job).toMatchObject({ status: 'Failed', results: expect.stringContaining('work365_job_parameters') })
})
