import { Trans, useLingui } from '@lingui/react/macro'
import { Go } from '../../../platform/web/route.tsx'
import { ErrorSentence } from '../../../platform/web/ui/light/index.ts'
import { QrPicture } from '../../../platform/web/ui/light/QrPicture.tsx'
import styles from './console.module.css'
import { useHallCode } from './useHallCode.ts'
import { hallCodeSays } from './words.ts'

/** The hall's changing code on its big screen: a link every phone's own camera opens. */
export function HallCode({ site, conference }: { site: string; conference: string }) {
  const { t } = useLingui()
  const { code, refused } = useHallCode(conference, site)
  return (
    <main id="noi-dung" className={styles.wall}>
      <h1>
        <Trans>Quét mã này để ghi có mặt</Trans>
      </h1>
      {code && <QrPicture text={code.url} label={t`Mã của hội trường`} />}
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
