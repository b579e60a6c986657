import { type ConnectionState, memoryState } from '../../../../connectors/index.ts'
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
      let callsBefore: number | undefined
      const noting: ConnectionState = {
        get: kept.get,
        set(next, expected) {
          callsBefore ??= callsIn(provider.requests).length
          return kept.set(next, expected)
        },
      }
      doneOf(await start({ state: noting }).settle(targetOf(bench)), 'With a refresh token that works once')
      ensure(callsBefore !== undefined, 'The refresh token that came back was not kept.')
      ensure(callsBefore === 0, `The access token was used ${callsBefore} times before the refresh token was kept.`)

      tokens.expire()
      const again = 'With the refresh token that came back'
      doneOf(await start({ state: kept }).settle(targetOf(bench)), again)

      tokens.expire()
      const losing: ConnectionState = {
        get: kept.get,
        async set(next, expected) {
          losing.set = kept.set
          // Another process is faster by one token.
          await kept.set({ ...(expected as object), other: true }, expected)
          return kept.set(next, expected)
        },
      }
      await start({ state: losing })
        .settle(targetOf(bench))
        .catch(() => {})
      const state = JSON.stringify(await kept.get())
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
