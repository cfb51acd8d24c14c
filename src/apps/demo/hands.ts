// The demo's hands: everything is done by the operations people use, as somebody, at a moment that is given.
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import { createStaff, grant } from '../../features/access/server/index.ts'
import { type Actor, type Grant, machine, type Role, type ScopeKind } from '../../platform/rights.ts'
import type { Desk } from '../../platform/server/desk.ts'
import { type ImportOutcome, runImport } from '../../platform/server/imports/index.ts'
import { type AnyServed, perform } from '../../platform/server/operate.ts'
import { features, importKindsOf } from '../server/features.ts'

/** `fraction` of the step from 0 to 1; `detail` in Vietnamese, without names of persons. */
export type Tell = (fraction: number, detail?: string) => void
export type Hand = {
  actor: Actor
  act: <Out = unknown>(served: AnyServed, now: Date, input: unknown) => Promise<Out>
  /** Brings a file in; throws when it has a problem. */
  bring: (
    kind: string,
    rows: readonly (readonly string[])[] | Buffer,
    options: Options,
    now: Date,
    tell?: Tell,
  ) => Promise<ImportOutcome>
}
type Options = Parameters<typeof runImport>[2]['options']

export function handOf(desk: Desk, actor: Actor): Hand {
  return {
    actor,
    act: async <Out>(served: AnyServed, now: Date, input: unknown) =>
      (await perform(desk, served, { actor, now, input })) as Out,
    async bring(kind, rows, options, now, tell) {
      const bytes = Buffer.isBuffer(rows) ? rows : csvOf(rows)
      const file = { bytes, fileName: `${kind}.csv` }
      const outcome = await runImport(
        desk,
        importKindsOf(desk),
        { kind, file, options, actor, now },
        ({ phase, done, total }) =>
          tell?.(
            total > 0 ? (phase === 'checking' ? 0.5 : 1) * (done / total) : 0,
            phase === 'checking' ? 'đang kiểm tra' : 'đang ghi',
          ),
      )
      if (!outcome.applied) throw new Error(`${kind}: ${JSON.stringify(outcome.problems.slice(0, 3))}`)
      return outcome
    },
  }
}
const csvOf = (rows: readonly (readonly string[])[]) =>
  Buffer.from(`\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\n')}\n`)
const cell = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/** The machine that makes the demo; it does only what nobody else may: the first accounts. */
export const maker = machine('demo')

export type Post = { role: Role; kind: ScopeKind; scopeId?: string | undefined }
export type StaffForm = { userName: string; name: string; posts: readonly Post[] }
/** Makes accounts and their grants where they are missing; a second time changes nothing. */
export async function employ(desk: Desk, now: Date, forms: readonly StaffForm[]): Promise<Map<string, Actor>> {
  const { act } = handOf(desk, maker)
  const found = await sql<{ id: string; userName: string; posts: string[] }>`
    select u.id, u.user_name as "userName", array(select g.role || ' ' || g.kind || ' ' || coalesce(g.scope_id::text, '')
      from role_grant g where g.user_id = u.id and g.revoked_at is null) as posts
    from staff_user u where u.user_name = any(${forms.map(({ userName }) => userName)}::text[])`.execute(desk.db)
  const known = new Map(found.rows.map((row) => [row.userName, row]))
  const made = new Map<string, Actor>()
  for (const { userName, name, posts } of forms) {
    const before = known.get(userName)
    const userId = before?.id ?? (await act<{ userId: string }>(createStaff, now, { userName, name })).userId
    for (const { role, kind, scopeId } of posts)
      if (!before?.posts.includes(`${role} ${kind} ${scopeId ?? ''}`))
        await act(grant, now, {
          userId,
          role,
          kind,
          ...(scopeId ? { scopeId } : {}),
          reason: 'Phân công trong bản dùng thử',
        })
    made.set(userName, staff(userName, userId, posts))
  }
  return made
}
const staff = (userName: string, userId: string, posts: readonly Grant[]): Actor => ({
  name: `nv:${userName}`,
  kind: 'staff',
  userId,
  assurance: 'confirmed',
  grants: posts,
})

/** The same id from the same words, so that a preparation that was cut short goes on and writes nothing twice. */
export function steadyId(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join(' ')).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
/** A number in [0, 1) from words: the same on every machine. */
export const chanceOf = (...words: readonly string[]): number =>
  createHash('sha256').update(words.join(' ')).digest().readUInt32BE(0) / 4_294_967_296

/** At most `width` at a time, in order. */
export async function eachOf<T>(
  all: readonly T[],
  width: number,
  work: (one: T, at: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    while (next < all.length) {
      const at = next++
      await work(all[at]!, at)
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, lane))
}

/** An operation that its feature lends to nobody by name, found where the server finds it. */
export function operation(name: string): AnyServed {
  const found = features.flatMap((feature) => feature.operations ?? []).find(({ it }) => it.name === name)
  if (!found) throw new Error(`no operation ${name}`)
  return found
}
