import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref, type ValueOf } from '../../../platform/web/client.ts'
import { Button, ButtonLink, Card, ErrorSentence, Note, ProgressBar, Status } from '../../../platform/web/ui/index.ts'
import { listPapers, makePapers, paper } from '../contract.ts'
import type { SummonsView } from './Summons.tsx'
import look from './sites.module.css'
import { sayPapers } from './words.ts'

type Row = ValueOf<typeof listPapers>['rows'][number]
const shown = 8

/** The summonses on paper: made once for every commune, opened only by its own officers. */
export function Papers({ conferenceId, view }: { conferenceId: string; view: SummonsView }) {
  const { t } = useLingui()
  const { unitId } = view.unit
  const [size, setSize] = useState(shown)
  const [watch, setWatch] = useState(true)
  const { value, refused, again } = useAnswer(
    listPapers,
    { conferenceId, unitId, size },
    watch ? { everyMs: 3_000 } : {},
  )
  const make = useOperation(makePapers, { refresh: [listPapers], done: () => setWatch(true) })
  const working = value !== undefined && value.done < value.of
  if (watch && value && !working) setWatch(false)
  const may = view.abilities.includes('makePapers')
  if (refused?.refused === 'notYours' || (!may && value?.total === 0)) return null
  const done = formatCount(value?.done ?? 0)
  const of = formatCount(value?.of ?? 0)
  const rest = value ? value.total - value.rows.length : 0
  const more = formatCount(rest)
  return (
    <Card>
      <div className="stack">
        <h2>
          <Trans>Giấy triệu tập</Trans>
        </h2>
        <p className="second">
          <Trans>Mỗi đơn vị cơ sở một tệp, có mã vào cửa. Chỉ người phụ trách đơn vị ấy mở được.</Trans>
        </p>
        <ErrorSentence refused={refused} again={again} />
        {working && (
          <ProgressBar
            label={t`Đang làm giấy triệu tập`}
            share={value.of > 0 ? value.done / value.of : undefined}
            words={`${done} / ${of}`}
          />
        )}
        {value && value.rows.length > 0 && (
          <ul className={look.list}>
            {value.rows.map((row) => (
              <PaperLine key={row.unitId} row={row} conferenceId={conferenceId} />
            ))}
          </ul>
        )}
        {rest > 0 && size < 200 && (
          <Button small look="bare" onClick={() => setSize(200)}>
            <Trans>Xem thêm {more} đơn vị</Trans>
          </Button>
        )}
        {may && (
          <>
            <ErrorSentence refused={make.refused} words={sayPapers} />
            <Button
              look={value?.total === 0 && view.total.summoned > 0 ? 'go' : 'plain'}
              wide
              doing={make.doing || working}
              disabled={view.total.summoned === 0}
              onClick={() => void make.run({ conferenceId, unitId })}
            >
              {value && value.total > 0 ? <Trans>Làm lại giấy triệu tập</Trans> : <Trans>Làm giấy triệu tập</Trans>}
            </Button>
          </>
        )}
        {value?.rows.some(({ outOfDate }) => outOfDate) && (
          <Note tone="wait">
            <Trans>Có đơn vị đã đổi triệu tập sau khi làm giấy.</Trans>
          </Note>
        )}
      </div>
    </Card>
  )
}

function PaperLine({ row, conferenceId }: { row: Row; conferenceId: string }) {
  const people = formatCount(row.people)
  const made = row.madeAt ? formatMoment(new Date(row.madeAt)) : ''
  return (
    <li>
      <span>
        {row.name}
        <div className="second small">
          <Trans>{people} người</Trans>
          {row.state === 'made' && `, ${made}`}
        </div>
      </span>
      {row.mayOpen ? (
        <ButtonLink small href={fileHref(paper, { conferenceId, unitId: row.unitId })} download>
          <Trans>Mở tệp</Trans>
        </ButtonLink>
      ) : row.state === 'made' ? (
        <Status tone={row.outOfDate ? 'wait' : 'ok'}>
          {row.outOfDate ? <Trans>Đã cũ</Trans> : <Trans>Xong</Trans>}
        </Status>
      ) : row.state === 'failed' ? (
        <Status tone="bad">
          <Trans>Lỗi, làm lại</Trans>
        </Status>
      ) : (
        <Status tone="off">
          <Trans>Đang chờ</Trans>
        </Status>
      )}
    </li>
  )
}
