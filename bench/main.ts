// npm run bench            every bench, one after another
// npm run bench checkin    one of them
// A bench is bench/<name>.ts: it prints a table for people and, for machines, a line of JSON per case. The lines of all
// are repeated at the very end; the run fails when a case missed its budget or a bench broke.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const folder = import.meta.dirname
const known = fs
  .readdirSync(folder)
  .filter((file) => /^\w+\.ts$/.test(file) && !['main.ts', 'conditions.ts'].includes(file))
  .map((file) => file.replace('.ts', ''))
  .sort()
const wanted = process.argv.slice(2)
const strange = wanted.find((name) => !known.includes(name))
if (strange !== undefined) {
  process.stderr.write(`Không có bench «${strange}»; có: ${known.join(', ')}\n`)
  process.exit(2)
}

const lines: string[] = []
let broken = 0
for (const name of wanted.length > 0 ? wanted : known) {
  process.stdout.write(`\n── ${name} ──\n`)
  const code = await run(name)
  const missed = lines.some((line) => JSON.parse(line).pass === false)
  if (code !== 0 && !missed) broken++
}
process.stdout.write(`\n${lines.map((line) => `${line}\n`).join('')}`)
process.exit(broken > 0 || lines.some((line) => JSON.parse(line).pass === false) ? 1 : 0)

function run(name: string): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(folder, `${name}.ts`)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let rest = ''
    const show = (line: string) => {
      if (line.startsWith('{"bench"')) lines.push(line)
      else process.stdout.write(`${line}\n`)
    }
    child.stdout.on('data', (part: Buffer) => {
      const all = (rest + part.toString()).split('\n')
      rest = all.pop() ?? ''
      for (const line of all) show(line)
    })
    child.on('close', (code) => {
      if (rest) show(rest)
      resolve(code ?? 1)
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal))
  })
}
