import { msg } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { Words } from '../../../platform/web/refusals.tsx'
import {
  Button,
  Choice,
  Choices,
  ConfirmDialog,
  DateTimeField,
  ErrorSentence,
  PageHeading,
  PrintButton,
  Section,
  Status,
  say,
  TextField,
  useCampaign,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { approvePolicy, evidenceKinds, listPolicies, PresencePolicy } from '../contract.ts'
import { describePolicy } from '../rules.ts'
import css from './PresenceRules.module.css'
import { sayApprove } from './words.ts'

type Version = ValueOf<typeof listPolicies>['versions'][number]

/** The rules by which presence is judged, as published; every version that ever held. */
export function PresenceRules() {
  const { t } = useWords()
  const [campaignId] = useCampaign()
  const { value, refused, again } = useAnswer(listPolicies, campaignId ? { campaignId } : undefined)
  const [writing, setWriting] = useState(false)
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value || !campaignId) return <WaitingLines label={t`Đang mở quy tắc`} />
  const current = value.versions.find(({ version }) => version === value.inForce) ?? value.versions[0]!
  const may = value.abilities.includes('approvePolicy')
  const version = current.version
  return (
    <>
      <PageHeading
        over={<Trans>Đã công bố, áp dụng như nhau cho mọi đơn vị</Trans>}
        side={
          <>
            <PrintButton />
            {may && !writing && (
              <Button onClick={() => setWriting(true)}>
                <Trans>Soạn bản mới</Trans>
              </Button>
            )}
          </>
        }
      >
        <Trans>Quy tắc tính có mặt, bản {version}</Trans>
      </PageHeading>
      <Sentences words={current.words} />
      {writing && <NewVersion campaignId={campaignId} from={current.policy} onDone={() => setWriting(false)} />}
      <Section
        title={<Trans>Các bản đã duyệt</Trans>}
        aside={<Trans>điều đã tính theo bản nào thì giữ theo bản đó</Trans>}
      >
        <div>
          {value.versions.map((one) => (
            <VersionLine key={one.version} version={one} inForce={value.inForce} />
          ))}
        </div>
      </Section>
    </>
  )
}

const Sentences = ({ words }: { words: readonly string[] }) => (
  <ol className={css.sentences} lang="vi">
    {words.map((sentence) => (
      <li key={sentence}>{sentence}</li>
    ))}
  </ol>
)

function VersionLine({ version, inForce }: { version: Version; inForce: number }) {
  const from = formatMoment(new Date(version.inForceFrom))
  const number = version.version
  return (
    <details className={css.version}>
      <summary>
        <span>
          <Trans>Bản {number}</Trans>
        </span>
        <span className="second num">
          <Trans>từ {from}</Trans>
        </span>
        <Status tone={number === inForce ? 'ok' : number > inForce ? 'wait' : 'still'}>
          {number === inForce ? (
            <Trans>Đang áp dụng</Trans>
          ) : number > inForce ? (
            <Trans>Chưa đến ngày</Trans>
          ) : (
            <Trans>Đã thay</Trans>
          )}
        </Status>
      </summary>
      <Sentences words={version.words} />
    </details>
  )
}

const kindWords: Record<(typeof evidenceKinds)[number], Words> = {
  doorScan: msg`Quét phiếu tại cửa`,
  ownScan: msg`Tự quét mã của hội trường`,
  typedCode: msg`Nhập mã phiếu`,
  paper: msg`Danh sách giấy`,
  stewardTick: msg`Người trực cửa đánh dấu`,
  siteConfirmed: msg`Điểm cầu xác nhận cả hội trường`,
  ownTick: msg`Tự xác nhận bằng mã của mốc`,
  madeByOther: msg`Người khác làm hộ, có khai báo`,
  replay: msg`Xem lại`,
}

function NewVersion({ campaignId, from, onDone }: { campaignId: string; from: PresencePolicy; onDone: () => void }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [policy, setPolicy] = useState(from)
  const [inForceFrom, setInForceFrom] = useState<string>()
  const [asking, setAsking] = useState(false)
  const approve = useOperation(approvePolicy, {
    done: () => {
      say(t`Đã duyệt và công bố bản mới.`)
      onDone()
    },
  })
  const change = (part: Partial<PresencePolicy>) => setPolicy({ ...policy, ...part })
  const sound = PresencePolicy.safeParse(policy).success
  const run = async () => {
    await approve.run({ campaignId, policy, ...(inForceFrom ? { inForceFrom } : {}) })
    setAsking(false)
  }
  return (
    <Section title={<Trans>Bản mới</Trans>} aside={<Trans>bên phải là lời sẽ công bố</Trans>}>
      <div className={css.writing}>
        <div className="stack">
          <div className={css.pair}>
            <Whole
              label={t`Có mặt ít nhất`}
              value={policy.presentAtLeast.n}
              onChange={(n) => change({ presentAtLeast: { ...policy.presentAtLeast, n } })}
            />
            <Whole
              label={t`trên số mốc`}
              value={policy.presentAtLeast.d}
              onChange={(d) => change({ presentAtLeast: { ...policy.presentAtLeast, d } })}
            />
          </div>
          <Choice checked={policy.onePerSession} onChange={(event) => change({ onePerSession: event.target.checked })}>
            <Trans>Mỗi buổi phải có mặt ít nhất một mốc</Trans>
          </Choice>
          <Whole
            label={t`Số phút còn tính sau khi mốc đóng`}
            value={policy.lateGraceMinutes}
            onChange={(lateGraceMinutes) => change({ lateGraceMinutes })}
          />
          <Choice
            checked={policy.lateAcceptedByManager}
            onChange={(event) => change({ lateAcceptedByManager: event.target.checked })}
          >
            <Trans>Muộn hơn nữa thì người phụ trách điểm cầu được chấp nhận</Trans>
          </Choice>
          <Choice
            checked={policy.wrongHallCounts}
            onChange={(event) => change({ wrongHallCounts: event.target.checked })}
          >
            <Trans>Dự ở hội trường khác vẫn tính</Trans>
          </Choice>
          <div className={css.pair}>
            <Whole
              label={t`Mã của mốc hiện trong (giây)`}
              value={policy.ownTick.shownSeconds}
              onChange={(shownSeconds) => change({ ownTick: { ...policy.ownTick, shownSeconds } })}
            />
            <Whole
              label={t`Nhận tự xác nhận trong (phút)`}
              value={policy.ownTick.acceptedMinutes}
              onChange={(acceptedMinutes) => change({ ownTick: { ...policy.ownTick, acceptedMinutes } })}
            />
            <Whole
              label={t`Số lần được nhập sai`}
              value={policy.ownTick.tries}
              onChange={(tries) => change({ ownTick: { ...policy.ownTick, tries } })}
            />
          </div>
          <Choices legend={<Trans>Cách ghi nhận được tính</Trans>}>
            {evidenceKinds.map((kind) => (
              <Choice
                key={kind}
                checked={policy.evidenceTaken.includes(kind)}
                onChange={(event) =>
                  change({
                    evidenceTaken: evidenceKinds.filter((other) =>
                      other === kind ? event.target.checked : policy.evidenceTaken.includes(other),
                    ),
                  })
                }
              >
                {_(kindWords[kind])}
              </Choice>
            ))}
          </Choices>
          <DateTimeField
            label={t`Áp dụng từ`}
            hint={t`Để trống là từ lúc duyệt. Không áp dụng ngược về trước.`}
            value={inForceFrom}
            onChange={setInForceFrom}
          />
        </div>
        <div className={css.preview}>{sound && <Sentences words={describePolicy(policy)} />}</div>
      </div>
      <ErrorSentence refused={approve.refused} words={sayApprove} />
      <div className="row">
        <Button look="go" disabled={!sound} onClick={() => setAsking(true)}>
          <Trans>Duyệt và công bố</Trans>
        </Button>
        <Button onClick={onDone}>
          <Trans>Thôi</Trans>
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        title={<Trans>Duyệt bản mới</Trans>}
        verb={<Trans>Duyệt và công bố</Trans>}
        doing={approve.doing}
        onConfirm={run}
        onClose={() => setAsking(false)}
      >
        <p>
          <Trans>Bản mới hiện ngay cho mọi người trong đợt. Điều đã tính trước đó không đổi.</Trans>
        </p>
      </ConfirmDialog>
    </Section>
  )
}

/** A small whole number, typed. */
const Whole = ({ label, value, onChange }: { label: string; value: number; onChange: (value: number) => void }) => (
  <TextField
    label={label}
    inputMode="numeric"
    className="num"
    value={Number.isNaN(value) ? '' : String(value)}
    onChange={(event) => onChange(/^\d+$/.test(event.target.value) ? Number(event.target.value) : Number.NaN)}
  />
)
