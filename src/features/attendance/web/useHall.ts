import { useCallback, useEffect, useMemo, useState } from 'react'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { type LiveView, useTopic } from '../../../platform/web/live.ts'
import * as contract from '../contract.ts'
import { currentCheckpoint } from '../rules.ts'
import { forget, heardTime, keep, kept, serverNow } from './clock.ts'
import { onAnswered, useOutbox, type Write } from './outbox.ts'

// One hall at one conference as its console sees it: the kept list, the live board, and what waits to be sent.

export type Sheet = ValueOf<typeof contract.siteRoll>
export type Person = Sheet['roll'][number]
export type Board = LiveView<import('zod').z.output<typeof contract.SiteBoard>>['snapshot']
export type Point = ValueOf<typeof contract.listCheckpoints>['checkpoints'][number]
/** Somebody who is in: since when, late by how many minutes (-1: kept, not counted yet), or still waiting to be sent. */
export type Here = { at: Date; late: number; sent: boolean }

const measureMs = 60_000

type Kept = {
  sheet?: Sheet
  rollAt?: string
  board?: NonNullable<Board>
  points?: readonly Point[]
  names?: Record<string, { name: string; unit: string }>
}

export type Hall = ReturnType<typeof useHall>
export function useHall(conferenceId: string, siteId: string) {
  const key = `diem-cau.hall.${conferenceId}.${siteId}`
  const [own, setOwn] = useState<Kept>(() => readKept(key))
  const [rollRefused, setRollRefused] = useState<Refusal>()
  const [asking, setAsking] = useState(false)
  const [lineMs, setLineMs] = useState<number>()
  const live = useTopic(contract.site, { conferenceId, siteId })
  const outbox = useOutbox()

  const remember = useCallback(
    (change: Partial<Kept>) =>
      setOwn((before) => {
        const next = { ...before, ...change }
        keep(key, JSON.stringify(next))
        return next
      }),
    [key],
  )
  /** Opening the list is one look in everybody's record, so it is asked for once and kept. */
  const askRoll = useCallback(async () => {
    setAsking(true)
    const answer = await call(contract.siteRoll, { conferenceId, siteId })
    setAsking(false)
    if (answer.ok) {
      setRollRefused(undefined)
      remember({ sheet: answer.value, rollAt: new Date().toISOString() })
    } else {
      setRollRefused(answer)
      if (['tooLate', 'notYours', 'paperOnly'].includes(answer.refused)) {
        forget(key)
        setOwn({})
      }
    }
  }, [conferenceId, siteId, key, remember])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the hall changes; the list is renewed by hand
  useEffect(() => {
    const fresh = own.rollAt && Date.now() - new Date(own.rollAt).getTime() < 12 * 3_600_000
    if (!fresh) void askRoll()
  }, [askRoll])

  const measure = useCallback(async () => {
    const askedAt = Date.now()
    const answer = await call(contract.listCheckpoints, { conferenceId }, { tries: 1 })
    if (!answer.ok) return setLineMs(undefined)
    setLineMs(Date.now() - askedAt)
    heardTime(answer.value.serverTime, askedAt)
    remember({ points: answer.value.checkpoints })
  }, [conferenceId, remember])
  useEffect(() => {
    void measure()
    const timer = setInterval(() => void measure(), measureMs)
    return () => clearInterval(timer)
  }, [measure])

  useEffect(() => {
    if (live.snapshot) remember({ board: live.snapshot })
  }, [live.snapshot, remember])
  // Names of people who came without being on the list are told once, when they are written down.
  useEffect(
    () =>
      onAnswered((write: Write, value: ValueOf<typeof contract.checkIn>) => {
        if (write.kind !== 'checkIn' || !value.person) return
        const { person, personId } = value
        setOwn((before) => {
          const next = { ...before, names: { ...before.names, [personId]: person } }
          keep(key, JSON.stringify(next))
          return next
        })
      }),
    [key],
  )

  const board = live.snapshot ?? own.board
  const points = own.points ?? board?.checkpoints ?? []
  const [chosen, setChosen] = useState<string>()
  const current = currentCheckpoint(
    points.map((one) => ({ ...one, opensAt: new Date(one.opensAt) })),
    serverNow(),
  )
  const point = points.find(({ checkpointId }) => checkpointId === (chosen ?? current?.checkpointId))

  const byId = useMemo(() => {
    const people = new Map<string, { name: string; unit: string }>(Object.entries(own.names ?? {}))
    for (const person of own.sheet?.roll ?? []) people.set(person.personId, person)
    return people
  }, [own.sheet, own.names])
  const byCode = useMemo(
    () => new Map((own.sheet?.roll ?? []).map((person) => [person.doorCode, person] as const)),
    [own.sheet],
  )
  const here = useMemo(
    () => (point ? standing(board, outbox.waiting, point.checkpointId) : new Map<string, Here>()),
    [board, outbox.waiting, point],
  )
  const before = useMemo(() => {
    const at = points.findIndex(({ checkpointId }) => checkpointId === point?.checkpointId)
    return at > 0 ? points[at - 1] : undefined
  }, [points, point])

  return {
    conferenceId,
    siteId,
    sheet: own.sheet,
    rollAt: own.rollAt ? new Date(own.rollAt) : undefined,
    rollRefused,
    asking,
    askRoll,
    measure,
    lineMs,
    live,
    board,
    points,
    point,
    before,
    choosePoint: setChosen,
    byId,
    byCode,
    here,
    hereBefore: before ? standing(board, [], before.checkpointId) : new Map<string, Here>(),
    outbox,
    /** Present at the checkpoint, as the board and the unsent together say. */
    present: [...here.values()].filter(({ late }) => late >= 0).length,
    summoned: board?.summoned ?? own.sheet?.roll.length,
  }
}

function readKept(key: string): Kept {
  try {
    return JSON.parse(kept(key) ?? '{}')
  } catch {
    return {}
  }
}

function standing(board: Board, waiting: readonly Write[], checkpointId: string): Map<string, Here> {
  const here = new Map<string, Here>()
  for (const [personId, at, when, , late] of board?.arrivals ?? [])
    if (at === checkpointId) here.set(personId, { at: new Date(when), late, sent: true })
  for (const { kind, input, madeAt, personId } of waiting) {
    if (input.checkpointId !== checkpointId || !personId) continue
    if (kind === 'checkIn' && !here.has(personId)) here.set(personId, { at: new Date(madeAt), late: 0, sent: false })
    if (kind === 'withdrawArrival') here.delete(personId)
  }
  return here
}
