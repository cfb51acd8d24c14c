import { useCallback, useState } from 'react'
import type { Operation } from '../../../../platform/contract.ts'
import { call, type InputOf, type Refusal, type ValueOf } from '../../../../platform/web/client.ts'
import type { Words } from '../../../../platform/web/refusals.tsx'

export type Trouble = { refusal: Refusal; words: Partial<Record<string, Words>> }

/** Does things whose outcome comes back by the live channel; what was refused last is kept to be said in words. */
export function useDeeds() {
  const [trouble, setTrouble] = useState<Trouble>()
  const act = useCallback(
    async <Op extends Operation>(
      operation: Op,
      input: InputOf<Op>,
      words: Partial<Record<string, Words>> = {},
    ): Promise<ValueOf<Op> | undefined> => {
      const answer = await call(operation, input)
      setTrouble(answer.ok ? undefined : { refusal: answer, words })
      // An answer without content is still a yes.
      return answer.ok ? (answer.value ?? ({} as ValueOf<Op>)) : undefined
    },
    [],
  )
  const forgetTrouble = useCallback(() => setTrouble(undefined), [])
  return { act, trouble, setTrouble, forgetTrouble }
}
