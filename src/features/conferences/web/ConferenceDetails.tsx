import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { type FormEvent, useState } from 'react'
import { useOperation } from '../../../platform/web/answers.ts'
import { Button, Choice, ErrorSentence, SelectField, say, TextArea, TextField } from '../../../platform/web/ui/index.ts'
import { type Purpose, purposes, updateConference } from '../contract.ts'
import { type ConferenceView, purposeWords, sayUpdate } from './words.ts'

export function ConferenceDetails({ conference, onDone }: { conference: ConferenceView; onDone: () => void }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [name, setName] = useState(conference.name)
  const [code, setCode] = useState(conference.code)
  const [purpose, setPurpose] = useState(conference.purpose)
  const [ownDevice, setOwnDevice] = useState(conference.ownDevice)
  const [documents, setDocuments] = useState(conference.documents)
  const [contact, setContact] = useState(conference.contact)
  const update = useOperation(updateConference, {
    done: () => {
      say(t`Đã lưu.`)
      onDone()
    },
  })
  const draft = conference.state === 'draft'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!name.trim() || update.doing) return
    void update.run({
      conferenceId: conference.conferenceId,
      name,
      ...(draft && code !== conference.code ? { code } : {}),
      ...(draft && purpose !== conference.purpose ? { purpose } : {}),
      ...(conference.classified ? {} : { ownDevice }),
      documents,
      contact,
    })
  }
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <TextField
        label={t`Tên hội nghị`}
        value={name}
        maxLength={300}
        onChange={(event) => setName(event.target.value)}
        error={!name.trim() && <Trans>Đồng chí ghi tên hội nghị.</Trans>}
      />
      <TextField
        label={t`Mã`}
        hint={draft ? undefined : t`Đã duyệt nên giữ nguyên`}
        value={code}
        readOnly={!draft}
        maxLength={40}
        onChange={(event) => setCode(event.target.value.replace(/[^\p{L}\p{N}._-]/gu, ''))}
      />
      <SelectField
        label={t`Mục đích`}
        value={purpose}
        disabled={!draft}
        options={purposes.map((one) => ({ value: one, label: _(purposeWords[one]) }))}
        onChange={(event) => setPurpose(event.target.value as Purpose)}
      />
      <Choice
        checked={ownDevice && !conference.classified}
        disabled={conference.classified}
        onChange={(event) => setOwnDevice(event.target.checked)}
      >
        <Trans>Đảng viên được dự trên thiết bị cá nhân</Trans>
      </Choice>
      <TextArea
        label={t`Tài liệu cần mang, cần đọc`}
        hint={t`In ở cuối chương trình và giấy triệu tập`}
        value={documents}
        maxLength={2000}
        rows={4}
        onChange={(event) => setDocuments(event.target.value)}
      />
      <TextField
        label={t`Liên hệ`}
        value={contact}
        maxLength={300}
        onChange={(event) => setContact(event.target.value)}
      />
      <ErrorSentence refused={update.refused} words={sayUpdate} />
      <div className="row">
        <Button type="submit" look="go" doing={update.doing}>
          <Trans>Lưu</Trans>
        </Button>
        <Button onClick={onDone}>
          <Trans>Thôi</Trans>
        </Button>
      </div>
    </form>
  )
}
