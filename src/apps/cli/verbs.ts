// The verbs, in the order of a campaign's life.
import fs from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { z } from 'zod'
import { createStaff, grant, sessionCookie, setPassword } from '../../features/access/server/index.ts'
import { listRecordings } from '../../features/broadcast/server/index.ts'
import { fixScope } from '../../features/campaigns/server/index.ts'
import { moveState } from '../../features/conferences/server/index.ts'
import type { FigureSheet } from '../../features/reports/contract.ts'
import { freeze, getFigures, paper } from '../../features/reports/server/index.ts'
import { attachSites, confirmSeating, proposeSeating } from '../../features/sites/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
import { sayImport } from '../../platform/importWords.ts'
import { runImport } from '../../platform/server/imports/index.ts'
import { readBrought } from '../../platform/server/spreadsheet/index.ts'
import { importKindsOf } from '../server/features.ts'
import { backupVerb, restoreVerb } from './backup.ts'
import { campaignSchema, foundCampaign, WholeCampaign } from './campaignForm.ts'
import { demoVerb, simulateVerb } from './demo.ts'
import { Ended, say, usage } from './exit.ts'
import { campaignByCode, conferenceByCode, conferenceOf, given, maybe, unitByCode } from './find.ts'
import type { Answer, Run, Verb } from './verb.ts'

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const importLimitBytes = 62_914_560

const importFile: Verb = {
  name: 'import',
  form: '<don-vi|diem-cau|dang-vien|trieu-tap|diem-danh|hoc-bu> FILE [--campaign C] [--conference K] [--register R] [--under CODE] [--check]',
  help: 'Nhập một tệp; --check chỉ xem trước. Có lỗi thì không ghi gì. (Brings a file in; --check only previews.)',
  options: {
    campaign: text,
    conference: text,
    register: text,
    under: text,
    check: flag,
    encoding: text,
    delimiter: text,
    'confirm-large-change': flag,
  },
  async run({ desk, actor, now, values, positionals: [kind, file] }) {
    const kinds = importKindsOf(desk)
    if (!kind || !kinds.some((one) => one.kind === kind))
      usage(`Loại tệp «${kind ?? ''}»: cần ${kinds.map((one) => one.kind).join(', ')} (which kind of file?)`)
    if (!file) usage('Thiếu tên tệp (missing FILE)')
    const bytes = await readBrought(path.resolve(process.env.INIT_CWD ?? process.cwd(), file!), importLimitBytes).catch(
      (error: NodeJS.ErrnoException) => {
        throw new Ended(error.code === 'ENOENT' ? 'usage' : 'fault', `${file}: ${error.message}`)
      },
    )
    const campaign = maybe(values, 'campaign') ? await campaignByCode(desk.db, given(values, 'campaign')) : undefined
    const needsConference = kind === 'trieu-tap' || kind === 'diem-danh'
    const conference = maybe(values, 'conference')
      ? await conferenceByCode(desk.db, given(values, 'conference'), campaign?.id)
      : needsConference
        ? await conferenceOf(desk.db, (campaign ?? usage('Thiếu --campaign (missing --campaign)')).id, undefined)
        : undefined
    if (kind === 'hoc-bu' && !campaign) usage('Thiếu --campaign (missing --campaign)')
    const register = maybe(values, 'register') ?? (campaign ? await registerOf(desk, campaign.registerId) : undefined)
    const options = {
      ...(register ? { register } : {}),
      ...(maybe(values, 'under') ? { under: given(values, 'under') } : {}),
      ...(campaign ? { campaignId: campaign.id } : {}),
      ...(conference ? { conferenceId: conference.id } : {}),
      ...(values['confirm-large-change'] ? { confirmLargeChange: true } : {}),
    }
    const reading = {
      ...(maybe(values, 'encoding') ? { encoding: given(values, 'encoding') } : {}),
      ...(maybe(values, 'delimiter') ? { delimiter: given(values, 'delimiter') } : {}),
    }
    const tell = progressLine()
    const outcome = await runImport(
      desk,
      kinds,
      {
        kind: kind!,
        file: { bytes, fileName: path.basename(file!) },
        options,
        reading: reading as never,
        check: values.check === true,
        actor,
        now,
      },
      ({ phase, done, total }) =>
        tell(
          `${phase === 'checking' ? 'Đang kiểm tra' : 'Đang ghi'} ${formatCount(done)}${total > 0 ? ` / ${formatCount(total)}` : ''}`,
        ),
    )
    tell.end()
    const { rows: _, ...preview } = outcome.preview
    const problems = outcome.problems
    const json = {
      kind,
      file: path.basename(file!),
      applied: outcome.applied,
      summary: outcome.summary ?? null,
      problems: problems.slice(0, 1000),
      problemCount: Math.max(preview.problemCount, problems.length),
      remarks: outcome.remarks.slice(0, 1000),
      remarkCount: preview.remarkCount,
      preview,
    }
    if (problems.length > 0) {
      for (const problem of problems.slice(0, 20))
        say(`${problem.line > 0 ? `Dòng ${problem.line}: ` : ''}${sayImport(problem as never, 'vi')}`)
      throw new Ended(
        'problems',
        `${formatCount(json.problemCount)} lỗi; chưa ghi gì (problems; nothing was written)`,
        json,
      )
    }
    const { added = 0, changed = 0, unchanged = 0, missing = 0 } = outcome.summary ?? {}
    for (const remark of outcome.remarks.slice(0, 5))
      say(`Lưu ý${remark.line > 0 ? ` dòng ${remark.line}` : ''}: ${sayImport(remark as never, 'vi')}`)
    return {
      json,
      words: `${outcome.applied ? 'Đã nhập' : 'Xem trước, chưa ghi'}: thêm ${formatCount(added)}, sửa ${formatCount(changed)}, giữ nguyên ${formatCount(unchanged)}, không có trong tệp ${formatCount(missing)}`,
    }
  },
}
const registerOf = async (desk: Run['desk'], registerId: string) =>
  (await sql<{ code: string }>`select code from register where id = ${registerId}`.execute(desk.db)).rows[0]?.code

const campaign: Verb = {
  name: 'campaign',
  form: 'create --file F.json | create --like demo [--scope CODE] [--code C] | create --schema',
  help: 'Lập đợt học tập với hội nghị, buổi, chuyên đề, mốc điểm danh. (Founds a whole campaign; --schema prints the form.)',
  options: { file: text, like: text, schema: flag, scope: text, register: text, code: text },
  async run({ desk, actor, now, values, positionals: [what] }) {
    if (what !== 'create') usage('campaign create … (nothing else is known)')
    if (values.schema) return { json: campaignSchema(), words: JSON.stringify(campaignSchema(), null, 2) }
    const form = values.like ? await likeDemo(values) : await readForm(given(values, 'file'))
    const made = await foundCampaign(desk, form, { actor, now })
    return {
      json: { code: form.code, ...made },
      words: `Đã lập đợt «${form.name}», mã ${form.code}, ${form.conferences.length} hội nghị`,
    }
  },
}
async function readForm(file: string): Promise<WholeCampaign> {
  const full = path.resolve(process.env.INIT_CWD ?? process.cwd(), file)
  const raw = await fs.readFile(full, 'utf8').catch((error: Error) => usage(`${file}: ${error.message}`))
  return parseForm(raw, file)
}
function parseForm(raw: string, file: string): WholeCampaign {
  let json: unknown
  try {
    json = JSON.parse(raw.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new Ended('problems', `${file}: không phải JSON (not JSON): ${(error as Error).message}`)
  }
  const parsed = WholeCampaign.safeParse(json)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => ({ at: issue.path.join('.'), message: issue.message }))
  for (const { at, message } of problems.slice(0, 20)) say(`${at || '(gốc)'}: ${message}`)
  throw new Ended(
    'problems',
    `${file}: ${problems.length} chỗ chưa đúng mẫu; chưa ghi gì (see campaign create --schema)`,
    { problems },
  )
}
async function likeDemo(values: Run['values']): Promise<WholeCampaign> {
  if (values.like !== 'demo') usage('--like demo (nothing else is known)')
  const raw = JSON.parse(await fs.readFile(path.resolve('demo/campaign.json'), 'utf8'))
  const scopeUnit = {
    ...raw.scopeUnit,
    ...(maybe(values, 'register') ? { register: given(values, 'register') } : {}),
    ...(maybe(values, 'scope') ? { code: given(values, 'scope') } : {}),
  }
  return parseForm(
    JSON.stringify({ ...raw, scopeUnit, ...(maybe(values, 'code') ? { code: given(values, 'code') } : {}) }),
    'demo/campaign.json',
  )
}

const scope: Verb = {
  name: 'scope',
  form: 'fix --campaign C',
  help: 'Chốt diện tham gia: ghi danh sách của đợt. (Writes the roll.)',
  options: { campaign: text },
  async run({ desk, values, positionals: [what], perform }) {
    if (what !== 'fix') usage('scope fix --campaign C')
    const { id } = await campaignByCode(desk.db, given(values, 'campaign'))
    const json = await perform<Record<string, unknown>>(fixScope, { campaignId: id })
    return { json, words: `Đã chốt diện tham gia: ${inWords(json)}` }
  },
}

const seat: Verb = {
  name: 'seat',
  form: '--campaign C [--conference K] --propose | --confirm',
  help: 'Đề xuất hoặc xác nhận chỗ ngồi; xác nhận là triệu tập. (Proposes seats, or confirms and summons.)',
  options: { campaign: text, conference: text, propose: flag, confirm: flag },
  async run({ desk, values, perform }) {
    if (Boolean(values.propose) === Boolean(values.confirm)) usage('--propose hoặc --confirm (one of the two)')
    const { id: campaignId } = await campaignByCode(desk.db, given(values, 'campaign'))
    const { id: conferenceId } = await conferenceOf(desk.db, campaignId, maybe(values, 'conference'))
    if (values.confirm) {
      const json = await perform<{ summoned: number }>(confirmSeating, { conferenceId })
      return { json, words: `Đã triệu tập ${formatCount(json.summoned)} người` }
    }
    // Sites that came after the conference was made are its sites too.
    const { rows } = await sql<{
      n: number
    }>`select count(*)::int as n from conference_site where conference_id = ${conferenceId}`.execute(desk.db)
    if (rows[0]!.n === 0) await perform(attachSites, { conferenceId })
    const json = await perform<{ placed: number; left: number }>(proposeSeating, { conferenceId })
    return {
      json,
      words: `Xếp được ${formatCount(json.placed)} người, còn ${formatCount(json.left)} người chưa có chỗ`,
    }
  },
}

const state: Verb = {
  name: 'state',
  form: 'CONFERENCE approved|open|live|closed [--campaign C]',
  help: 'Chuyển trạng thái hội nghị. (Moves a conference to its next state.)',
  options: { campaign: text },
  async run({ desk, values, positionals: [code, to], perform }) {
    if (!code || !to) usage('state CONFERENCE approved|open|live|closed')
    const campaignId = maybe(values, 'campaign')
      ? (await campaignByCode(desk.db, given(values, 'campaign'))).id
      : undefined
    const { id } = await conferenceByCode(desk.db, code!, campaignId)
    const json = await perform<{ state: string }>(moveState, { conferenceId: id, to })
    return { json: { conference: code, ...json }, words: `Hội nghị ${code}: ${json.state}` }
  },
}

const freezeVerb: Verb = {
  name: 'freeze',
  form: '--campaign C --note TEXT',
  help: 'Chốt số liệu thành một bản. (Freezes the figures as the next version.)',
  options: { campaign: text, note: text },
  async run({ desk, values, perform }) {
    const { id } = await campaignByCode(desk.db, given(values, 'campaign'))
    const json = await perform<{ version: number; at: string }>(freeze, { campaignId: id, note: given(values, 'note') })
    return { json, words: `Đã chốt bản ${json.version} lúc ${json.at}` }
  },
}

async function whereOf({ desk, values }: Pick<Run, 'desk' | 'values'>) {
  const { id, registerId } = await campaignByCode(desk.db, given(values, 'campaign'))
  const unit = maybe(values, 'unit')
  const version = maybe(values, 'version')
  if (version !== undefined && !/^\d+$/.test(version)) usage('--version N')
  return {
    campaignId: id,
    ...(unit ? { unitId: (await unitByCode(desk.db, unit, registerId)).id } : {}),
    ...(version ? { version: Number(version) } : {}),
  }
}
const figures: Verb = {
  name: 'figures',
  form: '--campaign C [--unit CODE] [--version N]',
  help: 'In số liệu Biểu 1 của một đơn vị và các đơn vị dưới. (Prints Biểu 1’s figures.)',
  options: { campaign: text, unit: text, version: text },
  async run(run) {
    const sheet = await run.perform<FigureSheet>(getFigures, await whereOf(run))
    const { inScope, summoned, sites, attended, makeupSessions, madeUp, covered, left, ratios } = sheet
    return {
      json: sheet,
      words: [
        `${sheet.unit.name}${sheet.version === null ? ', số đang chạy' : `, bản ${sheet.version}`}`,
        `thuộc diện ${formatCount(inScope)} · triệu tập ${formatCount(summoned)} · ${formatCount(sites)} điểm cầu · dự ${formatCount(attended)} (${ratios.attendedOfSummoned.text} số triệu tập, ${ratios.attendedOfInScope.text} số thuộc diện)`,
        `học bù ${formatCount(makeupSessions)} hội nghị, ${formatCount(madeUp)} người · đã học ${formatCount(covered)} (${ratios.coveredOfInScope.text}) · còn ${formatCount(left)}`,
      ].join('\n'),
    }
  },
}
const recordings: Verb = {
  name: 'recordings',
  form: '--campaign C',
  help: 'Liệt kê các buổi đã phát: danh sách phát và tệp trên máy này. (Lists the programmes that were made.)',
  options: { campaign: text },
  async run({ desk, values, perform }) {
    const campaign = await campaignByCode(desk.db, given(values, 'campaign'))
    type Listed = z.output<typeof listRecordings.it.output>
    const listed = await perform<Listed>(listRecordings, { campaignId: campaign.id })
    return {
      json: listed,
      words:
        listed.recordings
          .map(
            ({ conferenceCode, sessionCode, state, seconds, runs, file }) =>
              `${conferenceCode} ${sessionCode}: ${state}, ${formatCount(Math.round(seconds / 60))} phút, ${runs} lượt phát\n  ${file}`,
          )
          .join('\n') || 'Chưa có buổi nào được phát.',
    }
  },
}
const report: Verb = {
  name: 'report',
  form: '--campaign C [--unit CODE] [--version N] --form bieu-1|tom-tat --format docx|xlsx|pdf --out FILE',
  help: 'Lập biểu thành tệp. (Writes a report to a file.)',
  options: { campaign: text, unit: text, version: text, form: text, format: text, out: text },
  async run(run) {
    const out = path.resolve(process.env.INIT_CWD ?? process.cwd(), given(run.values, 'out'))
    const format = maybe(run.values, 'format') ?? path.extname(out).slice(1)
    const file = await run.perform<{ body: Uint8Array; name: string }>(paper, {
      ...(await whereOf(run)),
      form: maybe(run.values, 'form') ?? 'bieu-1',
      format,
    })
    await fs.writeFile(out, file.body)
    return { json: { out, name: file.name, bytes: file.body.length }, words: `Đã ghi ${out}` }
  },
}

const session: Verb = {
  name: 'session',
  form: '--user NAME | --person CODE [--campaign C] [--register R]',
  help: 'In tiêu đề Cookie của một người; chỉ bản dùng thử và kiểm thử. (Prints a Cookie header; demo and tests only.)',
  options: { user: text, person: text, campaign: text, register: text },
  async run({ desk, now, values }) {
    if (!desk.demo && process.env.NODE_ENV !== 'test')
      throw new Ended('refused', 'Chỉ có trong bản dùng thử và kiểm thử (demo and tests only; NODE_ENV=test)', {
        refused: 'demoOnly',
      })
    const user = maybe(values, 'user')
    const code = maybe(values, 'person')
    if (Boolean(user) === Boolean(code)) usage('--user NAME hoặc --person CODE (one of the two)')
    const who = user
      ? { userName: user }
      : await memberOf(desk, code!, maybe(values, 'campaign'), maybe(values, 'register'))
    const cookie = await sessionCookie(desk, who as never, now).catch((error: Error) => {
      throw new Ended('refused', error.message, { refused: 'notFound' })
    })
    return { json: { cookie }, words: cookie }
  },
}
async function memberOf(desk: Run['desk'], code: string, campaign: string | undefined, register: string | undefined) {
  const { rows } = await sql<{ personId: string; campaignId: string }>`
    select p.id as "personId", r.campaign_id as "campaignId" from person p join roll r on r.person_id = p.id and r.to_at is null join campaign c on c.id = r.campaign_id
    join register g on g.id = p.register_id
    where p.code = ${code} and ${campaign ? sql`c.code = ${campaign}` : sql`true`} and ${register ? sql`g.code = ${register}` : sql`true`} order by c.created_at desc limit 1`.execute(
    desk.db,
  )
  return (
    rows[0] ??
    (() => {
      throw new Ended(
        'refused',
        `Không có đảng viên mã «${code}» trong danh sách của đợt nào (nobody with that number on a roll)`,
        { refused: 'unknownPerson' },
      )
    })()
  )
}

const admin: Verb = {
  name: 'admin',
  form: 'create --user NAME --name "HỌ TÊN" [--password-stdin]',
  help: 'Lập người quản trị; mật khẩu đọc từ đầu vào chuẩn, hoặc in liên kết đặt mật khẩu. (Makes an administrator.)',
  options: { user: text, name: text, 'password-stdin': flag },
  async run({ desk, now, values, positionals: [what], perform }) {
    if (what !== 'create') usage('admin create --user NAME --name "HỌ TÊN"')
    const made = await perform<{ userId: string; passwordLink: string }>(createStaff, {
      userName: given(values, 'user'),
      name: given(values, 'name'),
    })
    await perform(grant, { userId: made.userId, role: 'administrator', kind: 'installation', reason: 'lập từ máy chủ' })
    if (values['password-stdin']) {
      const password = (await fs.readFile('/dev/stdin', 'utf8')).replace(/\r?\n$/, '')
      await setPassword(desk, { userId: made.userId, password, now })
      return { json: { userId: made.userId }, words: `Đã lập người quản trị ${given(values, 'user')}` }
    }
    return {
      json: made,
      words: `Đã lập người quản trị ${given(values, 'user')}\nĐặt mật khẩu tại: ${made.passwordLink}`,
    }
  },
}

const inWords = (json: Record<string, unknown>) =>
  Object.entries(json)
    .filter(([, value]) => typeof value === 'number')
    .map(([name, value]) => `${name} ${formatCount(value as number)}`)
    .join(', ')

/** One line on the error stream that is written over; plain lines when nobody looks at a terminal. */
function progressLine() {
  const live = process.stderr.isTTY
  const tell = (line: string) => {
    if (live) process.stderr.write(`\r\x1b[K${line}`)
  }
  return Object.assign(tell, { end: () => live && process.stderr.write('\r\x1b[K') })
}

export const verbs: readonly Verb[] = [
  importFile,
  campaign,
  scope,
  seat,
  state,
  freezeVerb,
  figures,
  recordings,
  report,
  session,
  admin,
  demoVerb,
  simulateVerb,
  backupVerb,
  restoreVerb,
]
export type { Answer }
