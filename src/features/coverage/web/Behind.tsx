import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { Words, WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  Count,
  DataTable,
  Drawer,
  ErrorSentence,
  Note,
  SearchField,
  type TableState,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'
import look from './coverage.module.css'
import { isReason, numberOf, type Opening, openingWords, reasonWords, stateWords } from './words.ts'

export type Opened = { unitId: string; name: string; opening: Opening; keepsNames: boolean }

/** What a number is made of: the units below with the same number, and at the unit that keeps names the persons. */
export function Behind({
  campaignId,
  opened,
  onOpen,
  onClose,
}: {
  campaignId: string
  opened: Opened
  onOpen: (opened: Opened) => void
  onClose: () => void
}) {
  const { i18n } = useLingui()
  const what = i18n._(openingWords[opened.opening])
  return (
    <Drawer open onClose={onClose} title={`${what} · ${opened.name}`} wide>
      {opened.keepsNames ? (
        <Names key={opened.unitId + opened.opening} campaignId={campaignId} opened={opened} />
      ) : (
        <Below campaignId={campaignId} opened={opened} onOpen={onOpen} />
      )}
    </Drawer>
  )
}

function Below({
  campaignId,
  opened,
  onOpen,
}: {
  campaignId: string
  opened: Opened
  onOpen: (opened: Opened) => void
}) {
  const { t } = useLingui()
  const { value, waiting, refused, again } = useAnswer(contract.ledger, {
    campaignId: campaignId as never,
    unitId: opened.unitId as never,
  })
  if (waiting) return <WaitingLines label={t`Đang lấy số của các đơn vị`} />
  if (!value) return <ErrorSentence refused={refused} again={again} />
  const rows = value.rows.map((row) => ({ ...row, n: numberOf(row, opened.opening) })).filter(({ n }) => n > 0)
  const whole = formatCount(numberOf(value.unit, opened.opening))
  const inScope = formatCount(value.unit.inScope)
  return (
    <div className="stack">
      <p className="second">
        <Trans>
          {whole} trong {inScope} người thuộc diện. Cấp này chỉ xem được số; họ tên mở ở đơn vị cơ sở.
        </Trans>
      </p>
      <ul className={look.below}>
        {rows.map((row) => (
          <li key={row.unitId + String(row.own)}>
            <span>{row.own ? <Trans>Sinh hoạt tại cơ quan</Trans> : row.name}</span>
            <Count
              value={row.n}
              label={row.name}
              {...(row.own
                ? {}
                : {
                    onOpen: () =>
                      onOpen({
                        unitId: row.unitId,
                        name: row.name,
                        opening: opened.opening,
                        keepsNames: row.keepsNames,
                      }),
                  })}
            />
          </li>
        ))}
      </ul>
      {rows.length === 0 && (
        <p>
          <Trans>Không có ai.</Trans>
        </p>
      )}
    </div>
  )
}

const says = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học.`,
  aboveNames: msg`Ở cấp này chỉ xem được số, không xem được họ tên.`,
  notYours: msg`Chỉ cấp uỷ của đơn vị cơ sở và bí thư chi bộ mở được họ tên. Đồng chí vẫn xem được số.`,
} satisfies WordsFor<typeof contract.peopleBehind> & { notYours: Words }

function Names({ campaignId, opened }: { campaignId: string; opened: Opened }) {
  const { t, i18n } = useLingui()
  const [typed, setTyped] = useState('')
  const [why, setWhy] = useState<string>()
  const [state, setState] = useState<TableState>({ page: 1, size: 50 })
  const [search, setSearch] = useState('')
  const { opening, unitId } = opened
  const { value, waiting, refreshing, refused, again } = useAnswer(
    contract.peopleBehind,
    why === undefined
      ? undefined
      : {
          campaignId: campaignId as never,
          unitId: unitId as never,
          ...(isReason(opening) ? { filter: 'notYet' as const, reason: opening } : { filter: opening }),
          search,
          why,
          page: state.page,
          size: state.size,
        },
  )
  if (why === undefined)
    return (
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() !== '') setWhy(typed.trim())
        }}
      >
        <Note tone="wait">
          <Trans>
            Sau đây là họ tên. Lần mở này được ghi vào nhật ký, và từng đồng chí có tên sẽ thấy ai đã xem, lúc nào, để
            làm gì.
          </Trans>
        </Note>
        <TextField
          label={t`Mở để làm gì`}
          hint={t`Ví dụ: mời học bù, rà soát danh sách`}
          value={typed}
          maxLength={200}
          required
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={typed.trim() === ''}>
            <Trans>Mở danh sách</Trans>
          </Button>
        </div>
      </form>
    )
  return (
    <DataTable
      label={t`Danh sách`}
      rows={value?.rows}
      total={value?.total}
      rowKey={(row) => row.personId}
      state={state}
      onState={setState}
      waiting={waiting}
      refreshing={refreshing}
      refused={refused}
      refusalWords={says}
      again={again}
      filters={
        <SearchField
          label={t`Tìm theo họ tên`}
          hideLabel
          value={search}
          onSearch={(next) => {
            setSearch(next)
            setState((before) => ({ ...before, page: 1 }))
          }}
        />
      }
      empty={<Trans>Không có ai.</Trans>}
      columns={[
        { key: 'name', header: t`Họ và tên`, cell: (row) => row.name, onCard: 'title' },
        { key: 'unit', header: t`Chi bộ`, cell: (row) => row.unit },
        { key: 'position', header: t`Chức vụ`, cell: (row) => row.position || '–', onCard: 'hide' },
        {
          key: 'state',
          header: t`Tình trạng`,
          cell: (row) => {
            const said = i18n._(stateWords[row.state])
            return row.reason ? i18n._(reasonWords[row.reason]) : said
          },
        },
      ]}
    />
  )
}
