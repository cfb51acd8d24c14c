import { msg } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { useState } from 'react'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import { Button, Choice, ErrorSentence, LightPage } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { noticeVersion } from '../notice.ts'
import { NoticeText } from './Notice.tsx'
import { Opening } from './Opening.tsx'
import { wayBack } from './wayBack.ts'

const says = {
  expiredLink: msg`Đường dẫn này không còn dùng được: đã được thay bằng đường dẫn mới, đã thu hồi, hoặc đợt học tập đã kết thúc. Đồng chí hỏi bí thư chi bộ để nhận đường dẫn mới.`,
  noticeFirst: msg`Đồng chí đọc thông báo rồi đánh dấu vào ô bên dưới.`,
  tooManyTries: msg({
    message: 'Mạng này đã thử sai quá nhiều lần. Đồng chí chờ {minutes} phút, hoặc dùng mạng khác.',
  }),
} satisfies WordsFor<typeof contract.enter>

/** What an entry link opens: who it is for, the notice once, one button. */
export function Enter({ token }: { token: string }) {
  const { value, refused, waiting, again } = useAnswer(contract.seeLink, { token }, { staleMs: 600_000 })
  const enter = useOperation(contract.enter, {
    refresh: [],
    done: () => location.assign(wayBack(location.search, '/toi')),
  })
  const [read, setRead] = useState(false)
  if (!value)
    return (
      <LightPage>
        {waiting && <Opening lines={5} />}
        {refused && (
          <>
            <h1>
              <Trans>Chưa vào được</Trans>
            </h1>
            <ErrorSentence refused={refused} words={says} {...(refused.refused === 'offline' ? { again } : {})} />
          </>
        )}
      </LightPage>
    )
  const go = () => void enter.run({ token, ...(value.noticeSeen ? {} : { noticeVersion }) })
  return (
    <LightPage>
      <div className="stack" data-gap="s">
        <h1>
          <Trans>Chào đồng chí {value.name}</Trans>
        </h1>
        <p className="second">
          <Trans>Nếu không phải tên của đồng chí, xin đóng trang này và báo lại cho chi bộ.</Trans>
        </p>
      </div>
      {!value.noticeSeen && (
        <>
          <section className="stack">
            <p>
              <Trans>Trước khi vào lần đầu, mời đồng chí đọc về dữ liệu của mình.</Trans>
            </p>
            <NoticeText />
          </section>
          <Choice boxed checked={read} onChange={(event) => setRead(event.target.checked)}>
            <Trans>Tôi đã đọc thông báo này</Trans>
          </Choice>
        </>
      )}
      <ErrorSentence refused={enter.refused} words={says} />
      <Button look="go" wide big doing={enter.doing} disabled={!value.noticeSeen && !read} onClick={go}>
        <Trans>Vào trang của tôi</Trans>
      </Button>
    </LightPage>
  )
}
