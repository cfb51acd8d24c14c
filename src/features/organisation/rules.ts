// What is true of a tree and of the people in it, whatever the database.
import { fold } from '../../kernel/fold.ts'

export type Branch = { unitId: string; parentId?: string | undefined; code: string; keepsNames: boolean }
export type Standing = {
  unitId: string
  parentId: string | undefined
  /** From the root to the unit itself. */
  path: string[]
  /** The unit whose officers see these people's names. */
  grassrootsId: string | undefined
  /** A subtree is a range: `lft between a.lft and a.rgt`. */
  lft: number
  rgt: number
  /** 0 at a root. */
  depth: number
  children: number
}

const byCode = new Intl.Collator('vi', { numeric: true }).compare

/**
 * Numbers a forest so that every subtree is one range; siblings stand in the order of their codes.
 * A parent that is not among the branches makes its child a root. Throws on a cycle: whoever writes parents must have refused it.
 */
export function plant(branches: readonly Branch[]): Standing[] {
  const known = new Map(branches.map((branch) => [branch.unitId, branch]))
  const below = new Map<string | undefined, Branch[]>()
  for (const branch of branches) {
    const parentId = branch.parentId !== undefined && known.has(branch.parentId) ? branch.parentId : undefined
    const siblings = below.get(parentId)
    if (siblings) siblings.push(branch)
    else below.set(parentId, [branch])
  }
  const planted: Standing[] = []
  let count = 0
  const visit = (branch: Branch, above: Standing | undefined) => {
    const children = (below.get(branch.unitId) ?? []).sort((one, other) => byCode(one.code, other.code))
    const standing: Standing = {
      unitId: branch.unitId,
      parentId: above?.unitId,
      path: [...(above?.path ?? []), branch.unitId],
      grassrootsId: grassrootsOf(branch, above, children.length),
      lft: ++count,
      rgt: 0,
      depth: (above?.depth ?? -1) + 1,
      children: children.length,
    }
    planted.push(standing)
    for (const child of children) visit(child, standing)
    standing.rgt = ++count
  }
  for (const root of (below.get(undefined) ?? []).sort((one, other) => byCode(one.code, other.code)))
    visit(root, undefined)
  if (planted.length !== branches.length) throw new Error('a tree with a cycle cannot be planted')
  return planted
}
/** The nearest unit above (or the unit itself) that keeps names; a leaf with none above is a grassroots cell of its own. */
function grassrootsOf(branch: Branch, above: Standing | undefined, children: number): string | undefined {
  if (above?.grassrootsId !== undefined) return above.grassrootsId
  return branch.keepsNames || children === 0 ? branch.unitId : undefined
}

/** The chain that bites its own tail, in order, or nothing: A → B → C (→ A). */
export function findCycle(parentOf: ReadonlyMap<string, string | undefined>): string[] | undefined {
  const cleared = new Set<string>()
  for (const start of parentOf.keys()) {
    const walked: string[] = []
    const here = new Set<string>()
    for (let at: string | undefined = start; at !== undefined && !cleared.has(at); at = parentOf.get(at)) {
      if (here.has(at)) return walked.slice(walked.indexOf(at))
      here.add(at)
      walked.push(at)
    }
    for (const one of walked) cleared.add(one)
  }
  return undefined
}

/** An identity or card number where none may stand: 9 or 12 bare digits, or NN.NNNNNN. */
export const looksLikeIdentityNumber = (text: string): boolean =>
  /^(\d{9}|\d{12}|\d{2}\.\d{6})$/.test(text.replace(/[\s\u00a0-]/g, ''))
/** Columns nobody may bring: «Số thẻ đảng viên», «CCCD», «Số CMND». */
export const isForbiddenHeader = (header: string): boolean =>
  /\b(so the( dang( vien)?)?|cccd|cmnd|cmtnd|can cuoc( cong dan)?|chung minh nhan dan|dinh danh( ca nhan)?|ho chieu)\b/.test(
    fold(header).replace(/[^a-z0-9]+/g, ' '),
  )

/** «0912 345 678», «+84 912…», «912345678» (Excel ate the zero) → «0912345678»; undefined when it is no telephone number. */
export function tidyPhone(text: string): string | undefined {
  const digits = text.replace(/[\s.()\u00a0-]/g, '')
  if (/^\+?84[2-9]\d{8,9}$/.test(digits)) return `0${digits.replace(/^\+?84/, '')}`
  if (/^0[2-9]\d{8,9}$/.test(digits)) return digits
  return /^[235789]\d{8}$/.test(digits) ? `0${digits}` : undefined
}
export const isEmail = (text: string): boolean => /^[^\s@,;]+@[^\s@,;]+\.[^\s@.,;]{2,}$/.test(text)

/** The day after: a file's «đến ngày» is the last day that counts, ours the first that does not. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

export type ExemptionCell = { exempt: false } | { exempt: true; from?: string; to?: string }
const dayPattern = /(\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{4}-\d{1,2}-\d{1,2})/g

/** «x», «từ 01/01/2021 đến 31/12/2021», «01/01/2021–31/12/2021», «từ 01/01/2021». `to` is the first day without it. */
export function readExemption(
  text: string,
  parseDay: (text: string) => string | undefined,
): ExemptionCell | 'unreadable' {
  const folded = fold(text)
  if (['', '0', 'khong', 'k', 'v'].includes(folded)) return { exempt: false }
  if (['x', 'co', '1', 'mien', 'p'].includes(folded)) return { exempt: true }
  const days = (text.match(dayPattern) ?? []).map(parseDay)
  if (days.length === 0 || days.length > 2 || days.some((day) => day?.length !== 10)) return 'unreadable'
  const rest = folded.replace(dayPattern, '').replace(/tu ngay|den ngay|den het|tu|den|[\s–—\-:.,]/g, '')
  if (rest !== '') return 'unreadable'
  const [from, to] = days as string[]
  if (days.length === 1)
    return /^(tu|\d)/.test(folded) && !folded.startsWith('den') ? { exempt: true, from: from! } : 'unreadable'
  return to! < from! ? 'unreadable' : { exempt: true, from: from!, to: dayAfter(to!) }
}

/**
 * The nearest of known codes or names to what was typed: the same but for case, accents and punctuation first, else at most two
 * letters off. Undefined when nothing is near.
 */
export function nearest(typed: string, known: Iterable<string>): string | undefined {
  const bare = (text: string) => fold(text).replace(/[^a-z0-9]/g, '')
  const wanted = bare(typed)
  const allowed = wanted.length <= 4 ? 1 : 2
  let best: string | undefined
  let bestDistance = allowed + 1
  for (const candidate of known) {
    const other = bare(candidate)
    if (other === wanted) return candidate
    if (Math.abs(other.length - wanted.length) >= bestDistance) continue
    const distance = editDistance(wanted, other, bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}
/** Letters to insert, drop or change to get from one to the other; counting stops at `limit`. */
function editDistance(one: string, other: string, limit: number): number {
  let previous = Array.from({ length: other.length + 1 }, (_, i) => i)
  for (let i = 1; i <= one.length; i++) {
    const current = [i]
    for (let j = 1; j <= other.length; j++)
      current[j] = Math.min(
        previous[j]! + 1,
        current[j - 1]! + 1,
        previous[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1),
      )
    if (Math.min(...current) >= limit) return limit
    previous = current
  }
  return previous[other.length]!
}
