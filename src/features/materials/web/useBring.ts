import { useQueryClient } from '@tanstack/react-query'
import { useCallback, useRef, useState } from 'react'
import { newId } from '../../../kernel/id.ts'
import type { Refusal } from '../../../platform/web/client.ts'
import { sendFile } from '../../../platform/web/client.ts'
import { listMaterials, material, uploadLimitBytes, uploadPath } from '../contract.ts'

/** A file on its way. The id is made here, so that sending again after a lost line is harmless. */
export type Bringing = {
  versionId: string
  file: File
  materialId: string | undefined
  topicId: string | undefined
  state: 'waiting' | 'sending' | 'refused'
  /** 0 to 1. */
  share: number
  refused: Refusal | undefined
}

/** Files one after another: two at once only make each other slow on a weak line. */
export function useBring(conferenceId: string, { onDone }: { onDone?: (versionId: string) => void } = {}) {
  const answers = useQueryClient()
  const [files, setFiles] = useState<readonly Bringing[]>([])
  const queue = useRef<Bringing[]>([])
  const running = useRef<{ versionId: string; stop: AbortController } | undefined>(undefined)
  const done = useRef(onDone)
  done.current = onDone

  const change = useCallback(
    (versionId: string, to: Partial<Bringing>) =>
      setFiles((known) => known.map((one) => (one.versionId === versionId ? { ...one, ...to } : one))),
    [],
  )
  const forget = useCallback(
    (versionId: string) => setFiles((known) => known.filter((one) => one.versionId !== versionId)),
    [],
  )
  const run = useCallback(async () => {
    if (running.current) return
    for (let next = queue.current.shift(); next; next = queue.current.shift()) {
      const { versionId, file, materialId, topicId } = next
      const stop = new AbortController()
      running.current = { versionId, stop }
      change(versionId, { state: 'sending', share: 0, refused: undefined })
      const fields = { conferenceId, versionId, ...(materialId ? { materialId } : {}), ...(topicId ? { topicId } : {}) }
      const answer = await sendFile(uploadPath, file, fields, (share) => change(versionId, { share }), stop.signal)
      if (answer.ok) {
        await Promise.all([listMaterials, material].map(({ name }) => answers.invalidateQueries({ queryKey: [name] })))
        forget(versionId)
        done.current?.(versionId)
      } else if (stop.signal.aborted) forget(versionId)
      else change(versionId, { state: 'refused', refused: answer })
    }
    running.current = undefined
  }, [conferenceId, change, forget, answers])

  const bring = useCallback(
    (file: File, { materialId, topicId }: { materialId?: string; topicId?: string } = {}) => {
      const tooBig = file.size > uploadLimitBytes
      const added: Bringing = {
        versionId: newId(),
        file,
        materialId,
        topicId,
        state: tooBig ? 'refused' : 'waiting',
        share: 0,
        // Known before a byte is sent.
        refused: tooBig ? { refused: 'tooBig' } : undefined,
      }
      setFiles((known) => [...known, added])
      if (!tooBig) queue.current.push(added)
      void run()
    },
    [run],
  )
  const again = useCallback(
    (it: Bringing) => {
      change(it.versionId, { state: 'waiting', share: 0, refused: undefined })
      queue.current.push(it)
      void run()
    },
    [change, run],
  )
  const stop = useCallback(
    (versionId: string) => {
      queue.current = queue.current.filter((one) => one.versionId !== versionId)
      if (running.current?.versionId === versionId) running.current.stop.abort()
      else forget(versionId)
    },
    [forget],
  )
  return { files, bring, again, stop }
}
