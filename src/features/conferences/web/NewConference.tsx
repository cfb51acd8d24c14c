import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { type FormEvent, useState } from 'react'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import {
  Button,
  ButtonLink,
  ErrorSentence,
  OrgTreePicker,
  PageHeading,
  SelectField,
  say,
  TextField,
  useCampaign,
  useGo,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { getCampaign } from '../../campaigns/contract.ts'
import { unitSource } from '../../organisation/web/index.ts'
import { createConference, listConferences, type Purpose, purposes } from '../contract.ts'
import css from './Conference.module.css'
import { purposeWords, sayCreate } from './words.ts'

/** Name and unit first; sessions and topics are put in on the next screen. */
export function NewConference() {
  const { t } = useWords()
  const { _ } = useLingui()
  const go = useGo()
  const [campaignId] = useCampaign()
  const campaign = useAnswer(getCampaign, campaignId ? { campaignId } : undefined)
  const known = useAnswer(listConferences, campaignId ? { campaignId, size: 200 } : undefined)
  const create = useOperation(createConference)
  const [name, setName] = useState('')
  const [code, setCode] = useState('')
  const [purpose, setPurpose] = useState<Purpose>('study')
  const [picked, setPicked] = useState<{ id: string; name: string }>()
  const [parentId, setParentId] = useState('')
  const [pressed, setPressed] = useState(false)
  if (campaign.refused && !campaign.value) return <ErrorSentence refused={campaign.refused} again={campaign.again} />
  if (!campaign.value) return <WaitingLines label={t`Đang mở`} />
  const { value } = campaign
  const own = value.abilities.includes('updateCampaign')
  const unit = picked ?? (own ? { id: value.scopeUnit.unitId, name: value.scopeUnit.name } : undefined)
  const taken = new Set(known.value?.rows.map((row) => row.code))
  const next = Array.from({ length: 900 }, (_unused, at) => `HN${at + 1}`).find((one) => !taken.has(one)) ?? ''
  const above = known.value?.rows.filter((row) => row.unit.unitId !== unit?.id) ?? []
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setPressed(true)
    if (!name.trim() || !unit || create.doing) return
    const answer = await create.run({
      campaignId: value.campaignId,
      unitId: unit.id,
      code: code || next,
      name,
      purpose,
      ...(parentId ? { parentId } : {}),
    })
    if (!answer.ok) return
    say(t`Đã lập hội nghị. Giờ đồng chí thêm buổi và chuyên đề.`)
    go(`/hoi-nghi/${answer.value.conferenceId}`)
  }
  return (
    <>
      <PageHeading over={value.name} under={<Trans>Buổi, chuyên đề và giờ giấc ghi ở bước sau.</Trans>}>
        <Trans>Lập hội nghị</Trans>
      </PageHeading>
      <form className={css.form} onSubmit={submit} noValidate>
        <TextField
          label={t`Tên hội nghị`}
          value={name}
          maxLength={300}
          onChange={(event) => setName(event.target.value)}
          error={pressed && !name.trim() && <Trans>Đồng chí ghi tên hội nghị.</Trans>}
        />
        <div className={css.pair}>
          <OrgTreePicker
            source={unitSource}
            label={t`Đơn vị tổ chức`}
            value={unit}
            onChange={(node) => setPicked(node && { id: node.id, name: node.name })}
            error={pressed && !unit && <Trans>Đồng chí chọn đơn vị tổ chức.</Trans>}
          />
          <SelectField
            label={t`Mục đích`}
            value={purpose}
            options={purposes.map((one) => ({ value: one, label: _(purposeWords[one]) }))}
            onChange={(event) => setPurpose(event.target.value as Purpose)}
          />
          <TextField
            label={t`Mã`}
            hint={t`Dùng khi nhập tệp`}
            value={code}
            placeholder={next}
            maxLength={40}
            onChange={(event) => setCode(event.target.value.replace(/[^\p{L}\p{N}._-]/gu, ''))}
          />
          {above.length > 0 && (
            <SelectField
              label={t`Tiếp sóng hội nghị cấp trên`}
              hint={t`Để trống nếu tự tổ chức`}
              value={parentId}
              options={[
                { value: '', label: t`Không tiếp sóng` },
                ...above.map((row) => ({ value: row.conferenceId, label: `${row.name} (${row.unit.name})` })),
              ]}
              onChange={(event) => setParentId(event.target.value)}
            />
          )}
        </div>
        <ErrorSentence refused={create.refused} words={sayCreate} />
        <div className="row">
          <Button type="submit" look="go" doing={create.doing}>
            <Trans>Lập hội nghị</Trans>
          </Button>
          <ButtonLink href="/hoi-nghi">
            <Trans>Thôi</Trans>
          </ButtonLink>
        </div>
      </form>
    </>
  )
}
