import { type ConnectionState, type Json, memoryState } from '../../../../connectors/index.ts'
import { type ConformanceCheck, ensure } from '../check.ts'
import { callsIn, doneOf, failureOf, targetOf } from '../judge.ts'

/** Access tokens, and the refresh tokens behind them. */
export const signingIn: readonly ConformanceCheck[] = [
  {
    id: 'C21',
    group: 'token',
    title: 'ten calls at once with a token that is over ask for one new token',
    needs: ['provider', 'target', 'tokens'],
    async run(bench) {
      const { world, start } = bench
      const process = start()
      doneOf(await process.settle(targetOf(bench)), 'With a fresh token')
      world.tokens!.expire()
      const before = world.tokens!.given()
      await Promise.all(Array.from({ length: 10 }, () => process.settle(targetOf(bench))))
      const given = world.tokens!.given() - before
      ensure(given === 1, `Ten calls with a token that was over asked for ${given} new tokens.`)
    },
  },
  {
    id: 'C22',
    group: 'token',
    title: 'a rotated refresh token is kept before the token is used, and by nobody overwritten',
    needs: ['provider', 'target', 'refreshTokens'],
    async run(bench) {
      const { world, start, provider } = bench
      const tokens = world.tokens!
      tokens.once!()
      const kept = memoryState()
      let beforeCalls: Json = null
      const noting: ConnectionState = {
        get: kept.get,
        async set(next, expected) {
          const isKept = await kept.set(next, expected)
          if (isKept && callsIn(provider.requests).length === 0) beforeCalls = next
          return isKept
        },
      }
      doneOf(await start({ state: noting }).settle(targetOf(bench)), 'With a refresh token that works once')

      // As if the process had died with its first call.
      tokens.expire()
      const left = memoryState(beforeCalls)
      const another = start({ state: left }).settle(targetOf(bench))
      const failure = await another.then(
        () => undefined,
        (error: Error) => error,
      )
      const what = 'The refresh token that came back was not kept before the access token was used'
      ensure(failure === undefined, `${what}: ${failure?.message}`)

      tokens.expire()
      const losing: ConnectionState = {
        get: left.get,
        async set(next, expected) {
          losing.set = left.set
          // Another process is faster by one write.
          await left.set({ ...(expected as object), other: true }, expected)
          return left.set(next, expected)
        },
      }
      const lost = 'When another process writes something else meanwhile'
      doneOf(await start({ state: losing }).settle(targetOf(bench)), lost)
      const state = JSON.stringify(await left.get())
      ensure(state.includes('"other":true'), 'What another process wrote meanwhile was overwritten.')
    },
  },
  {
    id: 'C23',
    group: 'token',
    title: 'a refresh token that is refused means that somebody has to consent again',
    needs: ['provider', 'target', 'refusedRefresh'],
    async run(bench) {
      const { world, start } = bench
      world.tokens!.refuse!()
      const { code } = await failureOf(start().settle(targetOf(bench)), 'With a refresh token that is refused')
      ensure(code === 'consentExpired', `A refresh token that is refused is \`${code}\`, not \`consentExpired\`.`)
    },
  },
]
