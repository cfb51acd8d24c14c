import { useLingui } from '@lingui/react'
import { Trans } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatDay, formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import { useLanguage } from '../../../platform/web/i18n.ts'
import { Go, goTo } from '../../../platform/web/route.tsx'
import { Button, ButtonLink, ErrorSentence, Facts, LightPage, Section } from '../../../platform/web/ui/light/index.ts'
import * as contract from '../contract.ts'
import { listWords } from './logWords.ts'
import { Opening } from './Opening.tsx'

/** Everything kept about me, who looked, a copy to take away. */
export function MyData() {
  const { value, refused, waiting, again } = useAnswer(contract.myData, {})
  useEffect(() => {
    if (refused?.refused === 'confirmFirst') goTo('/toi/xac-nhan?ve=%2Ftoi%2Fdu-lieu', { replace: true })
  }, [refused?.refused])
  return (
    <LightPage>
      <p>
        <Go href="/toi">
          <Trans>‹ Trang của tôi</Trans>
        </Go>
      </p>
      <h1>
        <Trans>Dữ liệu của tôi</Trans>
      </h1>
      {refused?.refused !== 'confirmFirst' && <ErrorSentence refused={refused} again={again} />}
      {waiting && <Opening lines={6} />}
      {value && (
        <>
          <p className="second">
            <Trans>
              Đây là tất cả những gì hệ thống giữ về đồng chí. Thấy sai hoặc muốn xoá, đồng chí báo bí thư chi bộ; được
              trả lời trong hai ngày làm việc.
            </Trans>
          </p>
          <p className="row">
            <ButtonLink href={fileHref(contract.exportMyData, {})} download="">
              <Trans>Tải một bản về máy</Trans>
            </ButtonLink>
            <a href="/thong-bao-du-lieu">
              <Trans>Thông báo về dữ liệu</Trans>
            </a>
          </p>
          <Looks />
          {value.sections.map((section) => (
            <Held key={section.key} section={section} />
          ))}
          <SignOutEverywhere />
        </>
      )}
    </LightPage>
  )
}

function Looks() {
  const { _ } = useLingui()
  const [page, setPage] = useState(1)
  const { value, refused, waiting, again } = useAnswer(contract.looksAtMe, { page, size: 10 })
  const total = formatCount(value?.total ?? 0)
  const pages = Math.max(1, Math.ceil((value?.total ?? 0) / 10))
  return (
    <Section
      title={<Trans>Ai đã xem dữ liệu của tôi</Trans>}
      {...(value ? { aside: value.total > 0 ? <Trans>{total} lượt</Trans> : '' } : {})}
    >
      {waiting && <Opening lines={3} />}
      <ErrorSentence refused={refused} again={again} />
      {value?.total === 0 && (
        <p>
          <Trans>Chưa có ai mở danh sách nào có tên đồng chí.</Trans>
        </p>
      )}
      <div className="rows">
        {value?.rows.map(({ at, who, list, howMany, reason }) => {
          const others = formatCount(howMany)
          return (
            <div key={`${at} ${list} ${who}`}>
              <div>
                <b>{who}</b>
                <p>
                  {_(listWords(list))}
                  {howMany > 1 && (
                    <>
                      {', '}
                      <Trans>danh sách {others} người</Trans>
                    </>
                  )}
                </p>
                <p className="second small num">
                  {formatMoment(new Date(at))}
                  {reason && (
                    <>
                      {' · '}
                      <Trans>Lý do: {reason}</Trans>
                    </>
                  )}
                </p>
              </div>
            </div>
          )
        })}
      </div>
      {pages > 1 && (
        <div className="row" data-spread="">
          <Button small disabled={page === 1} onClick={() => setPage(page - 1)}>
            <Trans>Mới hơn</Trans>
          </Button>
          <span className="num second">
            {page} / {pages}
          </span>
          <Button small disabled={page >= pages} onClick={() => setPage(page + 1)}>
            <Trans>Cũ hơn</Trans>
          </Button>
        </div>
      )}
    </Section>
  )
}

type HeldSection = ValueOf<typeof contract.myData>['sections'][number]
function Held({ section }: { section: HeldSection }) {
  const language = useLanguage()
  return (
    <Section title={section.title[language]}>
      {section.rows.length === 0 && (
        <p className="second">
          <Trans>Không có gì.</Trans>
        </p>
      )}
      <div className="rows">
        {section.rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of one's own data have no identity and do not move
          <div key={at}>
            <Facts
              facts={Object.entries(section.fields)
                .filter(([name]) => row[name] !== null && row[name] !== undefined && row[name] !== '')
                .map(([name, words]) => [words[language], shown(row[name])] as const)}
            />
          </div>
        ))}
      </div>
      <p className="second small">{section.retain[language]}</p>
    </Section>
  )
}
const shown = (value: unknown): string => {
  const text = String(value)
  if (/^\d{4}-\d\d-\d\dT/.test(text)) return formatMoment(new Date(text))
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return formatDay(text)
  return typeof value === 'object' ? JSON.stringify(value) : text
}

function SignOutEverywhere() {
  const out = useOperation(contract.signOutEverywhere, { refresh: [] })
  if (out.value)
    return (
      <p role="status">
        <Trans>Đã đăng xuất khỏi mọi máy. Muốn vào lại, đồng chí mở đường dẫn chi bộ đã gửi.</Trans>
      </p>
    )
  return (
    <Section title={<Trans>Mất máy hoặc dùng máy chung</Trans>}>
      <div className="stack">
        <p>
          <Trans>Đăng xuất ở mọi nơi thì máy nào cũng phải mở lại đường dẫn và nhập mã PIN.</Trans>
        </p>
        <ErrorSentence refused={out.refused} />
        <p>
          <Button doing={out.doing} onClick={() => void out.run({})}>
            <Trans>Đăng xuất ở mọi nơi</Trans>
          </Button>
        </p>
      </div>
    </Section>
  )
}
