// The province's report in three formats, from the rows of the ledger to the bytes of the files; and 3,000 summonses with
// their door codes as QR. Budgets: 5 s on the wall, 6 s of CPU.
import * as campaigns from '../src/features/campaigns/server/index.ts'
import { places } from '../src/features/organisation/server/index.ts'
import * as reports from '../src/features/reports/server/index.ts'
import { machine } from '../src/platform/rights.ts'
import { stopDocuments, summonsPdf } from '../src/platform/server/documents/index.ts'
import { perform } from '../src/platform/server/operate.ts'
import { testDesk } from '../src/platform/server/testing/index.ts'
import { type Case, tell } from './conditions.ts'
import { full, seedFullCampaign } from './seed/fullCampaign.ts'

const budgets = { reportSeconds: 5, badgesCpuSeconds: 6 }
const formats = ['docx', 'xlsx', 'pdf'] as const
/** A file holds one unit's people; a grassroots unit of Bắc Giang has some 80, a large one ten times that. */
const badges = { files: 12, people: 250 }

const rows: { result: Case; budget: string }[] = []
const desk = await testDesk({ places: { ...places, ...campaigns.places } })
try {
  rows.push(await report())
  rows.push(await summonses())
} finally {
  await stopDocuments()
  await desk.close()
}
tell(rows)

async function measured(work: () => Promise<void>) {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  await work()
  const { user, system } = process.cpuUsage(cpu)
  return {
    seconds: round((performance.now() - begun) / 1_000),
    cpuSeconds: round((user + system) / 1_000_000),
    rssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
  }
}
function round(number: number) {
  return Math.round(number * 100) / 100
}

/** Frozen first, as a report that goes out is: the figures of 3,004 units are read and each file is made, stored and hashed. */
async function report() {
  const { campaignId } = await seedFullCampaign(desk.db)
  const act = (served: Parameters<typeof perform>[1], input: unknown) =>
    perform(desk, served, { actor: machine('bench'), now: new Date(), input })
  await act(reports.freeze as never, { campaignId, note: 'bench' })
  const sizes: Record<string, number> = {}
  const took = await measured(async () => {
    for (const format of formats) {
      const file = (await act(reports.paper as never, { campaignId, form: 'bieu-1', format })) as { body: Uint8Array }
      sizes[`${format}Kb`] = Math.round(file.body.length / 1_024)
    }
  })
  return {
    result: {
      bench: 'papers',
      case: 'report',
      pass: took.seconds <= budgets.reportSeconds,
      n: formats.length,
      ...took,
      units: full.units,
      ...sizes,
    },
    budget: `≤ ${budgets.reportSeconds} s, three formats`,
  }
}

async function summonses() {
  const day = new Date('2021-01-14T00:30:00Z')
  let pages = 0
  const took = await measured(async () => {
    for (let file = 0; file < badges.files; file++) {
      const pdf = await summonsPdf({
        ruleSet: 'party',
        heading: {
          superior: 'Huyện uỷ Lục Nam',
          issuing: 'Đảng uỷ xã Đông Hưng',
          place: 'Lục Nam',
          date: { month: 1, year: 2021 },
        },
        unit: 'Đảng bộ xã Đông Hưng',
        conference: {
          name: 'Hội nghị trực tuyến học tập, quán triệt Nghị quyết',
          sessions: [{ name: 'Buổi sáng', startsAt: day }],
          programme: ['Những nội dung cốt lõi của Nghị quyết'],
          bring: ['sổ ghi chép'],
          contact: 'Văn phòng Đảng uỷ',
        },
        people: Array.from({ length: badges.people }, (_, nth) => {
          const doorCode = codeOf(file * badges.people + nth)
          return {
            name: 'Nguyễn Thị Hường',
            cell: 'Chi bộ thôn Cai Vàng',
            site: { name: 'Hội trường xã Đông Hưng' },
            doorCode,
            qr: `DC1.7EDEFFF7888E.${doorCode}`,
          }
        }),
        signature: { authority: ['T/M Ban Thường vụ'], position: 'Phó Bí thư', name: 'Đỗ Văn Quyết' },
      })
      if (Buffer.from(pdf.subarray(0, 4)).toString('latin1') === '%PDF') pages++
    }
  })
  return {
    result: {
      bench: 'papers',
      case: 'badges',
      pass: took.cpuSeconds <= budgets.badgesCpuSeconds && pages === badges.files,
      n: badges.files * badges.people,
      ...took,
    },
    budget: `≤ ${budgets.badgesCpuSeconds} s of CPU`,
  }
}
/** Eight letters of the alphabet the codes are made of; each its own. */
function codeOf(nth: number): string {
  const letters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
  let code = ''
  for (let rest = nth + 7_919_000_000; code.length < 8; rest = Math.floor(rest / letters.length))
    code += letters[rest % letters.length]
  return code
}
