import { lazy, Suspense } from 'react'
import * as broadcast from '../../../features/broadcast/contract.ts'
import { Player } from '../../../features/broadcast/web/index.ts'
import { loadControlRoom } from '../../../features/stage/web/index.ts'
import { useOperation } from '../../../platform/web/answers.ts'
import { useTopic } from '../../../platform/web/live.ts'

const Room = lazy(async () => ({ default: await loadControlRoom() }))

/** The control room: the stage's, with the broadcast's player and its news. */
export function ControlRoom({ session }: { session: string }) {
  const { snapshot } = useTopic(broadcast.programme, { sessionId: session as never })
  const { run } = useOperation(broadcast.restartProgramme)
  const { state, because, behindSeconds } = snapshot ?? {}
  return (
    <Suspense fallback={null}>
      <Room
        session={session}
        Programme={Player}
        programme={
          state === undefined
            ? undefined
            : {
                state,
                because: because ?? '',
                behindSeconds: behindSeconds ?? 0,
                // Only a programme that runs, or has stopped by a fault, can be started anew.
                restart:
                  state === 'running' || state === 'failed' || state === 'waiting'
                    ? () => void run({ sessionId: session })
                    : undefined,
              }
        }
      />
    </Suspense>
  )
}
