import { Trans, useLingui } from '@lingui/react/macro'
import { formatClock, formatLongDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import {
  ButtonLink,
  ErrorSentence,
  Facts,
  PageHeading,
  PrintButton,
  Section,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { getProgramme, programmeFile } from '../contract.ts'
import css from './Programme.module.css'

/** The programme to read and to print. */
export function Programme({ conference: conferenceId }: { conference: string }) {
  const { t } = useLingui()
  const { value, refused, again } = useAnswer(getProgramme, { conferenceId })
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value) return <WaitingLines lines={8} label={t`Đang mở chương trình`} />
  return (
    <div className={`${css.sheet} stack`} data-gap="l">
      <PageHeading
        over={<Trans>Chương trình</Trans>}
        under={
          <>
            {value.unit} · {value.campaign}
            {value.state === 'draft' && (
              <>
                {' · '}
                <strong>
                  <Trans>dự thảo</Trans>
                </strong>
              </>
            )}
          </>
        }
        side={
          value.sessions.length > 0 && (
            <span className="row no-print">
              <ButtonLink small download href={fileHref(programmeFile, { conferenceId, format: 'pdf' })}>
                <Trans>Tải PDF</Trans>
              </ButtonLink>
              <ButtonLink small download href={fileHref(programmeFile, { conferenceId, format: 'docx' })}>
                <Trans>Tải Word</Trans>
              </ButtonLink>
              <PrintButton small />
            </span>
          )
        }
      >
        {value.name}
      </PageHeading>
      {value.sessions.length === 0 && (
        <p className="second">
          <Trans>Chương trình chưa có buổi nào.</Trans>
        </p>
      )}
      {value.sessions.map((session) => (
        <Session key={session.sessionId} session={session} />
      ))}
      {(value.documents || value.contact || value.classified) && (
        <Section title={<Trans>Cần biết</Trans>}>
          <Facts
            facts={[
              ...(value.documents ? [[<Trans key="d">Tài liệu</Trans>, value.documents] as const] : []),
              ...(value.contact ? [[<Trans key="c">Liên hệ</Trans>, value.contact] as const] : []),
              ...(value.classified
                ? [
                    [
                      <Trans key="s">Nội dung mật</Trans>,
                      <Trans key="w">Không mang điện thoại, thiết bị cá nhân. Điểm danh và ghi chép trên giấy.</Trans>,
                    ] as const,
                  ]
                : []),
            ]}
          />
        </Section>
      )}
    </div>
  )
}

type ProgrammeSession = NonNullable<ReturnType<typeof useAnswer<typeof getProgramme>>['value']>['sessions'][number]

function Session({ session }: { session: ProgrammeSession }) {
  const { t } = useLingui()
  const starts = new Date(session.startsAt)
  const items = session.items.filter(({ kind }) => kind !== 'free')
  return (
    <Section
      title={session.name || t`Buổi ${session.code}`}
      aside={
        <span className="num">
          {formatClock(starts)}–{formatClock(new Date(session.endsAt))}, {formatLongDay(starts)}
        </span>
      }
    >
      {items.length === 0 ? (
        <p className="second">
          <Trans>Nội dung theo hướng dẫn của đơn vị tổ chức.</Trans>
        </p>
      ) : (
        <ol className={css.times}>
          {items.map((item) => {
            const minutes = item.minutes
            return (
              <li key={`${item.kind} ${item.from}`} data-kind={item.kind}>
                <span className="num nb">
                  {formatClock(new Date(item.from))}–{formatClock(new Date(item.to))}
                </span>
                <span>
                  {item.kind === 'questions' ? (
                    <Trans>Hỏi – đáp: {item.title}</Trans>
                  ) : (
                    <>
                      <strong>{item.title}</strong>
                      {item.speaker && <div className="second">{item.speaker}</div>}
                    </>
                  )}
                </span>
                <span className="num second nb">
                  <Trans>{minutes} phút</Trans>
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </Section>
  )
}
