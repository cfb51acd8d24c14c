import fs from 'node:fs'
import path from 'node:path'

// One of these in a folder says that it is a data folder of ours.
const traces = ['pg', 'pg.new', 'pg.secret', 'pg.where', 'secret', 'cache', 'web', 'demo', 'installing', 'files']

/**
 * Makes the data folder, readable by its owner only (`group` may pass through it). An existing folder is taken only when
 * it is empty or already ours: closing somebody else's folder, or /tmp, would harm the machine. Throws in words.
 */
export function ownFolder(dir: string, group?: number): void {
  if (!fs.existsSync(dir)) fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  const inside = fs.readdirSync(dir)
  if (inside.length > 0 && !inside.some((name) => traces.includes(name)))
    throw new Error(
      `DATA_DIR ${dir}: thư mục này đã có thứ khác; hãy chọn một thư mục trống hoặc chưa có (this folder holds something else; choose an empty one)`,
    )
  fs.accessSync(dir, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK)
  if (process.platform === 'win32' || fs.statSync(dir).uid !== process.getuid?.()) return
  if (group !== undefined) fs.chownSync(dir, 0, group)
  fs.chmodSync(path.resolve(dir), group === undefined ? 0o700 : 0o710)
}
