import { useLingui } from '@lingui/react'
import { Trans, useLingui as useWords } from '@lingui/react/macro'
import { useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import {
  Button,
  Card,
  ConfirmDialog,
  ErrorSentence,
  Facts,
  PageHeading,
  Section,
  SelectField,
  Status,
  say,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import { stateTones, stateWords } from '../../conferences/web/index.ts'
import { closeSite, type Equipment, equipmentStates, setContact, setEquipment, site } from '../contract.ts'
import { SitesNav } from './conference.tsx'
import { SiteForm } from './SiteForm.tsx'
import look from './sites.module.css'
import { equipmentTones, equipmentWords, kindWords, sayClose } from './words.ts'

type View = ValueOf<typeof site>

export function SitePage({ site: siteId }: { site: string }) {
  const { t } = useWords()
  const { value, waiting, refused, again } = useAnswer(site, { siteId }, { keep: false })
  return (
    <>
      <SitesNav current="danh-muc" />
      {value ? (
        <Page view={value} />
      ) : waiting ? (
        <WaitingLines label={t`Đang mở điểm cầu`} lines={5} />
      ) : (
        <ErrorSentence refused={refused} again={again} />
      )}
    </>
  )
}

function Page({ view }: { view: View }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [editing, setEditing] = useState(false)
  const [closing, setClosing] = useState(false)
  const close = useOperation(closeSite, { done: () => setClosing(false) })
  const may = (verb: string) => view.abilities.includes(verb)
  const seats = formatCount(view.seats)
  const isClosed = view.closedOn !== undefined
  return (
    <div className="stack" data-gap="l">
      <PageHeading
        over={view.unitTrail.map(({ name }) => name).join(' › ')}
        under={
          isClosed ? (
            <Trans>Đã thôi dùng.</Trans>
          ) : (
            <Trans>
              {view.code}, {seats} chỗ
            </Trans>
          )
        }
        side={
          may('changeSite') && (
            <>
              <Button
                onClick={() => (isClosed ? void close.run({ siteId: view.siteId, closed: false }) : setClosing(true))}
              >
                {isClosed ? <Trans>Dùng lại</Trans> : <Trans>Thôi dùng</Trans>}
              </Button>
              <Button onClick={() => setEditing(true)}>
                <Trans>Sửa</Trans>
              </Button>
            </>
          )
        }
      >
        {view.name}
      </PageHeading>
      <div className={look.split}>
        <div className={`stack ${look.main}`} data-gap="l">
          <EquipmentList key={JSON.stringify(view.equipmentList)} view={view} mayChange={may('setEquipment')} />
          <Conferences view={view} />
        </div>
        <aside className={`${look.side} ${look.beside}`}>
          <Card>
            <Facts
              facts={[
                [t`Loại`, _(kindWords[view.kind])],
                [t`Đơn vị`, view.unitName],
                [t`Điểm cầu cấp trên`, view.parentSiteName ?? t`không có`],
                [t`Địa chỉ`, view.address || t`chưa ghi`],
              ]}
            />
          </Card>
          <Contact view={view} mayChange={may('setContact')} />
          {view.childSites.length > 0 && (
            <Section title={<Trans>Điểm cầu bên dưới</Trans>}>
              <ul className={look.list}>
                {view.childSites.map(({ siteId, name, seats: n }) => (
                  <li key={siteId}>
                    <a href={`/cac-diem-cau/danh-muc/${siteId}`}>{name}</a>
                    <span className="num nb">{formatCount(n)}</span>
                  </li>
                ))}
              </ul>
            </Section>
          )}
        </aside>
      </div>
      {editing && (
        <SiteForm unit={{ id: view.unitId, name: view.unitName }} of={view} onClose={() => setEditing(false)} />
      )}
      <ConfirmDialog
        open={closing}
        title={<Trans>Thôi dùng {view.name}</Trans>}
        verb={<Trans>Thôi dùng</Trans>}
        doing={close.doing}
        onClose={() => setClosing(false)}
        onConfirm={() => void close.run({ siteId: view.siteId, closed: true })}
      >
        <p>
          <Trans>Hội nghị sau không xếp người vào đây nữa. Số liệu các hội nghị trước còn nguyên.</Trans>
        </p>
        <ErrorSentence refused={close.refused} words={sayClose} />
      </ConfirmDialog>
    </div>
  )
}

type Line = Equipment & { key: number }
function EquipmentList({ view, mayChange }: { view: View; mayChange: boolean }) {
  const { t } = useWords()
  const { _ } = useLingui()
  const [lines, setLines] = useState<Line[]>()
  const save = useOperation(setEquipment, {
    done: () => {
      setLines(undefined)
      say(t`Đã ghi thiết bị`)
    },
  })
  const edit = () => setLines(view.equipmentList.map((line, key) => ({ ...line, key })))
  const set = (key: number, change: Partial<Line>) =>
    setLines((before) => before?.map((line) => (line.key === key ? { ...line, ...change } : line)))
  if (!lines)
    return (
      <Section
        title={<Trans>Thiết bị</Trans>}
        aside={
          mayChange && (
            <Button small onClick={edit}>
              <Trans>Sửa danh sách</Trans>
            </Button>
          )
        }
      >
        {view.equipmentList.length === 0 ? (
          <p className="second">
            <Trans>Chưa ghi thiết bị nào.</Trans>
          </p>
        ) : (
          <ul className={look.list}>
            {view.equipmentList.map((line) => (
              <li key={line.name}>
                <span>
                  {line.name}
                  {line.note && <span className="second small">, {line.note}</span>}
                </span>
                <Status tone={equipmentTones[line.state]}>{_(equipmentWords[line.state])}</Status>
              </li>
            ))}
          </ul>
        )}
      </Section>
    )
  const used = lines.filter(({ name }) => name.trim() !== '')
  return (
    <Section title={<Trans>Thiết bị</Trans>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void save.run({
            siteId: view.siteId,
            equipment: used.map(({ name, state, note }) => ({ name, state, note })),
          })
        }}
      >
        {lines.map((line) => (
          <div key={line.key} className={look.equipment}>
            <TextField
              label={t`Tên`}
              value={line.name}
              onChange={(event) => set(line.key, { name: event.currentTarget.value })}
            />
            <SelectField
              label={t`Tình trạng`}
              value={line.state}
              onChange={(event) => set(line.key, { state: event.currentTarget.value as Line['state'] })}
              options={equipmentStates.map((state) => ({ value: state, label: _(equipmentWords[state]) }))}
            />
            <TextField
              label={t`Ghi chú`}
              value={line.note}
              onChange={(event) => set(line.key, { note: event.currentTarget.value })}
            />
            <Button
              type="button"
              onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
              aria-label={t`Bỏ dòng: ${line.name}`}
            >
              <Trans>Bỏ</Trans>
            </Button>
          </div>
        ))}
        <ErrorSentence refused={save.refused} />
        <div className="row">
          <Button
            type="button"
            onClick={() =>
              setLines([
                ...lines,
                { key: Math.max(0, ...lines.map(({ key }) => key)) + 1, name: '', state: 'ready', note: '' },
              ])
            }
          >
            <Trans>Thêm thiết bị</Trans>
          </Button>
          <Button type="submit" look="go" doing={save.doing}>
            <Trans>Ghi thiết bị</Trans>
          </Button>
          <Button type="button" look="bare" onClick={() => setLines(undefined)}>
            <Trans>Thôi</Trans>
          </Button>
        </div>
      </form>
    </Section>
  )
}

function Contact({ view, mayChange }: { view: View; mayChange: boolean }) {
  const { t } = useWords()
  const [typed, setTyped] = useState<{ name: string; phone: string }>()
  const save = useOperation(setContact, { done: () => setTyped(undefined) })
  return (
    <Section
      title={<Trans>Người phụ trách</Trans>}
      aside={
        mayChange &&
        !typed && (
          <Button small onClick={() => setTyped({ name: view.contactName, phone: view.contactPhone })}>
            <Trans>Sửa</Trans>
          </Button>
        )
      }
    >
      {typed ? (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault()
            void save.run({ siteId: view.siteId, contactName: typed.name, contactPhone: typed.phone })
          }}
        >
          <TextField
            label={t`Họ và tên`}
            value={typed.name}
            onChange={(event) => setTyped({ ...typed, name: event.currentTarget.value })}
          />
          <TextField
            label={t`Điện thoại`}
            inputMode="tel"
            value={typed.phone}
            onChange={(event) => setTyped({ ...typed, phone: event.currentTarget.value })}
          />
          <ErrorSentence refused={save.refused} />
          <div className="row">
            <Button type="submit" look="go" doing={save.doing}>
              <Trans>Ghi</Trans>
            </Button>
            <Button type="button" look="bare" onClick={() => setTyped(undefined)}>
              <Trans>Thôi</Trans>
            </Button>
          </div>
        </form>
      ) : view.contactName || view.contactPhone ? (
        <p>
          {view.contactName}{' '}
          {view.contactPhone && <a href={`tel:${view.contactPhone.replace(/\s/g, '')}`}>{view.contactPhone}</a>}
        </p>
      ) : (
        <p className="second">
          <Trans>Chưa ghi ai.</Trans>
        </p>
      )}
    </Section>
  )
}

function Conferences({ view }: { view: View }) {
  const { _ } = useLingui()
  return (
    <Section title={<Trans>Hội nghị tại đây</Trans>}>
      {view.conferences.length === 0 ? (
        <p className="second">
          <Trans>Chưa dự hội nghị nào.</Trans>
        </p>
      ) : (
        <ul className={look.list}>
          {view.conferences.map((one) => (
            <li key={one.conferenceId}>
              <span>
                <a href={`/hoi-nghi/${one.conferenceId}`}>{one.name}</a>
                <span className="second small">
                  {one.startsAt && `, ${formatMoment(new Date(one.startsAt))}`}, <Taken of={one} />
                </span>
                {one.readyNote && <div className="small second">{one.readyNote}</div>}
              </span>
              <Status tone={stateTones[one.state as keyof typeof stateTones]}>
                {_(stateWords[one.state as keyof typeof stateWords])}
              </Status>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
function Taken({ of: { summoned, seats } }: { of: { summoned: number; seats: number } }) {
  const people = formatCount(summoned)
  const room = formatCount(seats)
  return (
    <Trans>
      {people} người trên {room} chỗ
    </Trans>
  )
}
