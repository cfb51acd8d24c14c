import { useLingui } from '@lingui/react'
import { Plural, Trans, useLingui as useWords } from '@lingui/react/macro'
import { useEffect, useState } from 'react'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import { fileHref } from '../../../platform/web/client.ts'
import {
  Button,
  ButtonLink,
  ConfirmDialog,
  Drawer,
  ErrorSentence,
  FileDrop,
  Icon,
  Note,
  PageHeading,
  Section,
  SelectField,
  say,
  TextField,
  WaitingLines,
} from '../../../platform/web/ui/index.ts'
import {
  listMaterials,
  material,
  materialFile,
  orderMaterials,
  removeMaterial,
  renameMaterial,
  tryAgain,
} from '../contract.ts'
import { OnTheWay } from './Bringing.tsx'
import { LineState } from './LineState.tsx'
import css from './materials.module.css'
import { PageViewer, Thumb } from './PageViewer.tsx'
import { useBring } from './useBring.ts'
import { fileTypes, isUnderway, kindWords, type Line, printBytes, sayRemove, sayRename, sayTryAgain } from './words.ts'

type Topics = readonly { topicId: string; title: string }[]

/** What a conference is held with: brought by dropping, in the order it is used, each with its pages. */
export function Materials({ conference: conferenceId }: { conference: string }) {
  const { t } = useWords()
  const [busy, setBusy] = useState(false)
  const [open, setOpen] = useState<string>()
  const { value, refused, again } = useAnswer(
    listMaterials,
    { conferenceId: conferenceId as never, size: 200 },
    busy ? { everyMs: 1_000 } : {},
  )
  const uploads = useBring(conferenceId, { onDone: () => setBusy(true) })
  const rows = value?.rows
  useEffect(() => setBusy(rows?.some(isUnderway) ?? false), [rows])
  const order = useOperation(orderMaterials, { refresh: [listMaterials] })
  if (refused && !value) return <ErrorSentence refused={refused} again={again} />
  if (!value || !rows) return <WaitingLines lines={8} label={t`Đang lấy tài liệu`} />
  const { conference, topics, office, total, abilities } = value
  const chosen = rows.find(({ materialId }) => materialId === open)
  const mayOrder = abilities.includes('orderMaterials') && rows.length > 1
  const move = (at: number, by: number) => {
    const ids = rows.map(({ materialId }) => materialId)
    const [moved] = ids.splice(at, 1)
    ids.splice(at + by, 0, moved!)
    void order.run({ conferenceId: conferenceId as never, materialIds: ids as never })
  }
  return (
    <>
      <PageHeading
        over={conference.name}
        under={<Trans>Bài trình chiếu, văn bản, ảnh và video dùng trong hội nghị, theo thứ tự dùng.</Trans>}
        side={
          <ButtonLink href={`/hoi-nghi/${conferenceId}`}>
            <Trans>Về hội nghị</Trans>
          </ButtonLink>
        }
      >
        {total === 0 ? <Trans>Chưa có tài liệu</Trans> : <Plural value={total} other="# tài liệu" />}
      </PageHeading>
      {conference.classified ? (
        <Note tone="wait">
          <Trans>
            Hội nghị có nội dung mật: không đưa tài liệu lên mạng. Đồng chí phát bản giấy, ghi sổ giao và thu hồi.
          </Trans>
        </Note>
      ) : (
        abilities.includes('bringFile') && (
          <div className="stack">
            <FileDrop
              label={<Trans>Kéo tệp vào đây, hoặc bấm để chọn</Trans>}
              hint={<Trans>PDF, PPTX, ảnh hoặc video, mỗi tệp đến 200 MB</Trans>}
              accept={fileTypes}
              many
              onFile={(file) => uploads.bring(file)}
            />
            <p className="second small">
              <Trans>
                Trang đầu có dấu MẬT, TỐI MẬT, TUYỆT MẬT thì tệp bị chặn. Bản quét thành ảnh thì máy không đọc được dấu,
                đồng chí tự xem trước khi gửi.
              </Trans>{' '}
              {!office && <Trans>Máy chủ này chưa đọc được PPTX: đồng chí lưu bài thành PDF.</Trans>}
            </p>
            <OnTheWay {...uploads} />
          </div>
        )
      )}
      <ErrorSentence refused={order.refused} />
      {rows.length > 0 && (
        <ol className={css.list}>
          {rows.map((line, at) => {
            const { title } = line
            return (
              <li key={line.materialId} className={css.line}>
                <Thumb prefix={line.prefix} width={line.width} height={line.height} />
                <div className={css.lineWords}>
                  <button type="button" className={css.name} onClick={() => setOpen(line.materialId)}>
                    {line.title}
                  </button>
                  <Facts line={line} />
                </div>
                <LineState line={line} />
                {mayOrder && (
                  <span className={css.moves}>
                    <Button
                      small
                      look="bare"
                      aria-label={t`Đưa «${title}» lên`}
                      disabled={at === 0 || order.doing}
                      onClick={() => move(at, -1)}
                    >
                      <Icon name="up" />
                    </Button>
                    <Button
                      small
                      look="bare"
                      aria-label={t`Đưa «${title}» xuống`}
                      disabled={at === rows.length - 1 || order.doing}
                      onClick={() => move(at, 1)}
                    >
                      <Icon name="down" />
                    </Button>
                  </span>
                )}
              </li>
            )
          })}
        </ol>
      )}
      <Drawer open={chosen !== undefined} wide onClose={() => setOpen(undefined)} title={chosen?.title}>
        {chosen && (
          <OneMaterial
            key={chosen.materialId}
            line={chosen}
            topics={topics}
            uploads={uploads}
            onGone={() => setOpen(undefined)}
          />
        )}
      </Drawer>
    </>
  )
}

function Facts({ line }: { line: Line }) {
  const { _ } = useLingui()
  const { version, topicTitle } = line
  const size = printBytes(line.bytes)
  const at = formatMoment(new Date(line.at))
  return (
    <span className="second small">
      {_(kindWords[line.kind])} · <span className="num">{size}</span> ·{' '}
      {version > 1 ? (
        <Trans>
          bản {version}, {at}
        </Trans>
      ) : (
        <span className="num">{at}</span>
      )}
      {topicTitle && (
        <>
          <br />
          {topicTitle}
        </>
      )}
    </span>
  )
}

/** One of them: its pages, its name and topic, its versions, and the way out. */
function OneMaterial({
  line,
  topics,
  uploads,
  onGone,
}: {
  line: Line
  topics: Topics
  uploads: ReturnType<typeof useBring>
  onGone: () => void
}) {
  const [page, setPage] = useState<number>()
  const again = useOperation(tryAgain, { refresh: [listMaterials, material] })
  return (
    <div className="stack" data-gap="l">
      <div className="stack">
        <LineState line={line} />
        <Facts line={line} />
        <div className="row">
          {line.mayDownload && (
            <ButtonLink
              small
              icon={<Icon name="download" />}
              href={fileHref(materialFile, { versionId: line.versionId as never })}
              download
            >
              <Trans>Tải tệp về</Trans>
            </ButtonLink>
          )}
          {line.mayChange && (line.state === 'failed' || line.problem === 'needsOffice') && (
            <Button small doing={again.doing} onClick={() => again.run({ versionId: line.versionId as never })}>
              <Trans>Dựng lại</Trans>
            </Button>
          )}
        </div>
        <ErrorSentence refused={again.refused} words={sayTryAgain} />
      </div>
      {line.prefix !== '' && <PageGrid line={line} onOpen={setPage} />}
      {line.mayChange && <Rename line={line} topics={topics} />}
      <Versions line={line} uploads={uploads} />
      {line.mayChange && <Remove line={line} onGone={onGone} />}
      {page !== undefined && <PageViewer deck={line} from={page} onClose={() => setPage(undefined)} />}
    </div>
  )
}

function PageGrid({ line, onOpen }: { line: Line; onOpen: (page: number) => void }) {
  const { t } = useWords()
  const { pages, prefix, width, height } = line
  return (
    <Section title={<Trans>Các trang</Trans>} aside={<Plural value={pages} other="# trang" />}>
      <ol className={css.pages}>
        {Array.from({ length: pages }, (_, at) => at + 1).map((page) => (
          <li key={page}>
            <button type="button" aria-label={t`Xem trang ${page}`} onClick={() => onOpen(page)}>
              <img
                src={`${prefix}${page}-640.webp`}
                width={width}
                height={height}
                alt=""
                loading="lazy"
                decoding="async"
              />
              <span className="num small">{page}</span>
            </button>
          </li>
        ))}
      </ol>
    </Section>
  )
}

function Rename({ line, topics }: { line: Line; topics: Topics }) {
  const { t } = useWords()
  const [title, setTitle] = useState(line.title)
  const [topicId, setTopicId] = useState(line.topicId ?? '')
  const rename = useOperation(renameMaterial, { refresh: [listMaterials], done: () => say(t`Đã lưu.`) })
  const changed = title.trim() !== line.title || topicId !== (line.topicId ?? '')
  return (
    <Section title={<Trans>Tên và chuyên đề</Trans>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (title.trim() === '' || !changed) return
          void rename.run({
            materialId: line.materialId as never,
            title,
            topicId: (topicId === '' ? null : topicId) as never,
          })
        }}
      >
        <TextField
          label={t`Tên tài liệu`}
          value={title}
          maxLength={200}
          error={title.trim() === '' ? t`Tên không để trống.` : undefined}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {topics.length > 0 && (
          <SelectField
            label={t`Chuyên đề`}
            value={topicId}
            onChange={(event) => setTopicId(event.currentTarget.value)}
            options={[
              { value: '', label: t`Dùng chung cả hội nghị` },
              ...topics.map((topic) => ({ value: topic.topicId, label: topic.title })),
            ]}
          />
        )}
        {changed && (
          <div>
            <Button type="submit" look="go" doing={rename.doing}>
              <Trans>Lưu tên</Trans>
            </Button>
          </div>
        )}
        <ErrorSentence refused={rename.refused} words={sayRename} />
      </form>
    </Section>
  )
}

function Versions({ line, uploads }: { line: Line; uploads: ReturnType<typeof useBring> }) {
  const { value } = useAnswer(
    material,
    { materialId: line.materialId as never },
    isUnderway(line) ? { everyMs: 1_500 } : {},
  )
  const mine = uploads.files.filter(({ materialId }) => materialId === line.materialId)
  return (
    <Section title={<Trans>Các bản</Trans>}>
      <div className="stack">
        {value && value.versions.length > 1 && (
          <ol className={css.versions}>
            {value.versions.map((version) => {
              const number = version.version
              const at = formatMoment(new Date(version.at))
              return (
                <li key={version.versionId}>
                  <span>
                    <strong>
                      <Trans>Bản {number}</Trans>
                    </strong>{' '}
                    <span className="second small">
                      {version.fileName} · {printBytes(version.bytes)} · <span className="num">{at}</span>
                    </span>
                  </span>
                  <LineState line={{ ...version, inUse: undefined }} />
                </li>
              )
            })}
          </ol>
        )}
        {line.mayChange && <NewVersion onFile={(file) => uploads.bring(file, { materialId: line.materialId })} />}
        <OnTheWay {...uploads} files={mine} />
        <p className="second small">
          <Trans>Bản mới thay bản cũ khi dựng xong trang; bản đang chiếu thì chiếu hết buổi.</Trans>
        </p>
      </div>
    </Section>
  )
}
const NewVersion = ({ onFile }: { onFile: (file: File) => void }) => (
  <label className={`btn ${css.newVersion}`} data-size="s">
    <Icon name="upload" />
    <Trans>Gửi bản mới</Trans>
    <input
      className="sr"
      type="file"
      accept={fileTypes}
      onChange={(event) => {
        const [file] = event.target.files ?? []
        if (file) onFile(file)
        event.target.value = ''
      }}
    />
  </label>
)

function Remove({ line, onGone }: { line: Line; onGone: () => void }) {
  const { t } = useWords()
  const [asking, setAsking] = useState(false)
  const remove = useOperation(removeMaterial, { refresh: [listMaterials] })
  const { title } = line
  return (
    <div className="stack">
      <div>
        <Button small look="bare" onClick={() => setAsking(true)}>
          <Trans>Gỡ tài liệu này</Trans>
        </Button>
      </div>
      <ErrorSentence refused={remove.refused} words={sayRemove} />
      <ConfirmDialog
        open={asking}
        title={<Trans>Gỡ tài liệu</Trans>}
        verb={<Trans>Gỡ tài liệu</Trans>}
        doing={remove.doing}
        onConfirm={async () => {
          const answer = await remove.run({ materialId: line.materialId as never })
          setAsking(false)
          if (!answer.ok) return
          say(t`Đã gỡ tài liệu.`)
          onGone()
        }}
        onClose={() => setAsking(false)}
      >
        <p>
          <Trans>
            «{title}» không còn trong danh sách và không ai đọc được nữa. Trang đã chiếu trong một buổi vẫn giữ cùng bản
            ghi của buổi đó.
          </Trans>
        </p>
      </ConfirmDialog>
    </div>
  )
}
