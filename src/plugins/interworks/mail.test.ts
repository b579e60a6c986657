import { expect, test } from 'vitest'
import { Job, jobType, work365Tables } from '../../entities/index.ts'
import { createEmulator } from '../../testing/emulator/index.ts'
import { queueMail } from './mail.ts'

test('a mail is a job, and one of the same name is queued once', async () => {
  const dataverse = createEmulator({ tables: work365Tables })
  const mail = { to: 'operations@contoso.example', subject: 'An order', body: 'It waits.' }
  await queueMail(dataverse, 'New manual order ORD-1', mail)
  await queueMail(dataverse, 'New manual order ORD-1', mail)
  await queueMail(dataverse, 'New manual order ORD-2', mail)

  const jobs = await dataverse.list(Job, ['work365_job_name', 'work365_job_jobtype', 'work365_job_parameters'])
  expect(jobs.map((job) => job.work365_job_name)).toEqual(['New manual order ORD-1', 'New manual order ORD-2'])
  expect(jobs[0]!.work365_job_jobtype).toBe(jobType['Send Email'])
  expect(JSON.parse(jobs[0]!.work365_job_parameters!)).toEqual(mail)
})
