// The load generator: a process of its own, the same for every server. It keeps connections open, writes the next request of
// a list when the last one is answered, and counts. On bare sockets, because Node's client takes more time than most servers.
import { Agent, request } from 'node:http'
import { connect } from 'node:net'

/**
 * @typedef {object} Load
 * @property {number} port
 * @property {{ method: string, path: string, headers?: Record<string, string>, body?: string }[]} requests sent in turn
 * @property {number} seconds
 * @property {number} connections
 * @property {boolean} [once] every request is sent once at most
 * @property {'sockets' | 'node:http'} [client]
 */

process.on('message', async (load) => {
  try {
    process.send(await measure(load))
  } catch (error) {
    process.send({ error: error.message })
  }
})

/** @param {Load} load */
async function measure({ port, requests, seconds, connections, once = false, client = 'sockets' }) {
  const open = client === 'sockets' ? openSocket : openNodeClient
  const prepared = client === 'sockets' ? requests.map((one) => written(one, port)) : requests
  const exchanges = await Promise.all(Array.from({ length: connections }, () => open(port)))
  let next = 0
  let answered = 0
  const begun = performance.now()
  const end = begun + seconds * 1000
  await Promise.all(
    exchanges.map(async ({ exchange }) => {
      while (performance.now() < end && !(once && next >= prepared.length)) {
        const at = next++ % prepared.length
        const status = await exchange(prepared[at])
        if (status < 200 || status > 299) {
          throw new Error(`${requests[at].method} ${requests[at].path} is answered with ${status}`)
        }
        answered++
      }
    }),
  )
  const took = (performance.now() - begun) / 1000
  for (const { close } of exchanges) close()
  return { perSecond: answered / took, answered }
}

function written({ method, path, headers = {}, body }, port) {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  if (body !== undefined) lines.push(`Content-Length: ${Buffer.byteLength(body)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body ?? ''}`)
}

function openSocket(port) {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let answer
    let got = Buffer.alloc(0)
    const fail = (error) => {
      reject(error)
      answer?.reject(error)
    }
    socket.on('error', fail)
    socket.on('close', () => fail(new Error('the server has closed a connection')))
    socket.on('data', (chunk) => {
      got = got.length === 0 ? chunk : Buffer.concat([got, chunk])
      const read = readAnswer(got)
      if (!read) return
      got = got.subarray(read.length)
      answer.resolve(read.status)
    })
    const exchange = (bytes) =>
      new Promise((resolve, reject) => {
        answer = { resolve, reject }
        socket.write(bytes)
      })
    socket.once('connect', () => resolve({ exchange, close: () => socket.destroy() }))
  })
}

/** The status and the length of a complete answer; `undefined` while there is more to come. */
function readAnswer(bytes) {
  const end = bytes.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = bytes.latin1Slice(0, end)
  const status = Number(head.slice(9, 12))
  const from = end + 4
  if (status === 204 || status === 304) return { status, length: from }
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(head) ?? []
  const until = length === undefined ? endOfChunks(bytes, from) : from + Number(length)
  return until === undefined || bytes.length < until ? undefined : { status, length: until }
}

function endOfChunks(bytes, from) {
  let at = from
  while (true) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd === -1) return undefined
    const size = Number.parseInt(bytes.latin1Slice(at, lineEnd), 16)
    at = lineEnd + 2 + size + 2
    if (size === 0) return at
    if (at >= bytes.length) return undefined
  }
}

async function openNodeClient(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const exchange = ({ method, path, headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, agent, method, path, headers }, (answer) => {
        answer.resume()
        answer.once('end', () => resolve(answer.statusCode))
      })
      sent.once('error', reject)
      sent.end(body)
    })
  return { exchange, close: () => agent.destroy() }
}
