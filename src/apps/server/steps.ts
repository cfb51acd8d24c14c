// What a start consists of, in words: printed on the terminal, shown on the first page, told by /readyz.
export type StepState = 'waiting' | 'running' | 'done' | 'failed'
export type Step = {
  key: string
  vi: string
  en: string
  state: StepState
  /** Done so far, 0 to 1, where it can be told. */
  fraction?: number
  /** «61.204 / 97.319 người» */
  detail?: string
}
export type Steps = {
  all: () => readonly Step[]
  waitingFor: () => readonly Step[]
  /** Runs a step and answers what it answers; a fault is marked and passed on. */
  run: <T>(key: string, work: (progress: Progress) => Promise<T>) => Promise<T>
}
/** `fraction` from 0 to 1; `detail` in Vietnamese, without names of persons. */
export type Progress = (fraction: number, detail?: string) => void

export function openSteps(
  names: readonly { key: string; vi: string; en: string }[],
  tell: (line: string) => void,
): Steps {
  const steps: Step[] = names.map((name) => ({ ...name, state: 'waiting' }))
  return {
    all: () => steps,
    waitingFor: () => steps.filter(({ state }) => state !== 'done'),
    async run(key, work) {
      const step = steps.find((one) => one.key === key)
      if (!step) throw new Error(`no step ${key}`)
      const began = performance.now()
      let told = began
      step.state = 'running'
      try {
        const answer = await work((fraction, detail) => {
          step.fraction = Math.min(1, Math.max(0, fraction))
          if (detail) step.detail = detail
          // A long step speaks every ten seconds, so that a terminal shows that it lives.
          if (performance.now() - told < 10_000) return
          told = performance.now()
          tell(`  … ${step.vi}: ${Math.round(step.fraction * 100)}%${detail ? ` (${detail})` : ''}`)
        })
        step.state = 'done'
        tell(`  ✓ ${step.vi} (${secondsSince(began)} giây)`)
        return answer
      } catch (error) {
        step.state = 'failed'
        throw error
      }
    },
  }
}
export const secondsSince = (began: number) => ((performance.now() - began) / 1000).toFixed(1).replace('.', ',')
