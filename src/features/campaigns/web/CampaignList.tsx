import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { formatDay } from '../../../kernel/time.ts'
import { useAnswer } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  ButtonLink,
  type Column,
  DataTable,
  keepCampaign,
  PageHeading,
  Status,
  useGo,
} from '../../../platform/web/ui/index.ts'
import { listCampaigns } from '../contract.ts'
import { phaseTones, phaseWords } from './words.ts'

type Row = ValueOf<typeof listCampaigns>['campaigns'][number]

export function CampaignList() {
  const { t } = useWords()
  const { _ } = useLingui()
  const go = useGo()
  const { value, waiting, refreshing, refused, again } = useAnswer(listCampaigns, {})
  const open = (row: Row) => {
    keepCampaign(row.campaignId)
    go(`/dot?dot=${row.campaignId}`)
  }
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Đợt học tập`,
      onCard: 'title',
      cell: (row) => (
        <>
          <a href={`/dot?dot=${row.campaignId}`} onClick={() => keepCampaign(row.campaignId)}>
            {row.name}
          </a>
          {row.theme && <div className="second small">{row.theme}</div>}
        </>
      ),
    },
    { key: 'code', header: t`Mã`, cell: (row) => row.code },
    { key: 'unit', header: t`Đơn vị chủ trì`, cell: (row) => row.scopeUnit.name },
    {
      key: 'day',
      header: t`Ngày học`,
      cell: (row) => (row.countsOn ? <span className="num">{formatDay(row.countsOn)}</span> : t`chưa định`),
    },
    {
      key: 'phase',
      header: t`Đang ở đâu`,
      cell: (row) => <Status tone={phaseTones[row.phase]}>{_(phaseWords[row.phase])}</Status>,
    },
  ]
  const count = value?.campaigns.length
  return (
    <>
      <PageHeading
        side={
          value &&
          value.mayFound.length > 0 && (
            <ButtonLink look="go" href="/dot/moi">
              <Trans>Lập đợt học tập</Trans>
            </ButtonLink>
          )
        }
      >
        {count === undefined || count === 0 ? <Trans>Các đợt học tập</Trans> : <Trans>{count} đợt học tập</Trans>}
      </PageHeading>
      <DataTable
        label={t`Các đợt học tập`}
        columns={columns}
        rows={value?.campaigns}
        rowKey={(row) => row.campaignId}
        onOpen={open}
        waiting={waiting}
        refreshing={refreshing}
        refused={refused}
        again={again}
        empty={<Trans>Chưa có đợt học tập nào ở đơn vị của đồng chí.</Trans>}
      />
    </>
  )
}
