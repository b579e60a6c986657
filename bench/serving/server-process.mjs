import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const PATIENCE_MS = 60_000

/**
 * Starts a server as a process and waits until it answers with 200.
 *
 * @param {object} how
 * @param {(port: number) => readonly string[]} how.command the words behind `node`
 * @param {string} how.path where it is asked
 * @param {string} [how.cwd]
 * @param {Record<string, string>} [how.env]
 * @returns how to reach it and to end it, and how many milliseconds it took to answer
 */
export async function startServer({ command, path, cwd, env = {} }) {
  const port = await freePort()
  const begun = performance.now()
  const server = spawn(process.execPath, command(port), {
    cwd,
    env: { ...process.env, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [server.stdout, server.stderr]) {
    stream.on('data', (text) => {
      output = (output + text).slice(-4000)
    })
  }
  const url = `http://127.0.0.1:${port}`
  while (!(await answers(url + path))) {
    if (server.exitCode !== null || performance.now() - begun > PATIENCE_MS) {
      server.kill()
      throw new Error(`'node ${command(port).join(' ')}' does not answer at ${path}:\n${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
  return {
    port,
    url,
    milliseconds: performance.now() - begun,
    peakMemory: () => peakMemory(server.pid),
    async stop() {
      const ended = once(server, 'exit')
      server.kill()
      await ended
    },
  }
}

async function answers(url) {
  try {
    const answer = await fetch(url)
    await answer.arrayBuffer()
    return answer.status === 200
  } catch {
    return false
  }
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/** The most memory that a process has had at one time, in MiB; where the system does not tell, what it has now. */
function peakMemory(pid) {
  const status = `/proc/${pid}/status`
  const kilobytes = existsSync(status)
    ? /VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))[1]
    : spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).stdout
  return Number(kilobytes) / 1024
}
