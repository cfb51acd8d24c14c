import { Trans, useLingui } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { call, type Refusal, type ValueOf } from '../../../platform/web/client.ts'
import { Go } from '../../../platform/web/route.tsx'
import { ErrorSentence } from '../../../platform/web/ui/light/index.ts'
import { QrPicture } from '../../../platform/web/ui/light/QrPicture.tsx'
import * as contract from '../contract.ts'
import { heardTime, serverNow } from './clock.ts'
import styles from './console.module.css'
import { hallCodeSays } from './words.ts'

/** The hall's changing code on its big screen: a link every phone's own camera opens. */
export function HallCode({ site, conference }: { site: string; conference: string }) {
  const { t } = useLingui()
  const [shown, setShown] = useState<ValueOf<typeof contract.hallCode>>()
  const [refused, setRefused] = useState<Refusal>()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>
    let over = false
    const ask = async () => {
      const askedAt = Date.now()
      const answer = await call(contract.hallCode, { conferenceId: conference as never, siteId: site as never })
      if (over) return
      if (answer.ok) {
        heardTime(answer.value.serverTime, askedAt)
        setShown(answer.value)
        setRefused(undefined)
      } else setRefused(answer)
      const wait = answer.ok ? new Date(answer.value.changesAt).getTime() - serverNow().getTime() + 300 : 3_000
      timer = setTimeout(() => void ask(), Math.max(1_000, wait))
    }
    void ask()
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [site, conference])
  return (
    <main id="noi-dung" className={styles.wall}>
      <h1>
        <Trans>Quét mã này để ghi có mặt</Trans>
      </h1>
      {shown && <QrPicture text={shown.url} label={t`Mã của hội trường`} />}
      <p>
        <Trans>Mở máy ảnh của điện thoại, đưa vào mã, rồi bấm đường dẫn hiện ra.</Trans>
      </p>
      <ErrorSentence refused={refused} words={hallCodeSays} />
      <p className="no-print">
        <Go href={`/diem-cau/${site}/${conference}/hoi-truong`}>
          <Trans>Thôi chiếu</Trans>
        </Go>
      </p>
    </main>
  )
}
