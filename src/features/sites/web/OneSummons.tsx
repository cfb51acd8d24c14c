import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import type { Operation } from '../../../platform/contract.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import {
  Button,
  ErrorSentence,
  Note,
  SearchField,
  SelectField,
  say,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { type Excuse, excuse, excuses, listUnsummoned, markUndeliverable, register, substitute } from '../contract.ts'
import look from './sites.module.css'
import { excuseWords, sayExcuse, sayRegister, saySubstitute } from './words.ts'

type Done = (personIds: readonly string[]) => void
type One = {
  conferenceId: string
  summonsId: string
  personId: string
  excuse: string | undefined
  undeliverable: boolean
}

/**
 * What the officer of a person's own unit does with one summons of hers: an excuse from the closed list, not reached, a substitute.
 * `refresh` names answers that become old; lists of names stay as they were opened and `onDone` says whom to read again.
 */
export function OneSummons({
  summons,
  unitId,
  closed,
  refresh,
  onDone,
}: {
  summons: One
  unitId: string
  /** The conference is over: what was said of her may still be mended, but nobody goes in her place. */
  closed: boolean
  refresh: readonly Operation[]
  onDone: Done
}) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [replacing, setReplacing] = useState(false)
  const { conferenceId, summonsId, personId } = summons
  const told = () => {
    say(t`Đã ghi`)
    onDone([personId])
  }
  const excusing = useOperation(excuse, { refresh, done: told })
  const marking = useOperation(markUndeliverable, { refresh, done: told })
  return (
    <div className="stack">
      <SelectField
        label={t`Xin vắng`}
        value={summons.excuse ?? ''}
        disabled={excusing.doing}
        onChange={(event) =>
          void excusing.run({ conferenceId, summonsId, reason: (event.currentTarget.value || null) as Excuse | null })
        }
        options={[
          { value: '', label: t`Không xin vắng` },
          ...excuses.map((reason) => ({ value: reason, label: _(excuseWords[reason]) })),
        ]}
      />
      <div className="row">
        <Button
          doing={marking.doing}
          onClick={() => void marking.run({ conferenceId, summonsId, undeliverable: !summons.undeliverable })}
        >
          {summons.undeliverable ? <Trans>Đã liên lạc được</Trans> : <Trans>Chưa liên lạc được</Trans>}
        </Button>
        {!closed && (
          <Button aria-expanded={replacing} onClick={() => setReplacing(!replacing)}>
            <Trans>Cử người đi thay</Trans>
          </Button>
        )}
      </div>
      <ErrorSentence refused={excusing.refused ?? marking.refused} words={sayExcuse} />
      {replacing && (
        <Substitute
          summons={summons}
          unitId={unitId}
          refresh={refresh}
          onDone={(substituteId) => {
            setReplacing(false)
            onDone([personId, substituteId])
          }}
        />
      )}
    </div>
  )
}

/** Found by name, one at a time: the names of a whole unit are not opened to choose one of them. */
function Substitute({
  summons: { conferenceId, summonsId },
  unitId,
  refresh,
  onDone,
}: {
  summons: One
  unitId: string
  refresh: readonly Operation[]
  onDone: (personId: string) => void
}) {
  const { t } = useWords()
  const [search, setSearch] = useState('')
  const { value, waiting, refused, again } = useAnswer(
    listUnsummoned,
    search.trim().length > 1 && { conferenceId, unitId, search, size: 10 },
    { staleMs: Number.POSITIVE_INFINITY, keep: false },
  )
  const replacing = useOperation(substitute, { refresh })
  const choose = async (personId: string, name: string) => {
    const answer = await replacing.run({ conferenceId, summonsId, personId })
    if (!answer.ok) return
    say(t`${name} đi thay`)
    onDone(personId)
  }
  return (
    <Note tone="still">
      <div className="stack">
        <SearchField hideLabel={false} label={t`Tên hoặc mã số người đi thay`} value={search} onSearch={setSearch} />
        <ErrorSentence refused={refused} again={again} />
        {waiting && <WaitingLines label={t`Đang tìm`} lines={2} />}
        {value && value.rows.length > 0 && (
          <ul className={look.list}>
            {value.rows.map(({ personId, name, unitName, inScope }) => (
              <li key={personId}>
                <span>
                  {name}
                  <div className="second small">
                    {unitName}
                    {!inScope && (
                      <>
                        {', '}
                        <Trans>ngoài diện học</Trans>
                      </>
                    )}
                  </div>
                </span>
                <Button
                  small
                  doing={replacing.doing}
                  onClick={() => void choose(personId, name)}
                  aria-label={t`Cử ${name} đi thay`}
                >
                  <Trans>Cử đi thay</Trans>
                </Button>
              </li>
            ))}
          </ul>
        )}
        {value?.rows.length === 0 && (
          <p className="second">
            <Trans>Không có ai khớp. Người đã được triệu tập không đi thay được.</Trans>
          </p>
        )}
        <ErrorSentence refused={replacing.refused} words={saySubstitute} />
      </div>
    </Note>
  )
}

/** For a person without a seat: a summons with no site, so that she joins on her own device. */
export function RegisterHer({
  conferenceId,
  conferenceName,
  personId,
  refresh,
  onDone,
}: {
  conferenceId: string
  conferenceName: string
  personId: string
  refresh: readonly Operation[]
  onDone: Done
}) {
  const { t } = useWords()
  const registering = useOperation(register, {
    refresh,
    done: () => {
      say(t`Đã đăng ký`)
      onDone([personId])
    },
  })
  return (
    <div className="stack" data-gap="s">
      <p>
        <Trans>{conferenceName}: đồng chí này chưa có chỗ ở điểm cầu nào.</Trans>
      </p>
      <p>
        <Button doing={registering.doing} onClick={() => void registering.run({ conferenceId, personId })}>
          <Trans>Đăng ký dự trên thiết bị cá nhân</Trans>
        </Button>
      </p>
      <ErrorSentence refused={registering.refused} words={sayRegister} />
    </div>
  )
}
