import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mammoth from 'mammoth'
import { extractText } from 'unpdf'
import { type Any, afterwards, holding, openProvince, type Province } from '../../../../tests/fixtures/province.ts'
import { formatCount } from '../../../kernel/figure.ts'
import { atVietnam } from '../../../kernel/time.ts'
import { machine } from '../../../platform/rights.ts'
import { stopDocuments } from '../../../platform/server/documents/index.ts'
import { Refused } from '../../../platform/server/operate.ts'
import { defaultLimits } from '../../../platform/server/spreadsheet/index.ts'
import { openZip } from '../../../platform/server/spreadsheet/zip.ts'

let place: Province
let study: Awaited<ReturnType<Province['study']>>
let campaignId: string
const act = (name: string, input: unknown, { actor = machine(0), now = afterwards } = {}): Promise<Any> =>
  place.act(name, input, { actor, now })
const refused = (because: string) => (error: unknown) => error instanceof Refused && error.because === because
before(async () => {
  place = await openProvince()
  study = await place.study()
  campaignId = study.campaignId
  await study.summon([...place.people.C1!, ...place.people.C2!])
  await study.come(place.people.C1!)
  await study.come(place.people.C2!.slice(0, 2), [0, 1, 2], null)
  await study.close()
  const { makeupId, checkpointIds } = await act('makeups.create', {
    campaignId,
    unitId: place.unit.X2,
    day: '2021-01-25',
    from: '08:00',
    to: '10:00',
  })
  await act('makeups.book', { makeupId, unitIds: [place.unit.X2] })
  await act('makeups.takeRoll', {
    makeupId,
    checkpointId: checkpointIds[0],
    everyone: true,
    absentIds: [place.people.C3![0]],
  })
  await act('makeups.close', { makeupId })
})
after(async () => {
  await stopDocuments()
  await place.desk.close()
})

const figures = (more: Record<string, unknown> = {}): Promise<Any> => act('reports.figures', { campaignId, ...more })

describe('figures', () => {
  test('A to E count people by their unit; halls and make-ups by the unit that holds them, with an own row', async () => {
    const sheet = await figures()
    const { members, exempt, inScope, summoned, attended, madeUp, covered, left, sites, makeupSessions } = sheet
    assert.deepEqual(
      { members, exempt, inScope, summoned, attended, madeUp, covered, left, sites, makeupSessions },
      {
        members: 25,
        exempt: 1,
        inScope: 24,
        summoned: 12,
        attended: 8,
        madeUp: 5,
        covered: 13,
        left: 11,
        sites: 2,
        makeupSessions: 1,
      },
    )
    assert.deepEqual([sheet.attendedAtSites, sheet.attendedOnDevices], [6, 2])
    assert.deepEqual(sheet.ratios.attendedOfSummoned, { n: 8, d: 12, base: 'summoned', text: '66,7%' })
    assert.equal(sheet.version, null)
    assert.deepEqual(
      sheet.children.map((row: Any) => [
        row.unit.code,
        row.unit.name,
        row.unit.own ?? false,
        row.inScope,
        row.sites,
        row.makeupSessions,
      ]),
      [
        ['T', 'Cơ quan cấp tỉnh', true, 1, 1, 0],
        ['H1', 'Đảng bộ huyện Một', false, 18, 1, 1],
        ['H2', 'Đảng bộ huyện Hai', false, 5, 0, 0],
      ],
    )
    assert.ok(sheet.children.every((row: Any) => row.children === undefined))
  })
  test('every unit’s sheet adds up, down to the cell', async () => {
    for (const code of ['T', 'H1', 'X1', 'C1'] as const) {
      const report = await act('reports.report', { campaignId, unitId: place.unit[code] })
      assert.ok(
        report.checks.every(({ holds }: Any) => holds),
        code,
      )
    }
  })
  test('a unit’s own line of command reads its sheet; its neighbour does not', async () => {
    const actor = holding('head', place.unit.H1)
    assert.equal((await act('reports.figures', { campaignId, unitId: place.unit.X1 }, { actor })).inScope, 12)
    await assert.rejects(act('reports.figures', { campaignId, unitId: place.unit.H2 }, { actor }), refused('notYours'))
    await assert.rejects(act('reports.freeze', { campaignId, note: 'thử' }, { actor }), refused('notYours'))
  })
})

/** The numbers of «Tổng cộng», read as our own reader reads a file somebody brings. */
async function totalRowOf(file: Buffer): Promise<number[]> {
  const zip = await openZip(file, defaultLimits)
  const part = async (name: string) => {
    let text = ''
    for await (const piece of zip.pieces(name)) text += piece
    return text
  }
  const strings = [...(await part('xl/sharedStrings.xml')).matchAll(/<si>(.*?)<\/si>/gs)].map(([, si]) =>
    si!.replace(/<[^>]+>/g, ''),
  )
  const label = strings.indexOf('Tổng cộng')
  const rows = (await part('xl/worksheets/sheet1.xml')).split('<row ')
  zip.close()
  const row = rows.find((one) => one.includes(`<v>${label}</v>`) && /t="s"/.test(one))!
  return [...row.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)].flatMap(([, attributes, inner]) => {
    const value = inner?.match(/<v>(.*?)<\/v>/)?.[1]
    return value === undefined || attributes!.includes('t="s"') ? [] : [Number(value)]
  })
}

describe('papers', () => {
  const paper = (format: string, more: Record<string, unknown> = {}) =>
    act('reports.paper', { campaignId, form: 'bieu-1', format, ...more })
  const bytes = async (file: Any) => Buffer.from(file.body)
  /** What must stand in every format: the total row, in order. */
  const expected = async () => {
    const sheet = await figures()
    return {
      counts: [
        sheet.members,
        sheet.exempt,
        sheet.inScope,
        sheet.summoned,
        sheet.sites,
        sheet.attended,
        sheet.makeupSessions,
        sheet.madeUp,
        sheet.covered,
        sheet.left,
      ],
      ratios: Object.values(sheet.ratios as Record<string, { text: string }>).map(({ text }) => text),
      names: sheet.children.map((row: Any) => row.unit.name),
    }
  }
  const holdsAll = (text: string, { counts, ratios, names }: Awaited<ReturnType<typeof expected>>) => {
    const tidy = text.normalize('NFC').replace(/\s+/g, ' ')
    for (const count of counts) assert.ok(tidy.includes(formatCount(count)), `no ${count}`)
    for (const ratio of ratios) assert.ok(tidy.includes(ratio.replace('%', '')), `no ${ratio}`)
    for (const name of names) assert.ok(tidy.includes(name), `no ${name}`)
  }
  test('the PDF, read back by another program, says the same numbers', async () => {
    const { text } = await extractText(new Uint8Array(await bytes(await paper('pdf'))), { mergePages: true })
    holdsAll(text, await expected())
  })
  test('so does the DOCX', async () => {
    const { value } = await mammoth.extractRawText({ buffer: await bytes(await paper('docx')) })
    holdsAll(value, await expected())
  })
  test('and the XLSX holds them as numbers that add up', async () => {
    const cells = await totalRowOf(await bytes(await paper('xlsx')))
    const sheet = await figures()
    assert.deepEqual(cells.slice(0, 8), [
      sheet.members,
      sheet.exempt,
      sheet.inScope,
      sheet.summoned,
      sheet.sites,
      sheet.attendedAtSites,
      sheet.attendedOnDevices,
      sheet.attended,
    ])
    const [left, ...why] = cells.slice(-8)
    assert.equal(left, sheet.left)
    assert.equal(
      why.reduce((sum, n) => sum + n, 0),
      sheet.left,
    )
  })
  test('a frozen version is printed once: later arrivals and a later order change no byte of it', async () => {
    const frozen = await act('reports.freeze', { campaignId, note: 'sau học bù' })
    assert.equal(frozen.version, 1)
    assert.equal(frozen.persons, 25)
    const first = await bytes(await paper('docx', { version: 1 }))
    const before = await figures({ version: 1 })
    await act(
      'makeups.create',
      { campaignId, unitId: place.unit.X3, day: '2021-01-26', from: '08:00', to: '09:00' },
      {},
    ).then(({ makeupId, checkpointIds }) =>
      act('makeups.takeRoll', { makeupId, checkpointId: checkpointIds[0], presentIds: [place.people.C4![0]] }),
    )
    assert.equal((await figures()).covered, 14)
    assert.deepEqual(await figures({ version: 1 }), before)
    assert.ok(first.equals(await bytes(await paper('docx', { version: 1 }))))
    const kept = await place.desk.pool.query('select sha256 from report_file')
    assert.equal(kept.rows.length, 1)
    const report = await act('reports.report', { campaignId })
    assert.ok(report.moved > 0)
    const second = await act('reports.freeze', { campaignId, note: 'thêm một buổi' }, { now: atVietnam('2021-02-03') })
    assert.equal(second.version, 2)
    assert.equal((await act('reports.report', { campaignId })).moved, 0)
    await assert.rejects(figures({ version: 9 }), refused('unknownVersion'))
  })
  test('the summary of the conference is printed too', async () => {
    const file = await act('reports.paper', {
      campaignId,
      form: 'tom-tat',
      format: 'docx',
      conferenceId: study.conferenceId,
    })
    const { value } = await mammoth.extractRawText({ buffer: await bytes(file) })
    assert.match(value.normalize('NFC'), /Hội nghị toàn tỉnh|HỘI NGHỊ TOÀN TỈNH/)
  })
})

describe('declared totals', () => {
  test('a total a unit typed stands apart with its source, and no figure moves', async () => {
    const earlier = await figures()
    const { declaredId } = await act('reports.declareTotal', {
      campaignId,
      unitId: place.unit.H2,
      what: 'Hội nghị tuyên truyền',
      count: 42_400,
      countKind: 'attendances',
      source: 'Báo cáo số 12',
    })
    const { asOf: _, ...now } = await figures()
    const { asOf: __, ...then } = earlier
    assert.deepEqual(now, then)
    const report = await act('reports.report', { campaignId })
    assert.deepEqual(
      report.declared.map((one: Any) => [one.unit, one.count, one.countKind, one.source]),
      [['Đảng bộ huyện Hai', 42_400, 'attendances', 'Báo cáo số 12']],
    )
    // Her neighbour’s sheet does not show it, and her neighbour cannot take it away.
    assert.equal((await act('reports.report', { campaignId, unitId: place.unit.H1 })).declared.length, 0)
    const actor = holding('organiser', place.unit.H1)
    assert.equal((await act('reports.removeDeclared', { unitId: place.unit.H1, declaredId }, { actor })).removed, 0)
    assert.equal((await act('reports.removeDeclared', { unitId: place.unit.H2, declaredId })).removed, 1)
  })
})
