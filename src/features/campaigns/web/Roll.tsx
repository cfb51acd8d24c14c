import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatDay, formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  type Column,
  ConfirmDialog,
  DataTable,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  Section,
  Status,
  say,
  useCampaign,
  useTableAddress,
  Waiting,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import {
  confirmRollChanges,
  fixScope,
  getCampaign,
  listRollChanges,
  previewScope,
  proposeRollChanges,
  rollSummary,
} from '../contract.ts'
import css from './Roll.module.css'
import { type CampaignView, changeKindWords, sayConfirm, sayFix, whyWords } from './words.ts'

/** Who is in scope: fixed once, afterwards only by dated changes with a reason. */
export function Roll() {
  const { t } = useWords()
  const [campaignId] = useCampaign()
  const { value, refused, again } = useAnswer(getCampaign, campaignId ? { campaignId } : undefined)
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value) return <WaitingLines label={t`Đang mở danh sách`} />
  return value.scopeFixedAt ? <FixedRoll campaign={value} /> : <OpenRoll campaign={value} />
}

function OpenRoll({ campaign }: { campaign: CampaignView }) {
  const { t } = useWords()
  const { campaignId } = campaign
  const may = campaign.abilities.includes('fixScope')
  const preview = useAnswer(previewScope, may ? { campaignId } : undefined)
  const [asking, setAsking] = useState(false)
  const fix = useOperation(fixScope, { done: () => say(t`Đã chốt danh sách thuộc diện.`) })
  const scope = campaign.scopeUnit.name
  const counts = preview.value
  const inScope = counts && formatCount(counts.inScope)
  const day = campaign.countsOn && formatDay(campaign.countsOn)
  const confirm = async () => {
    await fix.run({ campaignId })
    setAsking(false)
  }
  return (
    <>
      <PageHeading
        over={campaign.name}
        under={
          <Trans>
            Chốt xong, mọi con số của đợt tính trên danh sách này. Ai chuyển đi, chuyển đến sau đó là một dòng có ngày,
            có lý do.
          </Trans>
        }
        side={
          may && (
            <Button look="go" disabled={!counts || counts.inScope === 0 || !day} onClick={() => setAsking(true)}>
              <Trans>Chốt danh sách</Trans>
            </Button>
          )
        }
      >
        {!may ? (
          <Trans>Danh sách thuộc diện chưa chốt</Trans>
        ) : inScope ? (
          <Trans>{inScope} người sẽ vào danh sách thuộc diện</Trans>
        ) : (
          <Waiting width="60%" />
        )}
      </PageHeading>
      <ErrorSentence refused={preview.refused} again={preview.again} />
      <ErrorSentence refused={fix.refused} words={sayFix} />
      {!day && (
        <Note tone="wait">
          <Trans>
            Chưa biết ngày học. Đồng chí <a href="/dot/sua">ghi ngày tính đầu mối</a>, hoặc lập buổi học đầu tiên rồi
            quay lại.
          </Trans>
        </Note>
      )}
      {counts && (
        <Section title={<Trans>Tính trên cây tổ chức hôm đó</Trans>} aside={day}>
          <Facts
            facts={[
              [<Trans key="unit">Đơn vị chủ trì</Trans>, scope],
              [<Trans key="units">Số đơn vị</Trans>, <Num key="n" n={counts.units} />],
              [<Trans key="members">Đảng viên</Trans>, <Num key="n" n={counts.members} />],
              [<Trans key="exempt">Được miễn sinh hoạt</Trans>, <Num key="n" n={counts.exempt} />],
              [<Trans key="scope">Thuộc diện</Trans>, <Num key="n" n={counts.inScope} />],
            ]}
          />
        </Section>
      )}
      <ConfirmDialog
        open={asking}
        title={<Trans>Chốt danh sách thuộc diện</Trans>}
        verb={<Trans>Chốt {inScope} người</Trans>}
        doing={fix.doing}
        onConfirm={confirm}
        onClose={() => setAsking(false)}
      >
        <p>
          <Trans>
            Danh sách chốt một lần cho cả đợt. Sau này đồng chí chỉ thêm, bớt từng trường hợp có lý do, và báo cáo sẽ
            ghi rõ tăng giảm bao nhiêu.
          </Trans>
        </p>
      </ConfirmDialog>
    </>
  )
}
const Moved = ({ up, down }: { up: number; down: number }) => {
  const [more, less] = [formatCount(up), formatCount(down)]
  return up === 0 && down === 0 ? (
    <Trans>Chưa có thay đổi so với lúc chốt.</Trans>
  ) : (
    <Trans>
      Tăng {more}, giảm {less} so với lúc chốt.
    </Trans>
  )
}
const Num = ({ n }: { n: number }) => <span className="num">{formatCount(n)}</span>

function FixedRoll({ campaign }: { campaign: CampaignView }) {
  const { campaignId } = campaign
  const { _ } = useLingui()
  const { value: roll, refused, again } = useAnswer(rollSummary, { campaignId })
  const inScope = roll && formatCount(roll.inScope)
  const fixedAt = formatMoment(new Date(campaign.scopeFixedAt!))
  const reasons = (by: Record<string, number>) =>
    Object.entries(by).filter(([, count]) => count > 0) as [string, number][]
  return (
    <>
      <PageHeading
        over={campaign.name}
        under={
          <>
            <Trans>Chốt lúc {fixedAt}.</Trans> {roll && <Moved {...roll} />}
          </>
        }
        side={
          <ButtonLink small href="/dot">
            <Trans>Về bàn điều phối</Trans>
          </ButtonLink>
        }
      >
        {inScope ? <Trans>{inScope} người thuộc diện</Trans> : <Waiting width="50%" />}
      </PageHeading>
      <ErrorSentence refused={refused} again={again} />
      {roll && (
        <div className={css.two}>
          <Section title={<Trans>Hôm nay</Trans>}>
            <Facts
              facts={[
                [<Trans key="m">Đảng viên trong danh sách</Trans>, <Num key="n" n={roll.members} />],
                [<Trans key="e">Được miễn sinh hoạt</Trans>, <Num key="n" n={roll.exempt} />],
                [<Trans key="a">Thuộc diện</Trans>, <Num key="n" n={roll.inScope} />],
                [<Trans key="f">Thuộc diện lúc chốt</Trans>, <Num key="n" n={roll.inScopeAtFixing} />],
              ]}
            />
          </Section>
          <Section title={<Trans>Tăng giảm so với lúc chốt</Trans>} aside={<Moved {...roll} />}>
            <Facts
              facts={[
                ...reasons(roll.upBy).map(([why, count]) => [_(whyWords[why]!), `+ ${formatCount(count)}`] as const),
                ...reasons(roll.downBy).map(([why, count]) => [_(whyWords[why]!), `− ${formatCount(count)}`] as const),
              ]}
            />
          </Section>
        </div>
      )}
      {campaign.abilities.includes('confirmRollChanges') && <Proposal campaignId={campaignId} />}
      {campaign.abilities.includes('listRollChanges') && <Moves campaignId={campaignId} />}
    </>
  )
}

type Difference = ValueOf<typeof proposeRollChanges>['byUnit'][number]

function Proposal({ campaignId }: { campaignId: string }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [table, setTable] = useTableAddress({ size: 15, name: 'lech-' })
  const { value, waiting, refreshing, refused, again } = useAnswer(proposeRollChanges, {
    campaignId,
    page: table.page,
    size: table.size,
  })
  const [asking, setAsking] = useState(false)
  const confirm = useOperation(confirmRollChanges, { done: () => say(t`Đã đưa thay đổi vào danh sách.`) })
  const all = Object.values(value?.totals ?? {}).reduce((sum, count) => sum + count, 0)
  const count = formatCount(all)
  const leftOut = value && formatCount(value.unitsLeftOut)
  const take = async () => {
    if (!value) return
    const answer = await confirm.run({ campaignId, fingerprint: value.fingerprint })
    setAsking(false)
    if (!answer.ok && answer.refused === 'outOfDate') again()
  }
  const columns: Column<Difference>[] = [
    { key: 'unit', header: t`Đơn vị`, onCard: 'title', cell: (row) => row.name },
    { key: 'code', header: t`Mã`, cell: (row) => row.code },
    { key: 'kind', header: t`Thay đổi`, cell: (row) => _(changeKindWords[row.kind]) },
    { key: 'count', header: t`Số người`, number: true, cell: (row) => formatCount(row.count) },
  ]
  return (
    <Section
      title={<Trans>Sổ đảng viên khác danh sách</Trans>}
      aside={value && <Trans>tính đến {formatDay(value.asOf)}, chưa xác nhận thì chưa tính</Trans>}
    >
      <ErrorSentence refused={confirm.refused} words={sayConfirm} />
      {value && value.unitsLeftOut > 0 && (
        <Note tone="still">
          <Trans>{leftOut} đơn vị mới lập sau khi chốt: người ở đó tính cho đơn vị cấp trên gần nhất.</Trans>
        </Note>
      )}
      <DataTable
        label={t`Thay đổi chờ xác nhận, theo đơn vị`}
        columns={columns}
        rows={value?.byUnit}
        total={value?.lines}
        state={table}
        onState={setTable}
        rowKey={(row) => `${row.unitId} ${row.kind}`}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        empty={<Trans>Danh sách khớp với sổ đảng viên, không có gì phải cập nhật.</Trans>}
        actions={
          all > 0 && (
            <Button look="go" onClick={() => setAsking(true)}>
              <Trans>Đưa {count} thay đổi vào danh sách</Trans>
            </Button>
          )
        }
      />
      <ConfirmDialog
        open={asking}
        title={<Trans>Đưa {count} thay đổi vào danh sách</Trans>}
        verb={<Trans>Xác nhận</Trans>}
        doing={confirm.doing}
        onConfirm={take}
        onClose={() => setAsking(false)}
      >
        <p>
          <Trans>
            Mỗi người là một dòng có ngày hôm nay và lý do. Người ra khỏi danh sách thôi được triệu tập; số đã có mặt
            vẫn giữ nguyên.
          </Trans>
        </p>
      </ConfirmDialog>
    </Section>
  )
}

type Move = ValueOf<typeof listRollChanges>['rows'][number]

function Moves({ campaignId }: { campaignId: string }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [table, setTable] = useTableAddress({ size: 20 })
  const { value, waiting, refreshing, refused, again } = useAnswer(listRollChanges, {
    campaignId,
    page: table.page,
    size: table.size,
  })
  const columns: Column<Move>[] = [
    { key: 'day', header: t`Ngày`, cell: (row) => <span className="num">{formatDay(row.day)}</span> },
    {
      key: 'unit',
      header: t`Đơn vị`,
      onCard: 'title',
      cell: (row) => (
        <>
          {row.unitName} <span className="second small">{row.unitCode}</span>
        </>
      ),
    },
    {
      key: 'direction',
      header: t`Tăng giảm`,
      cell: (row) => (
        <Status tone={row.direction === 'up' ? 'ok' : 'still'}>{row.direction === 'up' ? t`Tăng` : t`Giảm`}</Status>
      ),
    },
    { key: 'why', header: t`Lý do`, cell: (row) => _(whyWords[row.why] ?? whyWords.left!) },
    { key: 'count', header: t`Số người`, number: true, cell: (row) => formatCount(row.count) },
  ]
  return (
    <Section title={<Trans>Đã ghi vào danh sách</Trans>} aside={<Trans>theo ngày, mới nhất ở trên</Trans>}>
      <DataTable
        label={t`Thay đổi đã ghi`}
        columns={columns}
        rows={value?.rows}
        total={value?.total}
        rowKey={(row) => `${row.day} ${row.unitCode} ${row.direction} ${row.why}`}
        state={table}
        onState={setTable}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        empty={<Trans>Từ lúc chốt chưa có thay đổi nào.</Trans>}
      />
    </Section>
  )
}
