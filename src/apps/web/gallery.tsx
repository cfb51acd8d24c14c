import { MultiSelect, Select } from '@mantine/core'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { z } from 'zod'
import { formatCount } from '../../kernel/figure.ts'
import { fold } from '../../kernel/fold.ts'
import { topic } from '../../platform/contract.ts'
import { openAnswers } from '../../platform/web/answers.ts'
import { startLanguage } from '../../platform/web/i18n.ts'
import { useTopic } from '../../platform/web/live.ts'
import { goTo, usePath } from '../../platform/web/route.tsx'
import { Desk } from '../../platform/web/ui/Desk.tsx'
import {
  AppShell,
  BigNumber,
  BigNumberInput,
  Button,
  ButtonLink,
  Card,
  Choice,
  Choices,
  type Column,
  ConfirmDialog,
  CopyButton,
  Count,
  CoverageBar,
  DataTable,
  DateField,
  DateTimeField,
  Drawer,
  ErrorSentence,
  Facts,
  Figure,
  FileDrop,
  Icon,
  LightPage,
  LiveLine,
  Note,
  OrgFinder,
  type OrgNode,
  type OrgSource,
  OrgTreePicker,
  PageHeading,
  PrintButton,
  ProblemList,
  ProgressBar,
  SearchField,
  Section,
  Segments,
  SelectField,
  Status,
  Steps,
  say,
  TabBar,
  type TableState,
  TabPanel,
  Tabs,
  TextArea,
  TextField,
  ThinBar,
  VirtualList,
} from '../../platform/web/ui/index.ts'

// All parts on one page, for those who build screens; no part of the product's build, so its words are not translated.

type Row = { id: string; name: string; inScope: number; atSites: number; madeUp: number; covered: number; left: number }
const rows: Row[] = [
  ['BG01', 'Huyện Lục Ngạn', 11419, 7326, 596, 7962],
  ['BG02', 'Các khu công nghiệp tỉnh', 3008, 489, 308, 803],
  ['BG03', 'Huyện Lục Nam', 9841, 6855, 614, 7505],
  ['BG04', 'Huyện Hiệp Hòa', 9843, 6692, 764, 7490],
  ['BG05', 'Huyện Yên Thế', 7480, 5264, 591, 5879],
  ['BG06', 'Thành phố Bắc Giang', 6298, 4380, 410, 4850],
].map(([id, name, inScope, atSites, madeUp, covered]) => ({
  id: id as string,
  name: name as string,
  inScope: inScope as number,
  atSites: atSites as number,
  madeUp: madeUp as number,
  covered: covered as number,
  left: (inScope as number) - (covered as number),
}))
const whole: Row = {
  id: 'T',
  name: 'Toàn tỉnh',
  inScope: 97319,
  atSites: 62221,
  madeUp: 8540,
  covered: 70761,
  left: 26558,
}

const nodes: Record<string, OrgNode[]> = {
  '': [{ id: 'T', name: 'Tỉnh ủy Bắc Giang', code: 'T', hasChildren: true }],
  T: rows.map(({ id, name }) => ({ id, name, code: id, hasChildren: true })),
  BG01: Array.from({ length: 400 }, (_, at) => ({
    id: `BG01.${at}`,
    name: `Đảng bộ xã Phượng Sơn, chi bộ thôn Cầu Đất ${at + 1}`,
    code: `BG01.${at + 1}`,
    hasChildren: at % 5 === 0,
  })),
}
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const org: OrgSource = {
  key: 'gallery',
  children: async (parent) => {
    await wait(150)
    return nodes[parent ?? ''] ?? []
  },
  search: async (typed) => {
    await wait(150)
    return Object.values(nodes)
      .flat()
      .filter(({ name }) => fold(name).includes(typed))
      .slice(0, 20)
      .map((node) => ({ ...node, above: ['Bắc Giang'] }))
  },
}

const columns: Column<Row>[] = [
  { key: 'name', header: 'Đơn vị', sortable: true, onCard: 'title', cell: ({ name }) => name },
  { key: 'inScope', header: 'Thuộc diện', number: true, sortable: true, cell: ({ inScope }) => formatCount(inScope) },
  { key: 'atSites', header: 'Dự tại điểm cầu', number: true, cell: ({ atSites }) => formatCount(atSites) },
  { key: 'madeUp', header: 'Học bù', number: true, cell: ({ madeUp }) => formatCount(madeUp) },
  { key: 'covered', header: 'Đã học', number: true, cell: ({ covered }) => formatCount(covered) },
  {
    key: 'bar',
    header: 'Tỷ lệ trên thuộc diện',
    onCard: 'line',
    width: '11rem',
    cell: ({ atSites, madeUp, inScope }) => (
      <div style={{ paddingTop: '0.6em' }}>
        <ThinBar
          total={inScope}
          parts={[
            { count: atSites, look: '1' },
            { count: madeUp, look: 'gold' },
          ]}
        />
      </div>
    ),
  },
  { key: 'left', header: 'Còn lại', number: true, sortable: true, cell: ({ left }) => <Count value={left} href="#" /> },
]

function Tables() {
  const [state, setState] = useState<TableState>({ page: 1, size: 6, sort: '-left' })
  const [view, setView] = useState('all')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['BG03']))
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['BG01']))
  const [query, setQuery] = useState('')
  const tree = rows.flatMap((row) =>
    open.has(row.id) ? [row, { ...row, id: `${row.id}-1`, name: 'Xã Phượng Sơn', inScope: 412 }] : [row],
  )
  return (
    <>
      <Section title="Sổ cái theo đơn vị" aside="Mỗi người ở đúng một chỗ">
        <DataTable
          label="Sổ cái theo đơn vị"
          columns={columns}
          rows={rows}
          total={36}
          rowKey={({ id }) => id}
          state={state}
          onState={setState}
          totalRow={whole}
          onOpen={({ name }) => say(`Mở ${name}`)}
          selection={{ selected, onChange: setSelected, nameOf: ({ name }) => name }}
          rowTone={({ id }) => (id === 'BG02' ? 'marked' : undefined)}
          empty="Chưa có đơn vị nào trong phạm vi này."
          filters={
            <>
              <Segments
                label="Xem"
                value={view}
                onChange={setView}
                tabs={[
                  { key: 'all', label: 'Tất cả', count: '97.319' },
                  { key: 'left', label: 'Còn lại', count: '26.558' },
                ]}
              />
              <SearchField label="Tìm đơn vị" value={query} onSearch={setQuery} />
            </>
          }
          actions={
            <ButtonLink href="#" icon={<Icon name="download" />}>
              Tải bảng Excel
            </ButtonLink>
          }
        />
      </Section>
      <Section title="Bảng cây, đang lấy và trống">
        <div className="stack">
          <DataTable
            label="Kiểm diện theo cây"
            columns={columns.slice(0, 4)}
            rows={tree}
            rowKey={({ id }) => id}
            empty=""
            tree={{
              depth: ({ id }) => (id.includes('-') ? 1 : 0),
              state: ({ id }) => (id.includes('-') ? 'leaf' : open.has(id) ? 'open' : 'closed'),
              toggle: ({ id }) =>
                setOpen((before) => {
                  const after = new Set(before)
                  after.has(id) ? after.delete(id) : after.add(id)
                  return after
                }),
            }}
          />
          <DataTable
            label="Đang lấy"
            columns={columns.slice(0, 4)}
            rows={undefined}
            waiting
            rowKey={({ id }) => id}
            empty=""
          />
          <DataTable
            label="Trống"
            columns={columns.slice(0, 4)}
            rows={[]}
            rowKey={({ id }) => id}
            empty="Chưa có buổi học bù nào. Lập buổi đầu tiên từ danh sách còn lại."
          />
          <DataTable
            label="Lỗi"
            columns={columns}
            rows={undefined}
            rowKey={({ id }) => id}
            refused={{ refused: 'offline' }}
            again={() => say('Đang thử lại')}
            empty=""
          />
        </div>
      </Section>
    </>
  )
}

function Forms() {
  const [day, setDay] = useState<string | undefined>('2021-01-14')
  const [moment, setMoment] = useState<string | undefined>('2021-01-14T00:30:00.000Z')
  const [unit, setUnit] = useState<{ id: string; name: string } | undefined>({ id: 'BG05', name: 'Huyện Yên Thế' })
  const [asking, setAsking] = useState(false)
  const [drawer, setDrawer] = useState(false)
  return (
    <Section title="Điền và chọn">
      <div className="columns">
        <TextField
          label="Tên hội nghị"
          defaultValue="Học tập, quán triệt Nghị quyết Đại hội XIX"
          hint="Như ghi trên kế hoạch"
        />
        <TextField
          label="Mã điểm cầu"
          defaultValue="DC 12"
          error="Mã này đã có ở điểm cầu Xã Cảnh Thụy. Đồng chí chọn mã khác."
        />
        <SelectField
          label="Buổi"
          options={[
            { value: 'B1', label: 'Buổi sáng 14/01' },
            { value: 'B2', label: 'Buổi chiều 14/01' },
          ]}
        />
        <DateField label="Ngày" value={day} onChange={setDay} />
        <DateTimeField label="Khai mạc" value={moment} onChange={setMoment} />
        <OrgTreePicker source={org} label="Đơn vị chủ trì" value={unit} onChange={setUnit} clearable />
        <Select
          label="Cán bộ phụ trách"
          searchable
          clearable
          placeholder="Gõ tên"
          data={['Nguyễn Văn Ưỡng', 'Thân Thị Nhàn', 'Giáp Thị Ệ']}
        />
        <MultiSelect label="Các buổi" data={['Buổi sáng', 'Buổi chiều']} defaultValue={['Buổi sáng']} />
        <TextArea label="Ghi chú" placeholder="Mang theo tài liệu số 3" />
        <Choices legend="Hình thức">
          <Choice type="radio" name="form" boxed defaultChecked>
            Tại điểm cầu
          </Choice>
          <Choice type="radio" name="form" boxed>
            Trên thiết bị cá nhân
          </Choice>
          <Choice>Có nội dung mật</Choice>
        </Choices>
        <FileDrop
          label="Thả tệp don-vi vào đây hoặc bấm để chọn"
          hint="CSV hoặc Excel, tối đa 60 MB"
          onFile={({ name }) => say(name)}
        />
      </div>
      <div className="row" style={{ marginTop: '1rem' }}>
        <Button look="go" onClick={() => setAsking(true)}>
          Chốt số liệu
        </Button>
        <Button doing>Đang gửi</Button>
        <Button disabled>Chưa đến giờ</Button>
        <Button
          onClick={() => say('Đã dời đồng chí Nguyễn Thị Ệ sang Hội trường xã', { undo: () => say('Đã hoàn lại') })}
        >
          Dời chỗ
        </Button>
        <Button onClick={() => setDrawer(true)}>Xem danh sách</Button>
        <CopyButton text="https://diemcau.local/vao/abc">Chép đường vào</CopyButton>
        <PrintButton />
        <Button look="bare">Bỏ qua</Button>
        <Button small>Ô nhỏ Ỡ Ặ Ệ</Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => setAsking(false)}
        title="Chốt số liệu bản 3?"
        verb="Chốt số liệu"
      >
        <p>Số liệu đến 16:42 được giữ nguyên trong bản 3. Số thay đổi về sau nằm ở bản kế tiếp.</p>
      </ConfirmDialog>
      <Drawer open={drawer} onClose={() => setDrawer(false)} title="62.221 người dự tại điểm cầu">
        <p className="second">Theo đơn vị của người dự. Bấm một đơn vị để xem cấp dưới.</p>
        <DateField label="Tính đến ngày" value={day} onChange={setDay} />
        <ul className="rows">
          {rows.map(({ id, name, atSites }) => (
            <li key={id}>
              <span>{name}</span>
              <Count value={atSites} href="#" />
            </li>
          ))}
        </ul>
      </Drawer>
    </Section>
  )
}

const clock = topic({
  name: 'gallery.clock',
  params: z.object({ of: z.string() }),
  snapshot: z.object({ beats: z.int() }),
})
function Live() {
  const view = useTopic(clock, { of: 'x' })
  return (
    <div className="row">
      <LiveLine view={view} />
      <span id="beats">{view.snapshot?.beats ?? ''}</span>
    </div>
  )
}

function Sheet() {
  const [tab, setTab] = useState('a')
  return (
    <AppShell
      nav={[
        { href: '#1', label: 'Bàn việc' },
        { href: '#2', label: 'Đơn vị' },
        { href: '#3', label: 'Điểm cầu' },
        { href: '#4', label: 'Sổ cái', current: true },
        { href: '#5', label: 'Báo cáo' },
      ]}
      person={{ name: 'Thân Thị Nhàn', note: 'Ban Tuyên giáo Tỉnh ủy' }}
      place="Ban Tuyên giáo Tỉnh ủy Bắc Giang"
      campaigns={[
        { key: 'demo', label: 'Nghị quyết Đại hội XIX' },
        { key: 'demo-2', label: 'Đợt mẫu thứ hai' },
      ]}
      campaign="demo"
      demo={<a href="#demo">Đổi người dùng thử</a>}
      onSignOut={() => say('Đã đăng xuất')}
    >
      <PageHeading
        over="Đợt học tập theo Kế hoạch số 04-KH/TU ngày 27/11/2020"
        under="Học tập Nghị quyết Đại hội XIX. Đã học 70.761, bằng 72,7% số thuộc diện."
        side={
          <>
            <LiveLine view={{ line: 'live', at: new Date(), refused: undefined }} />
            <Button look="go">Chốt số liệu</Button>
          </>
        }
      >
        Còn 26.558 trên 97.319 người chưa học
      </PageHeading>
      <CoverageBar
        caption="Sổ cái của đợt"
        base="người thuộc diện"
        total={97319}
        parts={[
          { key: 'hall', label: 'Học tại điểm cầu', count: 61038, look: '1', href: '#' },
          { key: 'device', label: 'Học trên thiết bị cá nhân', count: 1183, look: '2', href: '#' },
          { key: 'makeup', label: 'Đã học bù', count: 8540, look: '3', href: '#' },
          { key: 'booked', label: 'Đã xếp học bù', count: 9214, look: 'gold', href: '#' },
          { key: 'left', label: 'Chưa học', count: 17344, look: 'hatch', href: '#' },
        ]}
      />
      <Section title="Ba tỷ lệ, mỗi tỷ lệ một gốc" aside="Không cộng, không lấy trung bình">
        <div className="figures">
          <Figure
            label="Có mặt trong số được triệu tập"
            n={62221}
            d={64809}
            base="người được triệu tập"
            href="#"
            note="2.588 người vắng"
          />
          <Figure label="Dự hội nghị trong số thuộc diện" n={62221} d={97319} base="người thuộc diện" href="#" />
          <Figure
            label="Đã học trong số thuộc diện"
            n={70761}
            d={97319}
            base="người thuộc diện"
            onOpen={() => say('Mở')}
          />
          <Figure label="Học bù" n={undefined} d={undefined} base="người chưa dự" />
        </div>
      </Section>
      <Section title="Đợt học tập đang ở đâu">
        <div>
          <Steps
            label="Các bước của đợt"
            steps={[
              { key: 'a', label: 'Kế hoạch', when: '27/11/2020', state: 'done', words: 'Xong', href: '#' },
              {
                key: 'b',
                label: 'Điểm cầu',
                when: 'đến 13/01/2021',
                state: 'done',
                words: 'Xong',
                detail: '236 / 236',
              },
              { key: 'c', label: 'Hội nghị', when: '14/01/2021', state: 'now', words: 'Đang làm, kịp hạn' },
              { key: 'd', label: 'Học bù', when: 'đến 05/05/2021', state: 'late', words: 'Đang chậm' },
              { key: 'e', label: 'Báo cáo', when: '07/05/2021', state: 'next', words: 'Còn 11 ngày' },
            ]}
          />
        </div>
      </Section>
      <Tables />
      <Forms />
      <div className="columns">
        <Section title="Cây đơn vị">
          <div>
            <OrgFinder
              source={org}
              label="Cây đơn vị"
              selected="BG03"
              onSelect={({ name }) => say(name)}
              height={300}
              side={(node) => node.code}
            />
          </div>
        </Section>
        <Section title="Danh sách dài">
          <div>
            <VirtualList label="Danh sách dài" items={nodes.BG01!} itemKey={({ id }) => id} height={300}>
              {(node) => <div style={{ padding: '0.7rem 1rem' }}>{node.name}</div>}
            </VirtualList>
          </div>
        </Section>
      </div>
      <Section title="Trạng thái và lời báo">
        <div className="stack">
          <div className="row">
            <Status tone="ok">Sẵn sàng</Status>
            <Status tone="wait" said>
              Chưa có máy phát điện
            </Status>
            <Status tone="bad">Mất tín hiệu</Status>
            <Status tone="still">Nghỉ giải lao</Status>
            <Status tone="off">Chưa vào</Status>
          </div>
          <Note>30/4 đến 3/5 là ngày nghỉ, không gửi nhắc việc.</Note>
          <Note tone="ok">Đã ghi 64.809 giấy triệu tập.</Note>
          <Note tone="still">Chưa có gì phải làm hôm nay.</Note>
          <Live />
          <ErrorSentence refused="busy" again={() => {}} />
          <ProgressBar label="Đang kiểm tra tệp dang-vien.xlsx" share={0.62} words="60.338 / 97.319 dòng" />
          <ProgressBar label="Đang chuẩn bị" share={undefined} />
        </div>
      </Section>
      <Section title="Chỗ cần sửa trong tệp">
        <ProblemList
          problems={[
            {
              line: 14,
              column: 'Mã cấp trên',
              value: 'BG0l',
              words: 'Không có đơn vị nào mang mã này.',
              suggestion: 'BG01',
            },
            { line: 207, column: 'Mã đơn vị', value: 'BG03.7', words: 'Mã này đã có ở dòng 12.' },
          ]}
          total={2}
        />
      </Section>
      <Section title="Thẻ và trang con">
        <div className="stack">
          <Tabs
            name="the"
            label="Trang con"
            value={tab}
            onChange={setTab}
            tabs={[
              { key: 'a', label: 'Tình hình' },
              { key: 'b', label: 'Chỗ ngồi', count: '64.809' },
            ]}
          />
          <TabPanel name="the" value={tab}>
            <div className="columns">
              <Card now>
                <Facts
                  facts={[
                    ['Điểm cầu', 'Hội trường UBND xã Đồng Tiến'],
                    ['Sức chứa', '184 chỗ'],
                    ['Người phụ trách', 'Đ/c Nguyễn Văn Ưỡng'],
                  ]}
                />
              </Card>
              <Card>
                <BigNumber label="Có mặt" value={176} of="trên 184 người được triệu tập" />
              </Card>
              <Card>
                <BigNumber label="Vắng" value={undefined} of="chưa có báo cáo" />
              </Card>
            </div>
          </TabPanel>
        </div>
      </Section>
    </AppShell>
  )
}

function Phone() {
  const [present, setPresent] = useState<number | undefined>(176)
  const [excused, setExcused] = useState<number | undefined>(6)
  const [asking, setAsking] = useState(false)
  return (
    <LightPage
      bar={
        <>
          <div>
            <b style={{ fontFamily: 'var(--serif)' }}>Hội trường UBND xã Đồng Tiến</b>
            <div className="small">
              <Status tone="ok">Có mạng</Status>
            </div>
          </div>
          <b className="num">7:43</b>
        </>
      }
      tabs={
        <TabBar
          label="Việc của điểm cầu"
          current="c"
          items={[
            { key: 'a', href: '#a', label: 'Chuẩn bị', icon: <Icon name="checklist" /> },
            { key: 'b', href: '#b', label: 'Điểm danh', icon: <Icon name="scan" /> },
            { key: 'c', href: '#c', label: 'Quân số', icon: <Icon name="people" /> },
            { key: 'd', href: '#d', label: 'Hội trường', icon: <Icon name="hall" /> },
          ]}
        />
      }
    >
      <div>
        <h1>Quân số lần 1</h1>
        <p className="second">Gửi trước 7:45. Máy đã điền sẵn từ điểm danh.</p>
      </div>
      <Card now>
        <BigNumberInput label="Có mặt" hint="đã quét 173" value={present} onChange={setPresent} />
        <BigNumberInput label="Vắng có lý do" value={excused} onChange={setExcused} />
        <BigNumberInput label="Vắng không lý do" value={undefined} onChange={() => {}} invalid />
        <Status tone="ok">Khớp với số triệu tập</Status>
      </Card>
      <Button look="go" big wide onClick={() => setAsking(true)}>
        Gửi quân số lần 1
      </Button>
      <ErrorSentence refused="offline" />
      <Choices legend="Nội dung vừa rồi đã rõ chưa">
        <Choice type="radio" name="q" boxed>
          Đã rõ
        </Choice>
        <Choice type="radio" name="q" boxed>
          Cần nói lại
        </Choice>
      </Choices>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          say('Đã gửi quân số lần 1')
        }}
        title="Gửi quân số lần 1?"
        verb="Gửi quân số"
      >
        <p>Có mặt 176, vắng 8. Cấp trên thấy ngay sau khi gửi.</p>
      </ConfirmDialog>
    </LightPage>
  )
}

function Gallery() {
  const path = usePath()
  return path.includes('phone') ? (
    <Phone />
  ) : (
    <>
      <Sheet />
      <Button onClick={() => goTo('/_gallery?phone')}>Trang nhẹ</Button>
    </>
  )
}

await startLanguage()
createRoot(document.getElementById('root')!).render(
  <Desk answers={openAnswers()}>
    <Gallery />
  </Desk>,
)
