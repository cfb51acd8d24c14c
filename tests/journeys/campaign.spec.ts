// One campaign by the screens people use, from the first link to the signed report.
import fs from 'node:fs'
import { type Browser, chromium, expect, type Page, test } from '@playwright/test'
import mammoth from 'mammoth'
import { extractText, getDocumentProxy } from 'unpdf'
import { addMinutes, dayOf, formatDay } from '../../src/kernel/time.ts'
import { cameraOf } from './camera.ts'
import { csv, people, units, xlsx } from './files.ts'
import { type Account, addStaff, ask, confirmImport, enrol, freshContext, signIn } from './hands.ts'
import { cli, setupLink } from './server.ts'
import { cellsOf } from './sheet.ts'

test.describe.configure({ mode: 'serial' })
/** Of the page, for what is asked there. */
declare const document: { querySelector: (name: string) => { textContent: string } | null }

const admin: Account = { userName: 'quan.tri', name: 'Nguyễn Thị Quản', password: 'một câu dài dễ nhớ' }
const organiser: Account = { userName: 'tuyen.giao', name: 'Trần Văn Giáo', password: 'ban tuyên giáo tỉnh' }
const keeper: Account = { userName: 'phu.trach', name: 'Lê Thị Cầu', password: 'hội trường xã một' }
const secretary: Account = { userName: 'bi.thu', name: 'Phạm Văn Bí', password: 'chi bộ thôn nam' }
const today = dayOf(new Date())
const tomorrow = dayOf(addMinutes(new Date(), 24 * 60))

let adminPage: Page
let desk: Page
const known = {} as { campaignId: string; conferenceId: string; site1: string }

test.beforeAll(async ({ browser }) => {
  adminPage = await (await freshContext(browser, { viewport: { width: 1440, height: 900 } })).newPage()
  desk = await (
    await freshContext(browser, { viewport: { width: 1440, height: 900 }, acceptDownloads: true })
  ).newPage()
})

test('the set-up link makes the first administrator, who adds a second factor', async () => {
  await adminPage.goto(setupLink())
  await adminPage.getByLabel('Họ và tên').fill(admin.name)
  await adminPage.getByLabel('Tên đăng nhập').fill(admin.userName)
  await adminPage.getByLabel('Mật khẩu', { exact: true }).fill(admin.password)
  await adminPage.getByLabel('Gõ lại mật khẩu').fill(admin.password)
  await adminPage.getByRole('button', { name: 'Tạo người quản trị' }).click()
  await expect(adminPage.getByRole('heading', { name: 'Đã tạo người quản trị' })).toBeVisible()
  await enrol(adminPage, admin)
})

test('the administrator brings the units, and gives the province to its organiser', async ({ browser }) => {
  await adminPage.goto('/nhap-tep')
  await adminPage.locator('input[type=file]').setInputFiles(csv('don-vi.csv', units))
  await confirmImport(adminPage)
  await addStaff(adminPage, browser, organiser)
  await addStaff(adminPage, browser, keeper)
  await addStaff(adminPage, browser, secretary)
  await adminPage.goto('/phan-quyen')
  const { units: tops } = await ask<{ units: { unitId: string; name: string }[] }>(adminPage, 'organisation.tops')
  const root = tops[0]!
  await adminPage.goto(`/phan-quyen?noi=unit&ma=${root.unitId}&ten=${encodeURIComponent(root.name)}`)
  await give(adminPage, organiser, 'Tổ chức hội nghị')
})
async function give(page: Page, { userName, name }: Account, role: string) {
  await page.getByRole('button', { name: 'Giao quyền' }).click()
  const drawer = page.getByRole('dialog')
  await drawer.getByLabel('Giao cho').fill(userName)
  await drawer.getByRole('button', { name: `Chọn ${name}` }).click()
  await drawer.getByRole('radio', { name: new RegExp(role) }).check()
  await drawer.getByLabel('Lý do').fill('Kế hoạch 04')
  await drawer.getByRole('button', { name: 'Giao quyền' }).click()
  await expect(page.getByRole('cell', { name: new RegExp(name) }).first()).toBeVisible()
}

test('the organiser brings the people from Excel, and sees a slip before anything is written', async () => {
  await enrol(desk, organiser)
  await desk.goto('/nhap-tep')
  await desk.getByRole('radio', { name: /Đảng viên/ }).check()
  const wrong = people.map((row, i) => (i === 3 ? row.with(3, 'C9') : row))
  await desk.locator('input[type=file]').setInputFiles(await xlsx('dang-vien-sai.xlsx', wrong))
  await expect(desk.getByRole('heading', { level: 1, name: /Còn 1 chỗ cần sửa/ })).toBeVisible()
  await expect(desk.getByText('C9').first()).toBeVisible()
  await desk.getByRole('button', { name: 'Huỷ tệp này' }).click()
  await desk.goto('/nhap-tep')
  await desk.getByRole('radio', { name: /Đảng viên/ }).check()
  await desk.locator('input[type=file]').setInputFiles(await xlsx('dang-vien.xlsx', people))
  await confirmImport(desk)
})

test('she plans a campaign with a conference of today and approves it', async () => {
  await desk.goto('/dot/moi')
  await desk.getByLabel('Tên đợt').fill('Học tập Nghị quyết Sông Thử')
  await desk.getByLabel('Ngày tính đầu mối').fill(formatDay(today))
  await desk.getByRole('button', { name: 'Lập đợt học tập' }).click()
  await expect(desk).toHaveURL(/\/dot\?dot=/)
  known.campaignId = new URL(desk.url()).searchParams.get('dot')!

  await desk.goto('/dot/danh-sach')
  await desk.getByRole('button', { name: 'Chốt danh sách' }).click()
  await desk.getByRole('dialog').getByRole('button', { name: 'Chốt 30 người' }).click()
  await expect(desk.getByText(/Chốt lúc/)).toBeVisible()

  await desk.goto('/hoi-nghi/moi')
  await desk.getByLabel('Tên hội nghị').fill('Hội nghị học tập trực tuyến')
  await desk.getByRole('button', { name: 'Lập hội nghị' }).click()
  await expect(desk).toHaveURL(/\/hoi-nghi\/[0-9a-f-]{36}/)
  known.conferenceId = desk.url().split('/').at(-1)!
  await desk.getByRole('button', { name: 'Thêm buổi' }).click()
  const session = desk.getByRole('article').or(desk.locator('[aria-label^="Buổi"]')).first()
  await session.getByLabel('Ngày', { exact: true }).fill(formatDay(today))
  await session.getByLabel('Từ', { exact: true }).fill('00:10')
  await session.getByLabel('Đến', { exact: true }).fill('23:50')
  if ((await session.getByLabel('Tên chuyên đề 1').count()) === 0)
    await session.getByRole('button', { name: 'Thêm chuyên đề' }).click()
  await session.getByLabel('Tên chuyên đề 1').fill('Những nội dung cốt lõi')
  await session.getByLabel('Người trình bày').first().fill('Báo cáo viên cấp tỉnh')
  await session.getByLabel('Trình bày (phút)').first().fill('60')
  await session.getByLabel('Hỏi – đáp (phút)').first().fill('30')
  await desk.getByRole('button', { name: 'Lưu chương trình' }).click()
  await expect(desk.getByText('Đã lưu chương trình.')).toBeVisible()
  await step('Duyệt chương trình')
})
async function step(name: string) {
  await desk.getByRole('button', { name, exact: true }).click()
  await desk.getByRole('dialog').getByRole('button', { name, exact: true }).click()
  await expect(desk.getByRole('dialog')).toHaveCount(0)
}

test('she adds two halls, seats by nearness, and summons', async () => {
  await addHall('Đảng bộ xã Một', 'DC1', 'Hội trường xã Một', 18)
  await addHall('Đảng bộ xã Hai', 'DC2', 'Hội trường xã Hai', 6)
  await desk.goto('/cac-diem-cau')
  await desk.getByRole('button', { name: 'Lập phương án xếp chỗ' }).click()
  await desk.getByRole('button', { name: 'Triệu tập 24 người' }).click()
  await desk.getByRole('dialog').getByRole('button', { name: 'Triệu tập', exact: true }).click()
  await expect(desk.getByText('Đã triệu tập 24 người')).toBeVisible()
  // Above the grassroots she sees numbers and no name.
  await desk.goto('/cac-diem-cau/trieu-tap')
  await expect(desk.getByRole('heading', { level: 1 })).toContainText('24')
  await expect(desk.getByText('Nguyễn Văn An')).toHaveCount(0)
})
async function addHall(unit: string, code: string, name: string, seats: number) {
  await desk.goto('/cac-diem-cau/hoi-nghi')
  await desk.getByRole('button', { name: 'Thêm điểm cầu' }).first().click()
  const form = desk.getByRole('dialog').last()
  await form.getByLabel('Đơn vị').click()
  await desk.getByLabel('Tìm đơn vị').fill(unit)
  await desk.getByRole('list', { name: 'Đơn vị tìm thấy' }).getByRole('button', { name: unit }).click()
  await desk.getByLabel('Tên điểm cầu').fill(name)
  await desk.getByLabel('Mã điểm cầu').fill(code)
  await desk.getByLabel('Số chỗ').fill(String(seats))
  await desk.getByRole('button', { name: 'Ghi điểm cầu' }).click()
  await expect(desk.getByText(name).first()).toBeVisible()
}

test('she names who keeps the hall, and the conference begins', async () => {
  const { rows } = await ask<{ rows: { siteId: string; code: string }[] }>(desk, 'sites.listConferenceSites', {
    conferenceId: known.conferenceId,
    size: 50,
  })
  known.site1 = rows.find(({ code }) => code === 'DC1')!.siteId
  await desk.goto(`/phan-quyen?noi=site&ma=${known.site1}&ten=${encodeURIComponent('Hội trường xã Một')}`)
  await give(desk, keeper, 'Phụ trách điểm cầu')
  await desk.goto(`/quan-so/${known.conferenceId}/moc`)
  await desk.getByRole('button', { name: /^Thêm mốc/ }).click()
  await desk.getByLabel('Giờ vào').fill('23:40')
  await desk.getByLabel('Giờ đóng').fill('23:50')
  await desk.getByRole('button', { name: 'Lưu các mốc' }).click()
  await expect(desk.getByText('Đã lưu các mốc.')).toBeVisible()
  await desk.goto(`/hoi-nghi/${known.conferenceId}`)
  await step('Mở điểm danh')
  await step('Bắt đầu hội nghị')
})

test('at the door papers are scanned one after another, and the board moves within a second', async ({ browser }) => {
  const page = await (await freshContext(browser)).newPage()
  await signIn(page, keeper)
  const { roll } = await ask<{ roll: { doorCode: string; name: string }[] }>(page, 'attendance.siteRoll', {
    conferenceId: known.conferenceId,
    siteId: known.site1,
  })
  expect(roll).toHaveLength(18)
  const storageState = await page.context().storageState()
  await page.context().close()

  const papers = roll
    .slice(0, 5)
    .map(({ doorCode }) => `DC1.${known.conferenceId.slice(-12).toUpperCase()}.${doorCode}`)
  const ofAnother = `DC1.0123456789AB.${roll[0]!.doorCode}`
  const door = await browserThatSees([...papers, ofAnother])
  try {
    const hall = await (
      await freshContext(door, { storageState, permissions: ['camera'], viewport: { width: 820, height: 1100 } })
    ).newPage()
    await desk.goto(`/quan-so/${known.conferenceId}`)
    await expect(desk.getByText(/24/).first()).toBeVisible()
    const { board, moved } = watchBoard()
    const answered = watchAnswers(hall)
    await hall.goto(`/diem-cau/${known.site1}/${known.conferenceId}/diem-danh`)
    await Promise.all([board(5), expect.poll(() => answered.length, { timeout: 60_000 }).toBeGreaterThanOrEqual(5)])
    // One move may meet a busy machine; the middle one of five says how fast the board is.
    const lateMs = answered
      .slice(0, 5)
      .map((at, i) => Math.max(0, moved.get(i + 1)! - at))
      .sort((a, b) => a - b)
    console.log(`\n  the board moved ${lateMs.join(', ')} ms after the arrivals were acknowledged`)
    expect(lateMs[2]).toBeLessThan(1000)
    await expect(hall.getByText(/hội nghị khác/).first()).toBeVisible({ timeout: 30_000 })

    await hall.getByText('Cả hội trường', { exact: true }).click()
    for (const { name } of roll.slice(-2)) await hall.getByRole('checkbox', { name: new RegExp(name) }).check()
    await hall.getByRole('button', { name: 'Có mặt cả, trừ 2 người' }).click()
    await board(16)
    await hall.goto(`/diem-cau/${known.site1}/${known.conferenceId}/quan-so`)
    await hall.getByLabel('Vắng không lý do').fill('2')
    await hall.getByRole('button', { name: 'Gửi quân số' }).click()
    await expect(desk.getByText('khớp danh sách').first()).toBeVisible()
  } finally {
    await door.close()
  }
})
/**
 * A browser whose camera sees these papers, one after another. On a busy machine a second browser has been seen to hang while it starts:
 * such a one is ended, and another is started.
 */
async function browserThatSees(papers: string[]): Promise<Browser> {
  const options = {
    ...test.info().project.use.launchOptions,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), ...cameraOf(test.info().outputPath('film'), papers)],
    timeout: 20_000,
  }
  return chromium.launch(options).catch(() => chromium.launch(options))
}
/** When each check-in of a page was acknowledged by the server. */
function watchAnswers(page: Page): number[] {
  const at: number[] = []
  page.on('response', (response) => {
    if (response.url().includes('/api/attendance/checkIn') && response.ok()) at.push(Date.now())
  })
  return at
}
/** When the board first showed so many present. */
function watchBoard() {
  const moved = new Map<number, number>()
  let shown = 0
  const board = async (present: number) => {
    while (shown < present) {
      const more = await desk.waitForFunction(
        (before) => {
          const found = document.querySelector('main')?.textContent.match(/(\d+)\s*(?:\/|trên)\s*24/)?.[1]
          return Number(found) > before && Number(found)
        },
        shown,
        { polling: 20, timeout: 60_000 },
      )
      const count = Number(await more.jsonValue())
      for (let one = shown + 1; one <= count; one++) moved.set(one, Date.now())
      shown = count
    }
  }
  return { board, moved }
}

test('a member without a seat opens her link, registers, and ticks herself by the code she hears', async ({
  browser,
}) => {
  const { units: found } = await ask<{ units: { unitId: string; code: string }[] }>(desk, 'organisation.findUnits', {
    text: 'Chi bộ thôn Nam',
  })
  const cell = found[0]!.unitId
  await desk.goto(`/phan-quyen?noi=unit&ma=${cell}&ten=${encodeURIComponent('Chi bộ thôn Nam')}`)
  await give(desk, secretary, 'Bí thư chi bộ')
  const officer = await (await freshContext(browser)).newPage()
  await signIn(officer, secretary)
  const { rows } = await ask<{ rows: { personId: string; fullName: string }[] }>(officer, 'organisation.people', {
    unitId: cell,
    size: 50,
  })
  expect(rows).toHaveLength(10)
  const { rows: without } = await ask<{ rows: { personId: string }[] }>(officer, 'sites.listUnsummoned', {
    conferenceId: known.conferenceId,
    unitId: cell,
    size: 50,
  })
  const her = rows.find(({ personId }) => personId === without[0]!.personId)!
  const { link } = await ask<{ link: string }>(officer, 'access.copyEntryLink', {
    unitId: cell,
    personId: her.personId,
    campaignId: known.campaignId,
  })

  const phone = await (await freshContext(browser, { viewport: { width: 390, height: 844 }, hasTouch: true })).newPage()
  await phone.goto(new URL(link).pathname)
  await expect(phone.getByRole('heading', { name: `Chào đồng chí ${her.fullName}` })).toBeVisible()
  await phone.getByLabel('Tôi đã đọc thông báo này').check()
  await phone.getByRole('button', { name: 'Vào trang của tôi' }).click()
  await expect(phone).toHaveURL(/\/toi$/)
  await phone.getByRole('button', { name: 'Đăng ký dự trên thiết bị' }).click()

  const { checkpoints } = await ask<{ checkpoints: { checkpointId: string }[] }>(desk, 'attendance.listCheckpoints', {
    conferenceId: known.conferenceId,
  })
  await desk.goto(`/quan-so/${known.conferenceId}/ma/${checkpoints[0]!.checkpointId}`)
  await desk.getByRole('button', { name: 'Chiếu mã' }).click()
  const shown = await desk
    .getByRole('status')
    .filter({ hasText: /\d{3} \d{3}/ })
    .textContent()
  const heard = shown!.replace(/\D/g, '')

  await phone.getByLabel('Mã có mặt, sáu chữ số').fill(heard === '000000' ? '111111' : '000000')
  await phone.getByRole('button', { name: 'Xác nhận có mặt' }).click()
  await expect(phone.getByText(/Còn 4 lần/)).toBeVisible()
  await phone.getByLabel('Mã có mặt, sáu chữ số').fill(heard)
  await phone.getByRole('button', { name: 'Xác nhận có mặt' }).click()
  await expect(phone.getByText(/tự xác nhận/).first()).toBeVisible()
  await desk.goto(`/quan-so/${known.conferenceId}`)
  await expect(desk.locator('main')).toContainText(/17\s*(trên|\/)\s*25/)
})

test('after the day, who was missing is offered another one, and comes', async () => {
  await desk.goto(`/hoi-nghi/${known.conferenceId}`)
  await step('Kết thúc hội nghị')
  await desk.goto('/hoc-bu')
  await expect(desk.getByRole('heading', { name: /Các buổi nên mở/ })).toBeVisible()
  await desk.getByRole('button', { name: /^Lập .* buổi, mời/ }).click()
  const dialog = desk.getByRole('dialog')
  await dialog.getByLabel('Ngày đầu tiên').fill(formatDay(tomorrow))
  await dialog.getByLabel('Ngày đầu tiên').press('Tab')
  await dialog.getByRole('button', { name: 'Lập và xếp chỗ' }).click()
  await expect(desk.getByText(/Đã lập .* buổi, xếp chỗ cho 13 người/)).toBeVisible()

  // The roll of another make-up comes on paper, as a file.
  const codes = ['C3-01', 'C3-02', 'C3-03', 'C3-04']
  const roll = codes.map((code) => ['HB-GIAY', 'X2', formatDay(today), code, 'x'])
  const columns = ['Mã buổi học bù', 'Mã đơn vị', 'Ngày', 'Mã số', 'Có mặt']
  await desk.getByRole('button', { name: 'Nhập tệp' }).click()
  await desk.locator('input[type=file]').setInputFiles(csv('hoc-bu.csv', [columns, ...roll]))
  await confirmImport(desk)
})

test('the organiser freezes the figures, and the three files say the same', async () => {
  await desk.goto('/bao-cao')
  await desk.getByRole('button', { name: 'Chốt số liệu' }).click()
  await desk.getByLabel('Ghi chú của bản này').fill('Sau buổi học bù thứ nhất')
  await desk.getByRole('button', { name: 'Chốt bản 1' }).click()
  await desk.getByRole('link', { name: 'Bản 1' }).click()
  await expect(desk.getByRole('heading', { name: 'Biểu 1, bản 1' })).toBeVisible()

  const { code } = await ask<{ code: string }>(desk, 'campaigns.get', { campaignId: known.campaignId })
  const row = cli('figures', '--campaign', code, '--version', '1') as Record<string, number> & {
    ratios: Record<string, { text: string }>
  }
  expect(row).toMatchObject({
    inScope: 30,
    summoned: 25,
    sites: 2,
    attended: 17,
    attendedAtSites: 16,
    madeUp: 4,
    covered: 21,
    left: 9,
  })
  const printed = [
    '30',
    '25',
    '17',
    '21',
    ...['attendedOfSummoned', 'attendedOfInScope', 'coveredOfInScope'].map((name) => row.ratios[name]!.text),
  ]
  expect(printed.slice(4)).toEqual(['68,0%', '56,7%', '70,0%'])

  const inXlsx = (await cellsOf(await fileOf('XLSX'))).flat()
  for (const figure of printed.slice(0, 4)) expect(inXlsx).toContain(figure)
  const pdf = await extractText(await getDocumentProxy(await fileOf('PDF')), { mergePages: true })
  const docx = await mammoth.extractRawText({ buffer: Buffer.from(await fileOf('DOCX')) })
  for (const figure of printed) {
    expect(pdf.text, 'PDF').toContain(figure)
    expect(docx.value, 'DOCX').toContain(figure)
  }
})
/** What a click on the button brings home. */
async function fileOf(format: string): Promise<Uint8Array> {
  const coming = desk.waitForEvent('download')
  await desk.getByRole('link', { name: format, exact: true }).first().click()
  return new Uint8Array(fs.readFileSync(await (await coming).path()))
}
