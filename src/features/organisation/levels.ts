// Free words for levels («Loại») find their level, or become one: no province's words are in the code.
import { fold } from '../../kernel/fold.ts'

export type LevelShape = { levelId?: string | undefined; rank: number; name: string; keepsNames: boolean }
export type Scheme = { schemeId: string; code: string; shared: boolean; levels: readonly LevelShape[] }
export type LevelWord = {
  /** As the file writes it. */
  word: string
  count: number
  /** How deep its units usually stand below the register's root: 0 for the root. */
  depth: number
  /** Most of the units below its units are leaves: here names are kept. */
  aboveLeaves: boolean
}
export type LevelChoice = LevelWord & {
  level: LevelShape
  /** How the word found its level; `new` and `depth` are worth a person's look. */
  by: 'chosen' | 'remembered' | 'name' | 'depth' | 'new'
}
export type LevelPlan = {
  choices: LevelChoice[]
  /** What the units' levels belong to: a scheme that exists, or the register's own, to be made (a copy of `copyOf`, when given). */
  scheme: { schemeId: string } | { own: true; copyOf?: string | undefined; levels: LevelShape[] }
  /** To be added to the scheme that exists, when it is the register's own. */
  added: LevelShape[]
}

const key = (word: string) => fold(word)

/**
 * Chooses a level for every word of a file. The register's scheme goes first, else the shared scheme that knows at least half of
 * the words (the later one among equals), else one of its own, made of the words at their depths.
 */
export function planLevels(
  words: readonly LevelWord[],
  known: {
    register?: Scheme | undefined
    shared: readonly Scheme[]
    /** Words of this register's earlier files. */
    remembered: ReadonlyMap<string, LevelShape>
    /** What a person chose: word → name of a level, which may be a new one. */
    chosen: ReadonlyMap<string, string>
  },
): LevelPlan {
  const base = known.register ?? nearestScheme(words, known.shared)
  const levels: LevelShape[] = [...(base?.levels ?? [])]
  const added: LevelShape[] = []
  const make = (name: string, { depth, aboveLeaves }: LevelWord): LevelShape => {
    const level = { rank: depth + 1, name, keepsNames: aboveLeaves }
    levels.push(level)
    added.push(level)
    return level
  }
  const named = (name: string) => levels.find((level) => key(level.name) === key(name))
  const choices = words.map((word): LevelChoice => {
    const chosen = known.chosen.get(key(word.word))
    if (chosen) return { ...word, level: named(chosen) ?? make(chosen, word), by: 'chosen' }
    const remembered = known.remembered.get(key(word.word))
    const before = remembered && named(remembered.name)
    if (before) return { ...word, level: before, by: 'remembered' }
    const same = named(word.word)
    if (same) return { ...word, level: same, by: 'name' }
    // A unit without a word takes the level of its depth.
    const atDepth = word.word === '' ? levels.find(({ rank }) => rank === word.depth + 1) : undefined
    if (atDepth) return { ...word, level: atDepth, by: 'depth' }
    return { ...word, level: make(word.word || `Cấp ${word.depth + 1}`, word), by: 'new' }
  })
  if (base && (added.length === 0 || !base.shared)) return { choices, scheme: { schemeId: base.schemeId }, added }
  // Others read the shared scheme too: what is peculiar to this register goes into a scheme of its own.
  return { choices, scheme: { own: true, copyOf: base?.schemeId, levels }, added: [] }
}

function nearestScheme(words: readonly LevelWord[], shared: readonly Scheme[]): Scheme | undefined {
  const spoken = words.filter(({ word }) => word !== '')
  const knows = (scheme: Scheme) =>
    spoken.filter(({ word }) => scheme.levels.some((level) => key(level.name) === key(word))).length
  const deepest = Math.max(0, ...words.map(({ depth }) => depth))
  const best = shared
    .map((scheme) => ({ scheme, known: knows(scheme) }))
    .sort((one, other) => other.known - one.known)[0]
  if (!best) return undefined
  const deepEnough = Math.max(0, ...best.scheme.levels.map(({ rank }) => rank)) > deepest
  return (spoken.length > 0 && best.known * 2 >= spoken.length) || (spoken.length === 0 && deepEnough)
    ? best.scheme
    : undefined
}
