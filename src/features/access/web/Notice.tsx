import { Trans } from '@lingui/react/macro'
import { useLanguage } from '../../../platform/web/i18n.ts'
import { LightPage, Section } from '../../../platform/web/ui/light/index.ts'
import { notice, noticeVersion } from '../notice.ts'
import { purposes } from '../purposes.ts'

/** The notice itself, part by part. */
export function NoticeText({ level = 2 }: { level?: 2 | 3 }) {
  const language = useLanguage()
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <div className="stack">
      {notice.map(({ title, text }) => (
        <section key={title.vi}>
          <Heading>{title[language]}</Heading>
          <p>{text[language]}</p>
        </section>
      ))}
      <p className="second small">
        <Trans>Bản {noticeVersion}</Trans>
      </p>
    </div>
  )
}

/** For everybody: the notice, and every kind of data with its purpose. */
export function NoticePage() {
  const language = useLanguage()
  return (
    <LightPage>
      <h1>
        <Trans>Thông báo về dữ liệu cá nhân</Trans>
      </h1>
      <NoticeText />
      <Section title={<Trans>Từng loại dữ liệu</Trans>}>
        <div className="rows">
          {purposes
            .filter(({ table }) => table !== 'demo_person')
            .map(({ table, columns, purpose, retention, audience }) => (
              <div key={`${table} ${columns[0]}`}>
                <div>
                  <b>{purpose[language]}</b>
                  <p className="second small">
                    <Trans>
                      Giữ: {retention[language]}. Người xem: {audience[language]}.
                    </Trans>
                  </p>
                </div>
              </div>
            ))}
        </div>
      </Section>
    </LightPage>
  )
}
