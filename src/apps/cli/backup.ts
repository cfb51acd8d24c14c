// The verbs of keeping: everything into one file, and back from it into an empty place.
import fs from 'node:fs'
import path from 'node:path'
import { verifyLogs } from '../../features/access/server/index.ts'
import { formatCount } from '../../kernel/figure.ts'
import { AlreadyThere, type Backup, backUp, Damaged, openBackup, restore } from '../../platform/server/backup/index.ts'
import type { Config } from '../../platform/server/config.ts'
import { openDb, openPool } from '../../platform/server/db.ts'
import { recordChange } from '../../platform/server/record.ts'
import { removeCluster } from '../../platform/server/supervisor.ts'
import { CannotStart, type Database, openDatabase } from '../server/ground.ts'
import { Ended, say, usage } from './exit.ts'
import { given } from './find.ts'
import type { Answer, OnGround, Verb } from './verb.ts'

const calledFrom = () => process.env.CALLED_FROM ?? process.env.INIT_CWD ?? process.cwd()

export const backupVerb: Verb = {
  name: 'backup',
  form: '--out TỆP.tar',
  help: 'Sao lưu mọi dữ liệu vào một tệp; máy chủ vẫn chạy. (Everything into one file, beside a running server.)',
  options: { out: { type: 'string' } },
  async run({ desk, config, actor, now, values }) {
    const out = path.resolve(calledFrom(), given(values, 'out'))
    const tell = progressLines()
    // Taking everything away is told in the log, also in the copy that is taken.
    await recordChange(desk.db, { actor, operation: 'server.backup', about: { to: path.basename(out) }, at: now })
    const source = { ...config, url: desk.databaseUrl }
    const made = await backUp(source, { out, now, tell }).catch((error) => {
      if (error instanceof AlreadyThere)
        throw new Ended('refused', `${out} đã có; hãy đặt tên khác (already there)`, { refused: 'alreadyThere' })
      throw error
    })
    return {
      json: made,
      words: `Đã sao lưu ${formatCount(made.rows)} hàng của ${made.tables} bảng và ${formatCount(made.files)} tệp vào ${out} (${megabytes(made.bytes)})\nsha256 ${made.sha256}\nTệp này có mọi dữ liệu và khoá của máy chủ: giữ như giữ máy chủ.`,
    }
  },
}

export const restoreVerb: Verb = {
  name: 'restore',
  form: 'TỆP.tar',
  help: 'Khôi phục từ bản sao lưu vào DATA_DIR (và DATABASE_URL) còn trống. (Into an empty place only.)',
  options: {},
  onGround,
}
async function onGround({ config, actor, now, positionals: [name] }: OnGround): Promise<Answer> {
  if (!name) usage('restore TỆP.tar')
  const file = path.resolve(calledFrom(), name!)
  refuseUsedFolder(config)
  say('Đang kiểm tra bản sao lưu… (checking every byte of it)')
  const backup = await openBackup(file).catch((error) => {
    throw damaged(error, file)
  })
  try {
    if (backup.manifest.demo !== config.demo)
      throw new Ended(
        'refused',
        backup.manifest.demo
          ? 'Bản sao lưu này là của bản dùng thử; thêm --demo (a backup of the demo: add --demo)'
          : 'Bản sao lưu này không phải của bản dùng thử; bỏ --demo (not of the demo: leave --demo out)',
        { refused: backup.manifest.demo ? 'ofTheDemo' : 'notOfTheDemo' },
      )
    return await fill(config, backup, { actor, now, file })
  } finally {
    await backup.close()
  }
}

async function fill(
  config: Config,
  backup: Backup,
  { actor, now, file }: Pick<OnGround, 'actor' | 'now'> & { file: string },
) {
  const database = await openDatabase(config, () => {}).catch((error: Error) => {
    throw new Ended('unreachable', error.message)
  })
  let whole = false
  try {
    const { rows, files } = await fillEmpty(config, backup, database, file)
    const pool = openPool(database.url, { max: 1 })
    try {
      const db = openDb(pool)
      const logs = await verifyLogs(db)
      await recordChange(db, {
        actor,
        operation: 'server.restore',
        about: { from: path.basename(file), madeAt: backup.manifest.madeAt },
        at: now,
      })
      whole = true
      return {
        json: {
          from: file,
          madeAt: backup.manifest.madeAt,
          rows,
          files,
          logs: { ok: logs.ok, seals: logs.seals, lines: logs.lines },
        },
        words: `Đã khôi phục ${formatCount(rows)} hàng và ${formatCount(files)} tệp, như lúc ${backup.manifest.madeAt}. ${logs.ok ? 'Nhật ký còn nguyên chuỗi.' : 'LƯU Ý: chuỗi nhật ký đã đứt từ trước khi sao lưu.'}`,
      }
    } finally {
      await pool.end()
    }
  } finally {
    await database.stop()
    // The folder was empty before us, so half a database in it is ours.
    if (!whole && !config.databaseUrl) await removeCluster(config.dataDir).catch(() => {})
  }
}
async function fillEmpty(config: Config, backup: Backup, database: Database, file: string) {
  const pool = openPool(database.url, { max: 1 })
  const { rows } = await pool
    .query(
      `select count(*)::int as n from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p', 'v', 'm')`,
    )
    .finally(() => pool.end())
  if (rows[0].n > 0)
    throw new Ended(
      'refused',
      'Cơ sở dữ liệu đã có bảng; chỉ khôi phục vào cơ sở dữ liệu trống (the database is not empty)',
      {
        refused: 'notEmpty',
      },
    )
  const tell = progressLines()
  return restore(backup, { ...config, url: database.url }, tell).catch((error) => {
    throw damaged(error, file)
  })
}

function refuseUsedFolder({ dataDir, secretFile }: Config) {
  const used = ['pg', 'pg.where', 'files', 'secret', 'backups'].find((name) => fs.existsSync(path.join(dataDir, name)))
  if (used || fs.existsSync(secretFile))
    throw new Ended(
      'refused',
      `DATA_DIR ${dataDir} đã có dữ liệu (${used ?? path.basename(secretFile)}); hãy chọn thư mục trống (the folder is not empty)`,
      { refused: 'notEmpty' },
    )
}
function damaged(error: unknown, file: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof Damaged)
    return new Ended('problems', `${file} không dùng được: ${message} (not a whole backup; nothing was written)`)
  if (code === 'ENOENT' || code === 'EISDIR') return new Ended('usage', `${file}: ${message}`)
  return error instanceof CannotStart ? new Ended('refused', error.message) : error
}

/** A line for every table, and for each further hundred thousand rows. */
function progressLines() {
  let last = ''
  return (what: string, rows: number) => {
    const line = `${what} · ${Math.floor(rows / 100_000)}`
    if (line !== last) say(`  ${formatCount(rows).padStart(12)} hàng · ${what}`)
    last = line
  }
}
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1).replace('.', ',')} MB`
