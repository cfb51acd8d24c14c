import { msg } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import { type ReactNode, useState } from 'react'
import { formatCount } from '../../../kernel/figure.ts'
import { formatMoment } from '../../../kernel/time.ts'
import { useAnswer, useOperation } from '../../../platform/web/answers.ts'
import type { ValueOf } from '../../../platform/web/client.ts'
import type { WordsFor } from '../../../platform/web/refusals.tsx'
import {
  Button,
  type Column,
  ConfirmDialog,
  CopyButton,
  DataTable,
  Drawer,
  ErrorSentence,
  Facts,
  Note,
  PageHeading,
  SearchField,
  Section,
  Status,
  say,
  TextField,
  useAddress,
  useTableAddress,
} from '../../../platform/web/ui/index.ts'
import * as contract from '../contract.ts'

const sayCreate = {
  userNameTaken: msg`Tên đăng nhập này đã có người dùng. Đồng chí chọn tên khác.`,
} satisfies WordsFor<typeof contract.createStaff>
const sayYourself = {
  yourself: msg`Đồng chí không tự làm việc này với tài khoản của mình được. Nhờ người quản trị khác.`,
} satisfies WordsFor<typeof contract.setStaffDisabled>
const sayLink = {
  noSuchPerson: msg`Không có ai mang mã số này. Đồng chí xem lại mã trong danh sách đảng viên.`,
  alreadyLinked: msg`Người này đã có tài khoản khác.`,
  severalRegisters: msg`Mã số này có ở nhiều sổ. Đồng chí ghi thêm mã sổ.`,
} satisfies WordsFor<typeof contract.linkPerson>

type Row = ValueOf<typeof contract.listStaff>['rows'][number]

/** Accounts of the staff: made here, closed here; what they may do is given on the page of grants. */
export function Staff() {
  const { t } = useLingui()
  const [words, change] = useAddress()
  const [table, setTable] = useTableAddress({ size: 50 })
  const search = words.tim ?? ''
  const listed = useAnswer(contract.listStaff, { search, page: table.page, size: table.size })
  const [making, setMaking] = useState(false)
  const open = listed.value?.rows.find(({ userId }) => userId === words.mo)
  const columns: Column<Row>[] = [
    {
      key: 'name',
      header: t`Họ và tên`,
      onCard: 'title',
      cell: ({ userId, name }) => (
        <a href={`/tai-khoan?mo=${userId}`} onClick={(event) => event.preventDefault()}>
          {name}
        </a>
      ),
    },
    { key: 'userName', header: t`Tên đăng nhập`, cell: ({ userName }) => userName },
    {
      key: 'state',
      header: t`Tình trạng`,
      cell: ({ disabled, hasPassword }) =>
        disabled ? (
          <Status tone="off">{t`Đã khoá`}</Status>
        ) : hasPassword ? (
          <Status tone="ok">{t`Đang dùng`}</Status>
        ) : (
          <Status tone="wait">{t`Chờ đặt mật khẩu`}</Status>
        ),
    },
    { key: 'totp', header: t`Mã xác thực`, cell: ({ totpEnrolled }) => (totpEnrolled ? t`Đã có` : t`Chưa`) },
    { key: 'grants', header: t`Số quyền`, number: true, cell: ({ grants }) => formatCount(grants) },
    {
      key: 'seen',
      header: t`Vào gần nhất`,
      cell: ({ lastSeenAt }) => (
        <span className="num">{lastSeenAt ? formatMoment(new Date(lastSeenAt)) : t`chưa lần nào`}</span>
      ),
    },
  ]
  const count = formatCount(listed.value?.total ?? 0)
  return (
    <>
      <PageHeading
        over={<Trans>Tài khoản</Trans>}
        under={
          <Trans>
            Cán bộ đăng nhập bằng tài khoản ở đây. Đảng viên không cần tài khoản: mỗi người có đường dẫn riêng.
          </Trans>
        }
        side={
          <Button look="go" onClick={() => setMaking(true)}>
            <Trans>Thêm tài khoản</Trans>
          </Button>
        }
      >
        <Trans>{count} tài khoản cán bộ</Trans>
      </PageHeading>
      <DataTable
        label={t`Tài khoản cán bộ`}
        columns={columns}
        rows={listed.value?.rows}
        total={listed.value?.total}
        rowKey={({ userId }) => userId}
        state={table}
        onState={setTable}
        waiting={listed.waiting}
        refreshing={listed.refreshing}
        refused={listed.refused}
        again={listed.again}
        onOpen={({ userId }) => change({ mo: userId })}
        rowTone={({ disabled }) => (disabled ? 'quiet' : undefined)}
        empty={search ? <Trans>Không có tài khoản nào khớp.</Trans> : <Trans>Chưa có tài khoản nào.</Trans>}
        filters={
          <SearchField
            label={t`Tìm tài khoản`}
            placeholder={t`Tên hoặc tên đăng nhập`}
            value={search}
            onSearch={(typed) => change({ tim: typed, trang: undefined })}
          />
        }
      />
      <Drawer open={making} onClose={() => setMaking(false)} title={<Trans>Thêm tài khoản</Trans>}>
        <NewAccount />
      </Drawer>
      <Drawer open={open !== undefined} onClose={() => change({ mo: undefined })} title={open?.name ?? ''}>
        {open && <Account key={open.userId} row={open} />}
      </Drawer>
    </>
  )
}

const PasswordLink = ({ link }: { link: string }) => (
  <Note tone="ok">
    <div className="stack" data-gap="s">
      <p>
        <Trans>Gửi riêng đường dẫn này cho người đó. Dùng một lần, trong ba ngày; trang này chỉ hiện nó bây giờ.</Trans>
      </p>
      <p style={{ overflowWrap: 'anywhere' }}>
        <code>{link}</code>
      </p>
      <p>
        <CopyButton text={link} />
      </p>
    </div>
  </Note>
)

function NewAccount() {
  const { t } = useLingui()
  const [name, setName] = useState('')
  const [userName, setUserName] = useState('')
  const create = useOperation(contract.createStaff, { refresh: [contract.listStaff] })
  const odd = userName !== '' && !contract.userNamePattern.test(userName.trim().toLowerCase())
  if (create.value)
    return (
      <div className="stack">
        <p>
          <Trans>Đã thêm tài khoản {userName}. Tiếp theo, giao quyền cho người này ở mục Phân quyền.</Trans>
        </p>
        <PasswordLink link={create.value.passwordLink} />
        <p>
          <Button
            onClick={() => {
              create.forget()
              setName('')
              setUserName('')
            }}
          >
            <Trans>Thêm người nữa</Trans>
          </Button>
        </p>
      </div>
    )
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!odd) void create.run({ name, userName })
      }}
    >
      <TextField
        label={t`Họ và tên`}
        required
        maxLength={120}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={t`Tên đăng nhập`}
        hint={t`Chữ không dấu, số, dấu chấm. Ví dụ: thu.nt`}
        error={odd ? t`Chỉ dùng chữ không dấu, số, dấu chấm, gạch ngang; từ 3 đến 30 ký tự.` : undefined}
        autoCapitalize="none"
        spellCheck={false}
        required
        value={userName}
        onChange={(event) => setUserName(event.target.value)}
      />
      <ErrorSentence refused={create.refused} words={sayCreate} />
      <Button look="go" type="submit" doing={create.doing} disabled={odd}>
        <Trans>Thêm tài khoản</Trans>
      </Button>
    </form>
  )
}

function Account({ row }: { row: Row }) {
  const { t } = useLingui()
  const refresh = [contract.listStaff]
  const [asking, setAsking] = useState<{
    title: ReactNode
    words: ReactNode
    verb: ReactNode
    run: () => Promise<unknown>
  }>()
  const renew = useOperation(contract.renewPasswordLink, { refresh })
  const disable = useOperation(contract.setStaffDisabled, { refresh })
  const reset = useOperation(contract.resetTotp, { refresh, done: () => say(t`Đã bỏ mã xác thực`) })
  const [code, setCode] = useState('')
  const [register, setRegister] = useState('')
  const link = useOperation(contract.linkPerson, { refresh })
  const userId = row.userId
  const ask = (title: ReactNode, words: ReactNode, verb: ReactNode, run: () => Promise<unknown>) =>
    setAsking({ title, words, verb, run })
  return (
    <div className="stack" data-gap="l">
      <Facts
        facts={[
          [t`Tên đăng nhập`, row.userName],
          [t`Mật khẩu`, row.hasPassword ? t`Đã đặt` : t`Chưa đặt`],
          [t`Mã xác thực`, row.totpEnrolled ? t`Đã có` : t`Chưa có`],
          [t`Số quyền`, formatCount(row.grants)],
        ]}
      />
      {renew.value && <PasswordLink link={renew.value.passwordLink} />}
      <ErrorSentence refused={renew.refused ?? disable.refused ?? reset.refused} words={sayYourself} />
      <div className="row">
        <Button
          onClick={() =>
            ask(
              <Trans>Gửi đường dẫn đặt lại mật khẩu?</Trans>,
              <Trans>Mật khẩu cũ hết dùng và {row.name} bị đăng xuất ngay.</Trans>,
              <Trans>Tạo đường dẫn</Trans>,
              () => renew.run({ userId }),
            )
          }
        >
          <Trans>Đặt lại mật khẩu</Trans>
        </Button>
        {row.totpEnrolled && (
          <Button
            onClick={() =>
              ask(
                <Trans>Bỏ mã xác thực của {row.name}?</Trans>,
                <Trans>Dùng khi mất điện thoại. Lần đăng nhập tới, người này phải thêm mã mới.</Trans>,
                <Trans>Bỏ mã</Trans>,
                () => reset.run({ userId }),
              )
            }
          >
            <Trans>Bỏ mã xác thực</Trans>
          </Button>
        )}
        <Button
          onClick={() =>
            row.disabled
              ? void disable.run({ userId, disabled: false })
              : ask(
                  <Trans>Khoá tài khoản của {row.name}?</Trans>,
                  <Trans>
                    Người này bị đăng xuất ngay và không vào được nữa. Việc đã làm vẫn giữ nguyên, mở lại lúc nào cũng
                    được.
                  </Trans>,
                  <Trans>Khoá tài khoản</Trans>,
                  () => disable.run({ userId, disabled: true }),
                )
          }
        >
          {row.disabled ? <Trans>Mở lại tài khoản</Trans> : <Trans>Khoá tài khoản</Trans>}
        </Button>
      </div>
      <Section title={<Trans>Nối với đảng viên</Trans>}>
        <div className="stack">
          <p className="second">
            <Trans>
              Để người này xem trang của chính mình (giấy triệu tập, điểm danh) bằng cùng một lần đăng nhập.
            </Trans>
          </p>
          {row.personName ? (
            <div className="row" data-spread="">
              <b>{row.personName}</b>
              <Button small look="bare" doing={link.doing} onClick={() => void link.run({ userId })}>
                <Trans>Thôi nối</Trans>
              </Button>
            </div>
          ) : (
            <form
              className="stack"
              onSubmit={(event) => {
                event.preventDefault()
                void link.run({ userId, personCode: code, register })
              }}
            >
              <TextField
                label={t`Mã số đảng viên`}
                required
                value={code}
                onChange={(event) => setCode(event.target.value)}
              />
              <TextField
                label={t`Mã sổ`}
                hint={t`Chỉ cần khi hệ thống có nhiều sổ.`}
                value={register}
                onChange={(event) => setRegister(event.target.value)}
              />
              <ErrorSentence refused={link.refused} words={sayLink} />
              <p>
                <Button type="submit" doing={link.doing}>
                  <Trans>Nối</Trans>
                </Button>
              </p>
            </form>
          )}
        </div>
      </Section>
      <ConfirmDialog
        open={asking !== undefined}
        title={asking?.title}
        verb={asking?.verb}
        onClose={() => setAsking(undefined)}
        onConfirm={() => {
          void asking?.run()
          setAsking(undefined)
        }}
      >
        <p>{asking?.words}</p>
      </ConfirmDialog>
    </div>
  )
}
