// A browser for the journeys: the one of CHROMIUM, one of the machine, else brought by apt where we may.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const usual = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
]

/** The path of a Chromium on this machine. */
export function findChromium(): string | undefined {
  if (process.env.CHROMIUM) return process.env.CHROMIUM
  const folders = (process.env.PATH ?? '').split(path.delimiter).concat('/usr/bin', '/usr/local/bin', '/snap/bin')
  const found = folders.flatMap((folder) => names.map((name) => path.join(folder, name))).concat(usual)
  return found.find((file) => fs.existsSync(file))
}

/** Finds one or installs it; answers in words what is missing when it can do neither. */
export function bringChromium(tell: (line: string) => void): { chromium: string } | { missing: string } {
  const there = findChromium()
  if (there) return { chromium: there }
  if (process.getuid?.() === 0 && fs.existsSync('/usr/bin/apt-get')) {
    tell('Đang cài Chromium bằng apt-get… (installing Chromium)')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', 'chromium')
    const brought = findChromium()
    if (brought) return { chromium: brought }
  }
  return {
    missing:
      'Các hành trình cần Chromium: trên Debian hãy chạy «sudo apt-get install chromium», hoặc đặt CHROMIUM là đường dẫn của nó' +
      ' (the journeys need Chromium: install it, or set CHROMIUM to its path)',
  }
}
