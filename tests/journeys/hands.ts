// What a person's hands do on many screens: sign in, bring a file, ask the server what the screen asks.
import { createHmac } from 'node:crypto'
import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'
import { cli, port } from './server.ts'

export type Account = { userName: string; name: string; password: string; secret?: string }

/** The six digits that an authenticator shows now. */
export function totp(secret: string, at = Date.now()): string {
  const bits = [...secret.replace(/\s|=/g, '').toUpperCase()]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const key = Buffer.from(bits.match(/.{8}/g)!.map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at4 = mac.at(-1)! & 15
  return String((mac.readUInt32BE(at4) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

export async function signIn(page: Page, { userName, password, secret }: Account) {
  await page.goto('/dang-nhap')
  await page.getByLabel('Tên đăng nhập').fill(userName)
  await page.getByLabel('Mật khẩu', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click()
  if (secret) {
    await page.getByLabel('Mã 6 số').fill(totp(secret))
    await page.getByRole('button', { name: 'Tiếp tục' }).click()
  }
  await expect(page).not.toHaveURL(/dang-nhap$/)
}
/** The first time with much in her hands: a second factor before anything else. Keeps the secret in the account. */
export async function enrol(page: Page, account: Account) {
  await page.goto('/dang-nhap')
  await page.getByLabel('Tên đăng nhập').fill(account.userName)
  await page.getByLabel('Mật khẩu', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Đăng nhập', exact: true }).click()
  await expect(page.getByRole('heading', { name: 'Thêm mã xác thực cho tài khoản' })).toBeVisible()
  await page.getByLabel('Mật khẩu', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Bắt đầu' }).click()
  const said = await page.getByText('Không quét được thì gõ khoá này').locator('code').textContent()
  account.secret = said!.replaceAll(' ', '')
  await page.getByLabel('Tôi đã chép các mã này').check()
  await page.getByLabel('Mã 6 số').fill(totp(account.secret))
  await page.getByRole('button', { name: 'Hoàn tất' }).click()
  await expect(page).not.toHaveURL(/dang-nhap$/)
}

/** An administrator makes an account; its owner chooses her password by the link. */
export async function addStaff(admin: Page, browser: Browser, account: Account) {
  await admin.goto('/tai-khoan')
  await admin.getByRole('button', { name: 'Thêm tài khoản' }).click()
  const drawer = admin.getByRole('dialog')
  await drawer.getByLabel('Họ và tên').fill(account.name)
  await drawer.getByLabel('Tên đăng nhập').fill(account.userName)
  await drawer.getByRole('button', { name: 'Thêm tài khoản' }).click()
  const link = await drawer.locator('code').textContent()
  const context = await freshContext(browser)
  const page = await context.newPage()
  await page.goto(new URL(link!).pathname)
  await page.getByLabel('Mật khẩu', { exact: true }).fill(account.password)
  await page.getByLabel('Gõ lại mật khẩu').fill(account.password)
  await page.getByRole('button', { name: 'Đặt mật khẩu' }).click()
  await expect(page.getByRole('heading', { name: 'Đã đặt mật khẩu' })).toBeVisible()
  await context.close()
}

/** Drops a file on its page, looks at the preview, and confirms it. */
export async function confirmImport(page: Page) {
  await expect(page).toHaveURL(/\/nhap-tep\/[0-9a-f-]+/)
  await page.getByRole('button', { name: /^Ghi .* dòng vào sổ$/ }).click()
  await expect(page.getByRole('heading', { level: 1, name: /^Đã ghi/ })).toBeVisible()
}

export const freshContext = (browser: Browser, more = {}): Promise<BrowserContext> =>
  browser.newContext({ locale: 'vi-VN', timezoneId: 'Asia/Ho_Chi_Minh', baseURL: `http://127.0.0.1:${port}`, ...more })

/** Signed in without the screens of signing in: what the demo does for its visitors. */
export async function contextOf(browser: Browser, ...who: string[]): Promise<BrowserContext> {
  const context = await freshContext(browser)
  const [name, value] = (cli('session', ...who).cookie as string).replace(/^Cookie:\s*/i, '').split(/=(.*)/s)
  await context.addCookies([{ name: name!, value: value!.replace(/;.*$/, ''), url: `http://127.0.0.1:${port}` }])
  return context
}

/** An operation with the rights of whoever sits at the page. */
export async function ask<Out = Record<string, unknown>>(
  page: Page,
  operation: string,
  input: unknown = {},
): Promise<Out> {
  const answer = await page.request.post(`/api/${operation.replace('.', '/')}`, { data: input as object })
  if (!answer.ok()) throw new Error(`${operation}: ${answer.status()} ${await answer.text()}`)
  return (await answer.json()) as Out
}
