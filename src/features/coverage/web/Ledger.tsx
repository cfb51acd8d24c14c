import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount, formatRatio } from '../../../kernel/figure.ts'
import { fold } from '../../../kernel/fold.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import { useTopic } from '../../../platform/web/live.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  ButtonLink,
  type Column,
  Count,
  CoverageBar,
  DataTable,
  LiveLine,
  PageHeading,
  SearchField,
  Segments,
  ThinBar,
  useAddress,
  useCampaign,
  useNarrow,
  useOwnUnit,
  Waiting,
} from '../../../platform/web/ui/index.ts'
import { getCampaign } from '../../campaigns/contract.ts'
import * as contract from '../contract.ts'
import { Behind, type Opened } from './Behind.tsx'
import look from './coverage.module.css'
import { covered, numberOf, type Opening, openingWords } from './words.ts'

type Row = (typeof contract.LedgerRow)['_zod']['output']
const says = {
  scopeNotFixed: msg`Đợt này chưa chốt diện học. Hãy nhập danh sách đảng viên và chốt diện, rồi sổ cái tự có số.`,
} satisfies WordsFor<typeof contract.ledger>

const onCards: ReadonlySet<Opening> = new Set(['inScope', 'covered', 'left', 'booked', 'absent', 'neverSummoned'])
const views = ['tat-ca', 'con-lai'] as const
type View = (typeof views)[number]

/** Everyone in scope in exactly one place; a number opens what it is made of. */
export function Ledger() {
  const { t, i18n } = useLingui()
  const [campaignId] = useCampaign()
  const [address, change] = useAddress()
  const phone = useNarrow()
  const [opened, setOpened] = useState<Opened>()
  const own = useOwnUnit()
  const unitId = address['don-vi'] ?? own
  const view: View = address.xem === 'con-lai' ? 'con-lai' : 'tat-ca'
  const where = campaignId
    ? { campaignId: campaignId as never, ...(unitId ? { unitId: unitId as never } : {}) }
    : undefined
  const asked = useAnswer(contract.ledger, where)
  // Figures are frozen by whoever keeps the campaign.
  const mayFreeze = useAnswer(getCampaign, campaignId ? { campaignId: campaignId as never } : undefined, {
    staleMs: 60_000,
  }).value?.abilities.includes('updateCampaign')
  // The stream begins when there is something to follow: a campaign without a roll has nothing to say.
  const live = useTopic(contract.liveLedger, asked.value ? where : undefined)
  const value = live.snapshot ?? asked.value
  const unit = value?.unit
  const sort = address.xep
  const rows = value && inOrder(matching(value.rows, address.tim ?? ''), sort)

  const open = (row: Row, opening: Opening) =>
    setOpened({ unitId: row.unitId, name: row.name, opening, keepsNames: row.keepsNames })
  const number = (opening: Opening, header = i18n._(openingWords[opening])): Column<Row> => ({
    key: opening,
    header,
    number: true,
    sortable: true,
    // A card on a phone has the numbers that decide; the rest is at a desk.
    onCard: onCards.has(opening) ? 'fact' : 'hide',
    cell: (row) => (
      <Count
        value={numberOf(row, opening)}
        label={`${header}, ${row.name}`}
        {...(numberOf(row, opening) > 0 && !row.own ? { onOpen: () => open(row, opening) } : {})}
      />
    ),
  })
  const name: Column<Row> = {
    key: 'name',
    header: t`Đơn vị`,
    onCard: 'title',
    cell: (row) =>
      row.own ? (
        <Trans>Sinh hoạt tại cơ quan</Trans>
      ) : row === unit ? (
        <Trans>Toàn đơn vị</Trans>
      ) : row.children > 0 ? (
        <a href={hrefOf(row.unitId, view)}>{row.name}</a>
      ) : (
        row.name
      ),
  }
  const share: Column<Row> = {
    key: 'share',
    onCard: 'line',
    header: t`Tỷ lệ trên thuộc diện`,
    number: true,
    sortable: true,
    cell: (row) => (
      <span className={look.share}>
        <ThinBar
          parts={[
            { count: covered(row), look: '1' },
            { count: row.booked, look: 'gold' },
          ]}
          total={row.inScope}
        />
        <span className="num">{formatRatio({ n: covered(row), d: row.inScope })}</span>
      </span>
    ),
  }
  const columns: Column<Row>[] =
    view === 'tat-ca'
      ? [
          name,
          number('inScope'),
          number('studiedAtSite', t`Tại điểm cầu`),
          number('studiedOnDevice', t`Trên thiết bị cá nhân`),
          number('madeUp'),
          number('covered'),
          share,
          number('left'),
        ]
      : [
          name,
          number('left'),
          number('booked'),
          number('awaiting'),
          number('partly'),
          number('excused'),
          number('absent'),
          number('noContact'),
          number('neverSummoned'),
        ]
  const left = unit && formatCount(numberOf(unit, 'left'))
  const inScope = unit && formatCount(unit.inScope)
  const studied = unit && formatCount(covered(unit))
  const ratio = unit && formatRatio({ n: covered(unit), d: unit.inScope })
  return (
    <>
      <PageHeading
        over={value && value.path.length > 1 ? <Trail path={value.path} view={view} /> : value?.campaign.name}
        under={
          unit ? (
            <Trans>
              Đã học {studied}, bằng {ratio} số thuộc diện.
            </Trans>
          ) : null
        }
        side={
          <div className="stack" data-gap="s">
            {asked.value && <LiveLine view={live} />}
            {!phone && unit && mayFreeze && (
              <ButtonLink look="go" href="/bao-cao?chot=1">
                <Trans>Chốt số liệu</Trans>
              </ButtonLink>
            )}
          </div>
        }
      >
        {unit ? (
          numberOf(unit, 'left') === 0 ? (
            <Trans>Cả {inScope} người thuộc diện đã học</Trans>
          ) : (
            <Trans>
              Còn {left} trên {inScope} người chưa học
            </Trans>
          )
        ) : asked.refused ? (
          <Trans>Sổ cái</Trans>
        ) : (
          <Waiting width="60%" />
        )}
      </PageHeading>
      {unit && (
        <div className={look.legend}>
          <Bar unit={unit} onOpen={(opening) => open(unit, opening)} />
        </div>
      )}
      <DataTable
        label={t`Sổ cái theo đơn vị`}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.unitId + String(row.own)}
        state={{ page: 1, size: 500, sort }}
        onState={(state) => change({ xep: state.sort })}
        waiting={!value && asked.waiting}
        refused={value ? undefined : asked.refused}
        refusalWords={says}
        again={asked.again}
        totalRow={address.tim ? undefined : unit}
        onOpen={(row) =>
          !row.own && row.children > 0 && change({ 'don-vi': row.unitId, tim: undefined }, { push: true })
        }
        filters={
          <>
            <Segments
              label={t`Xem`}
              value={view}
              onChange={(next) => change({ xem: next === 'tat-ca' ? undefined : next, xep: undefined })}
              tabs={
                unit
                  ? [
                      { key: 'tat-ca', label: t`Tất cả`, count: formatCount(unit.inScope) },
                      { key: 'con-lai', label: t`Còn lại`, count: formatCount(numberOf(unit, 'left')) },
                    ]
                  : [
                      { key: 'tat-ca', label: t`Tất cả` },
                      { key: 'con-lai', label: t`Còn lại` },
                    ]
              }
            />
            <SearchField
              label={t`Tìm đơn vị`}
              placeholder={t`Tìm đơn vị`}
              hideLabel
              value={address.tim ?? ''}
              onSearch={(typed) => change({ tim: typed || undefined })}
            />
          </>
        }
        actions={
          <ButtonLink href={unitId ? `/hoc-bu?don-vi=${unitId}` : '/hoc-bu'}>
            <Trans>Lập buổi học bù</Trans>
          </ButtonLink>
        }
        empty={
          address.tim ? (
            <Trans>Không có đơn vị nào tên như vậy ở đây.</Trans>
          ) : (
            <Trans>Đơn vị này không có đơn vị trực thuộc. Bấm vào một con số ở trên để mở danh sách.</Trans>
          )
        }
      />
      {opened && campaignId && (
        <Behind campaignId={campaignId} opened={opened} onOpen={setOpened} onClose={() => setOpened(undefined)} />
      )}
    </>
  )
}

const hrefOf = (unitId: string, view: View) => `/so-cai?don-vi=${unitId}${view === 'con-lai' ? '&xem=con-lai' : ''}`

function Trail({ path, view }: { path: readonly { unitId: string; name: string }[]; view: View }) {
  const { t } = useLingui()
  const own = useOwnUnit()
  const from = path.findIndex(({ unitId }) => unitId === own)
  return (
    <nav aria-label={t`Các cấp trên`}>
      <ol className={look.trail}>
        {path.map((step, at) => (
          <li key={step.unitId}>
            {at === path.length - 1 ? (
              <span aria-current="page">{step.name}</span>
            ) : at < from ? (
              step.name
            ) : (
              <a href={hrefOf(step.unitId, view)}>{step.name}</a>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}

function Bar({ unit, onOpen }: { unit: Row; onOpen: (opening: Opening) => void }) {
  const { t, i18n } = useLingui()
  const part = (key: Opening, barLook: '1' | '2' | '3' | 'gold', label = i18n._(openingWords[key])) => ({
    key,
    label,
    count: numberOf(unit, key),
    look: barLook,
    ...(numberOf(unit, key) > 0 ? { onOpen: () => onOpen(key) } : {}),
  })
  return (
    <CoverageBar
      base={t`người thuộc diện`}
      caption={t`Tình trạng của người thuộc diện`}
      total={unit.inScope}
      parts={[
        part('studiedAtSite', '1'),
        part('studiedOnDevice', '2'),
        part('madeUp', '3'),
        part('booked', 'gold'),
        { key: 'notYet', label: t`Chưa xếp`, count: unit.notYet, look: 'hatch' },
      ]}
    />
  )
}

const matching = (rows: readonly Row[], typed: string) =>
  typed === ''
    ? rows
    : rows.filter((row) => fold(row.name).includes(fold(typed)) || fold(row.code).includes(fold(typed)))
/** By code as they come; a reader may sort by name or by work left. */
function inOrder(rows: readonly Row[], sort: string | undefined): readonly Row[] {
  if (!sort) return rows
  const key = sort.replace(/^-/, '')
  const turn = sort.startsWith('-') ? -1 : 1
  const amount = (row: Row) =>
    key === 'share' ? (row.inScope === 0 ? 0 : covered(row) / row.inScope) : numberOf(row, key as Opening)
  return [...rows].sort((a, b) =>
    key === 'name' ? turn * a.name.localeCompare(b.name, 'vi', { numeric: true }) : turn * (amount(a) - amount(b)),
  )
}
