// The hand that moves the puppets: one child process for all, and what each of them last told.
import { fork } from 'node:child_process'
import path from 'node:path'
import type { Costume, PuppetNews, PuppetOrder } from './puppet.ts'

const joinLimitMs = 20_000

export function openPuppets(onLost: (name: string) => void = () => {}) {
  const child = fork(path.join(import.meta.dirname, 'puppet.ts'), { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  child.stderr?.resume()
  const waiting = new Map<string, { resolve: () => void; reject: (error: Error) => void }>()
  const joined = new Set<string>()
  child.on('message', ({ news, name, because }: PuppetNews) => {
    if (news === 'joined') {
      joined.add(name)
      waiting.get(name)?.resolve()
    } else {
      joined.delete(name)
      if (news === 'failed') waiting.get(name)?.reject(new Error(because))
      if (news === 'lost') onLost(name)
    }
  })
  child.on('exit', () => {
    for (const one of waiting.values()) one.reject(new Error('the puppets have gone'))
    joined.clear()
  })
  const order = (message: PuppetOrder) => void (child.connected && child.send(message))
  return {
    joined: () => joined.size,
    isIn: (name: string) => joined.has(name),
    join: (name: string, { url, token }: { url: string; token: string }, costume: Costume) =>
      new Promise<void>((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error('joining takes too long')), joinLimitMs)
        waiting.set(name, { resolve, reject })
        order({ order: 'join', name, url, token, costume })
        limit.unref()
      }).finally(() => waiting.delete(name)),
    leave: (name: string) => order({ order: 'leave', name }),
    close: () =>
      new Promise<void>((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve()
        const limit = setTimeout(() => child.kill('SIGKILL'), 5_000)
        child.once('exit', () => {
          clearTimeout(limit)
          resolve()
        })
        if (child.connected) child.disconnect()
      }),
  }
}
export type Puppets = ReturnType<typeof openPuppets>
