// PPTX becomes PDF by a LibreOffice of the machine, where there is one: one file at a time, a home of its own, a limit of time.
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import yauzl from 'yauzl'
import { officeLimits, unfoldsTooFar } from '../rules.ts'

const officeLimitMs = 180_000

/** The program itself, when the machine has one that can open slides. */
export function findOffice(officePath: string): string | undefined {
  const folders = path.isAbsolute(officePath) ? [''] : (process.env.PATH ?? '').split(path.delimiter)
  for (const folder of folders) {
    const file = path.join(folder, officePath)
    if (!fs.existsSync(file)) continue
    const real = fs.realpathSync(file)
    // A machine may have the program for texts without the one for slides.
    if (fs.readdirSync(path.dirname(real)).some((name) => /^libsdlo\.|^sdlo\.dll$/.test(name))) return real
    // Elsewhere (macOS, Windows) the parts lie apart from the program; there all of it comes together.
    if (process.platform !== 'linux') return real
  }
  return undefined
}

export type Unfolding = 'slides' | 'other' | 'tooFar' | 'damaged'
/** Looks at a ZIP's own list of its parts, without unfolding any. */
export function judgeOffice(file: string): Promise<Unfolding> {
  const packed = fs.statSync(file).size
  return new Promise((resolve) => {
    yauzl.open(file, { lazyEntries: true, autoClose: true }, (error, zip) => {
      if (error || !zip) return resolve('damaged')
      let entries = 0
      let unfolded = 0
      const names = new Set<string>()
      const end = (found: Unfolding) => {
        zip.close()
        resolve(found)
      }
      zip.on('error', () => end('damaged'))
      zip.on('entry', ({ fileName, uncompressedSize }: yauzl.Entry) => {
        entries++
        unfolded += uncompressedSize
        if (unfoldsTooFar(packed, entries, unfolded)) return end('tooFar')
        if (['[Content_Types].xml', 'ppt/presentation.xml', 'ppt/vbaProject.bin'].includes(fileName))
          names.add(fileName)
        zip.readEntry()
      })
      zip.on('end', () =>
        end(
          names.has('[Content_Types].xml') && names.has('ppt/presentation.xml') && !names.has('ppt/vbaProject.bin')
            ? 'slides'
            : 'other',
        ),
      )
      zip.readEntry()
    })
  })
}
/** Unfolds every part once and throws it away: a list that lies about its sizes is found out here, not in LibreOffice. */
export function unfoldsAsSaid(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    yauzl.open(file, { lazyEntries: true, autoClose: true, validateEntrySizes: true }, (error, zip) => {
      if (error || !zip) return resolve(false)
      let unfolded = 0
      const end = (good: boolean) => {
        zip.close()
        resolve(good)
      }
      zip.on('error', () => end(false))
      zip.on('end', () => end(true))
      zip.on('entry', (entry: yauzl.Entry) => {
        if (entry.fileName.endsWith('/')) return zip.readEntry()
        zip.openReadStream(entry, (fault, stream) => {
          if (fault || !stream) return end(false)
          stream.on('error', () => end(false))
          stream.on('data', (part: Buffer) => {
            unfolded += part.length
            if (unfolded > officeLimits.bytes) stream.destroy(new Error('unfolds too far'))
          })
          stream.on('end', () => zip.readEntry())
        })
      })
      zip.readEntry()
    })
  })
}

export type Converted = { pdf: string; clean: () => void } | 'tooLong' | 'damaged'
let last: Promise<unknown> = Promise.resolve()
/** A PDF of the slides in a folder of its own; the caller cleans up. One at a time: two would fight for the same memory. */
export function toPdf(office: string, file: string, limitMs = officeLimitMs): Promise<Converted> {
  const mine = last.then(
    () => convert(office, file, limitMs),
    () => convert(office, file, limitMs),
  )
  last = mine.catch(() => {})
  return mine
}
async function convert(office: string, file: string, limitMs: number): Promise<Converted> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'diem-cau-slides-'))
  const clean = () => fs.rmSync(folder, { recursive: true, force: true })
  try {
    const source = path.join(folder, 'deck.pptx')
    fs.copyFileSync(file, source)
    const ended = await run(
      office,
      [
        `-env:UserInstallation=file://${folder}/profile`,
        ...['--headless', '--norestore', '--nolockcheck', '--nodefault', '--nofirststartwizard'],
        ...['--convert-to', 'pdf:impress_pdf_Export', '--outdir', folder, source],
      ],
      { folder, limitMs },
    )
    const pdf = path.join(folder, 'deck.pdf')
    if (ended && fs.existsSync(pdf)) return { pdf, clean }
    clean()
    return ended ? 'damaged' : 'tooLong'
  } catch (error) {
    clean()
    throw error
  }
}
/** `false` when it had to be ended. Its whole group goes: the program is started by a script. */
const run = (office: string, args: string[], { folder, limitMs }: { folder: string; limitMs: number }) =>
  new Promise<boolean>((resolve, reject) => {
    const child = spawn(office, args, {
      cwd: folder,
      env: { HOME: folder, PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', TMPDIR: folder, SAL_USE_VCLPLUGIN: 'svp' },
      stdio: 'ignore',
      detached: process.platform !== 'win32',
    })
    let good = true
    const end = () => {
      good = false
      try {
        if (process.platform === 'win32') child.kill('SIGKILL')
        else process.kill(-child.pid!, 'SIGKILL')
      } catch {
        // It ended by itself in the same moment.
      }
    }
    const limit = setTimeout(end, limitMs)
    process.once('exit', end)
    child.once('error', reject)
    child.once('exit', () => {
      clearTimeout(limit)
      process.off('exit', end)
      resolve(good)
    })
  })
