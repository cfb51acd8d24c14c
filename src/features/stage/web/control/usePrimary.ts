import { useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { newId } from '../../../../kernel/id.ts'
import { useAnswer } from '../../../../platform/web/answers.ts'
import * as contract from '../../contract.ts'
import type { Wall } from '../../wall.ts'
import { shortName } from './names.ts'
import { type Director, sameSource } from './useDirector.ts'
import type { Preview } from './usePreview.ts'
import { says, stageNotReady } from './words.ts'

export type Primary = {
  words: string
  run: () => void
  doing: boolean
  /** Why it cannot be pressed now; empty when it can. */
  why: string
  /** The reason is seen anyway, and is told only to a screen reader. */
  plain?: boolean
}

/** The one action of this moment: open the stage, begin, go on, ask the hall in, or put the preview on air. */
export function usePrimary(
  { sessionId, act, take, taking }: Director,
  { state, shown }: Wall,
  { pick, part, name }: Preview,
  { cutWhy, askOnAir }: { cutWhy: string; askOnAir: () => void },
) {
  const { t, i18n } = useLingui()
  const ready = useAnswer(contract.stageReady, state === 'closed' && {}, { everyMs: 10_000 }).value
  const [doing, setDoing] = useState(false)
  const doOnce = async (deed: Promise<unknown>) => {
    setDoing(true)
    await deed
    setDoing(false)
  }
  const goOnAir = () => void doOnce(act(contract.goOnAir, { sessionId }, says.goOnAir))

  const primary = (): Primary | undefined => {
    const now = { doing, why: cutWhy }
    if (state === 'ended') return undefined
    if (state === 'closed')
      return {
        words: t`Mở sân khấu`,
        doing,
        why: cutWhy || (ready && !ready.ready ? i18n._(stageNotReady[ready.because]) : ''),
        run: () => void doOnce(act(contract.openStage, { sessionId }, says.openStage)),
      }
    if (state === 'backstage') return { ...now, words: t`Bắt đầu phát`, run: askOnAir }
    if (state === 'break') return { ...now, words: t`Phát tiếp`, run: goOnAir }
    const short = shortName(name)
    if (pick && !pick.source)
      return {
        ...now,
        words: t`Mời ${short} vào`,
        run: () =>
          void doOnce(act(contract.callSite, { sessionId, siteId: pick.siteId, handId: newId() }, says.callSite)),
      }
    const onAir = sameSource(pick?.source, shown?.source)
    const away = part !== undefined && !part.connected && part.kind !== 'telephone'
    const why = !pick
      ? t`Chưa chọn nguồn để xem trước.`
      : onAir
        ? t`Nguồn này đang phát.`
        : away
          ? t`Nơi này chưa nối vào sân khấu.`
          : ''
    return {
      words: t`Đưa lên phát`,
      doing: taking,
      why: cutWhy || why,
      plain: cutWhy === '' && (!pick || onAir),
      run: () => pick && void take(pick.source, name),
    }
  }
  return { primary: primary(), doing, goOnAir }
}
