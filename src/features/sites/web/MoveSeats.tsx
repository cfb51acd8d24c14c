import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { Button, Drawer, ErrorSentence, Note, SelectField, say, TextField } from '../../../platform/web/ui/index.ts'
import { listConferenceSites, moveSeats, type SeatingRow, undoMove } from '../contract.ts'
import { sayMove, sayUndo } from './words.ts'

type Row = (typeof SeatingRow)['_zod']['output']
const none = ''

/** Some people of one unit from one place to another, by count; taken back with one press. */
export function MoveSeats({ conferenceId, row, onClose }: { conferenceId: string; row: Row; onClose: () => void }) {
  const { t } = useLingui()
  const sites = useAnswer(listConferenceSites, { conferenceId, size: 200, sort: 'free', which: 'free' })
  const [from, setFrom] = useState(row.left > 0 ? none : (row.at[0]?.siteId ?? none))
  const [to, setTo] = useState(none)
  const there = from === none ? row.left : (row.at.find(({ siteId }) => siteId === from)?.count ?? 0)
  const [typed, setTyped] = useState(String(there))
  const count = Number(typed)
  const undo = useOperation(undoMove)
  const move = useOperation(moveSeats, {
    done: ({ moveId, moved }) => {
      onClose()
      say(<Moved count={moved} />, { undo: () => void undo.run({ conferenceId, moveId }) })
    },
  })
  const people = (n: number) => t`${formatCount(n)} người`
  const free = (n: number) => t`còn ${formatCount(n)} chỗ`
  return (
    <Drawer open onClose={onClose} title={<Trans>Chuyển chỗ: {row.name}</Trans>}>
      <div className="stack">
        <SelectField
          label={t`Từ`}
          value={from}
          onChange={(event) => {
            const siteId = event.currentTarget.value
            setFrom(siteId)
            setTyped(String(siteId === none ? row.left : (row.at.find((one) => one.siteId === siteId)?.count ?? 0)))
          }}
          options={[
            { value: none, label: `${t`Chưa có chỗ`}, ${people(row.left)}` },
            ...row.at.map(({ siteId, name, count: n }) => ({ value: siteId, label: `${name}, ${people(n)}` })),
          ]}
        />
        <SelectField
          label={t`Đến`}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
          options={[
            { value: none, label: from === none ? t`Chọn điểm cầu` : t`Để trống, chưa xếp` },
            ...(sites.value?.rows ?? [])
              .filter(({ siteId }) => siteId !== from)
              .map(({ siteId, name, seats, summoned, proposed }) => ({
                value: siteId,
                label: `${name}, ${free(seats - summoned - proposed)}`,
              })),
          ]}
        />
        <TextField
          label={t`Số người`}
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value.replace(/\D/g, ''))}
        />
        {sites.value?.total === 0 && (
          <Note tone="wait">
            <Trans>Không điểm cầu nào còn chỗ. Tăng số chỗ của một điểm cầu hoặc thêm điểm cầu trước.</Trans>
          </Note>
        )}
        <Note tone="still">
          {from === none ? (
            <Trans>Người đứng trước trong thứ tự xếp chỗ được xếp trước.</Trans>
          ) : to === none ? (
            <Trans>Người đứng sau trong thứ tự nhường chỗ trước. Triệu tập của họ thôi hiệu lực.</Trans>
          ) : (
            <Trans>Người đứng sau trong thứ tự được chuyển. Mã vào cửa của họ không đổi.</Trans>
          )}
        </Note>
        <ErrorSentence refused={move.refused} words={sayMove} />
        <ErrorSentence refused={undo.refused} words={sayUndo} />
        <Button
          look="go"
          wide
          doing={move.doing}
          disabled={from === to || !(count >= 1 && count <= there)}
          onClick={() =>
            void move.run({
              conferenceId,
              unitId: row.unitId,
              count,
              ...(from === none ? {} : { fromSiteId: from }),
              ...(to === none ? {} : { toSiteId: to }),
            })
          }
        >
          <Trans>Chuyển chỗ</Trans>
        </Button>
      </div>
    </Drawer>
  )
}
function Moved({ count }: { count: number }) {
  const moved = formatCount(count)
  return <Trans>Đã chuyển {moved} người</Trans>
}
