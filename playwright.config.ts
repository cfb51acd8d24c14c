import path from 'node:path'
import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/chromium.ts'
import { dataDir, logFile, port } from './tests/journeys/server.ts'

const chromium = findChromium()

export default defineConfig({
  testDir: 'tests/journeys',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: 'line',
  // Emptied at each start: never a folder of data.
  outputDir: 'data/journeys',
  use: {
    actionTimeout: 20_000,
    baseURL: `http://127.0.0.1:${port}`,
    locale: 'vi-VN',
    timezoneId: 'Asia/Ho_Chi_Minh',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(chromium ? { executablePath: chromium } : {}),
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        // The door scanner sees a camera that is a film.
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
      ],
    },
  },
  webServer: {
    // What it says is kept: the first run prints the link that makes the first administrator.
    command: `node start.mjs > "${logFile}" 2>&1`,
    url: `http://127.0.0.1:${port}/readyz`,
    env: { PORT: port, HOST: '127.0.0.1', DATA_DIR: path.resolve(dataDir), LOG_LEVEL: 'warn' },
    timeout: 300_000,
    reuseExistingServer: !process.env.CI && !process.env.JOURNEYS_PORT,
    // Otherwise the database would stay.
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
  },
})
