// Every setting of a machine, declared once: its words here are the table in docs/operations and the sentence of a refusal.
import { z } from 'zod'

export type Setting<T> = {
  name: string
  /** Judges the raw text of a variable that is set. */
  shape: z.ZodType<T, string>
  /** What holds when nothing is set, in words where it depends on the machine. */
  otherwise: string
  expected: { vi: string; en: string }
  about: { vi: string; en: string }
  /** Never printed, not even in a refusal. */
  secret?: true
}
const setting = <T>(it: Setting<T>) => it

const wholeNumber = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().int().min(least).max(most))
const choice = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.string().pipe(z.enum(values)) as unknown as z.ZodType<Values[number], string>
const portExpected = { vi: 'một số nguyên từ 1 đến 65535', en: 'a whole number from 1 to 65535' }
const isUrl = (...schemes: string[]) =>
  z.string().refine((typed) => URL.canParse(typed) && schemes.includes(new URL(typed).protocol))

export const settings = {
  port: setting({
    name: 'PORT',
    shape: wholeNumber(1, 65_535),
    otherwise: '3000',
    expected: portExpected,
    about: { vi: 'Cổng của trang web.', en: 'Port of the web pages.' },
  }),
  host: setting({
    name: 'HOST',
    shape: z.string().regex(/^[\w.:-]{1,253}$/),
    otherwise: '0.0.0.0; 127.0.0.1 with --demo',
    expected: { vi: 'một địa chỉ hoặc tên máy, ví dụ 0.0.0.0', en: 'an address or host name, e.g. 0.0.0.0' },
    about: { vi: 'Địa chỉ mà máy chủ lắng nghe.', en: 'Address to listen on.' },
  }),
  dataDir: setting({
    name: 'DATA_DIR',
    shape: z.string().min(1).max(1000),
    otherwise: './data; ./data/demo with --demo',
    expected: { vi: 'đường dẫn một thư mục', en: 'the path of a folder' },
    about: {
      vi: 'Thư mục dữ liệu; ai đọc được thư mục này thì có mọi quyền trên máy.',
      en: 'Folder of all data; whoever may read it has every right on this installation.',
    },
  }),
  databaseUrl: setting({
    name: 'DATABASE_URL',
    shape: isUrl('postgres:', 'postgresql:'),
    otherwise: 'the PostgreSQL that comes along, in DATA_DIR',
    expected: { vi: 'postgres://người-dùng:mật-khẩu@máy:cổng/tên', en: 'postgres://user:password@host:port/name' },
    about: { vi: 'PostgreSQL 15 trở lên có sẵn bên ngoài.', en: 'A PostgreSQL 15 or newer of your own.' },
    secret: true,
  }),
  pgPort: setting({
    name: 'PG_PORT',
    shape: wholeNumber(1, 65_535),
    otherwise: 'a free one, remembered in DATA_DIR',
    expected: portExpected,
    about: { vi: 'Cổng nội bộ của PostgreSQL đi kèm.', en: 'Loopback port of the PostgreSQL that comes along.' },
  }),
  baseUrl: setting({
    name: 'BASE_URL',
    shape: isUrl('http:', 'https:').transform((typed) => typed.replace(/\/+$/, '')),
    otherwise: 'http://127.0.0.1:PORT',
    expected: { vi: 'http://… hoặc https://…', en: 'http://… or https://…' },
    about: {
      vi: 'Địa chỉ người dùng gõ vào; in trên giấy triệu tập và mã QR.',
      en: 'The address people use; printed on summons and QR codes.',
    },
  }),
  logLevel: setting({
    name: 'LOG_LEVEL',
    shape: choice('debug', 'info', 'warn', 'error', 'silent'),
    otherwise: 'info',
    expected: { vi: 'debug, info, warn, error hoặc silent', en: 'debug, info, warn, error or silent' },
    about: { vi: 'Nhật ký kỹ thuật nói nhiều hay ít.', en: 'How much the technical log says.' },
  }),
  trustProxy: setting({
    name: 'TRUST_PROXY',
    shape: choice('on', 'off').transform((typed) => typed === 'on'),
    otherwise: 'off',
    expected: { vi: 'on hoặc off', en: 'on or off' },
    about: {
      vi: 'Bật khi có nginx đứng trước và chỉ nginx vào được cổng này.',
      en: 'On when nginx stands in front and only nginx reaches this port.',
    },
  }),
  secretFile: setting({
    name: 'SECRET_FILE',
    shape: z.string().min(1).max(1000),
    otherwise: 'secret in DATA_DIR, made at the first start',
    expected: { vi: 'đường dẫn một tệp có ít nhất 32 ký tự', en: 'the path of a file of at least 32 characters' },
    about: { vi: 'Khoá ký cookie và mã.', en: 'The key that signs cookies and codes.' },
  }),
  metrics: setting({
    name: 'METRICS',
    shape: choice('loopback', 'on', 'off'),
    otherwise: 'loopback',
    expected: { vi: 'loopback, on hoặc off', en: 'loopback, on or off' },
    about: { vi: 'Ai đọc được /metrics: chỉ máy này, mọi máy, hay không ai.', en: 'Who may read /metrics.' },
  }),
  webBuild: setting({
    name: 'WEB_BUILD',
    shape: choice('auto', 'off'),
    otherwise: 'auto',
    expected: { vi: 'auto hoặc off', en: 'auto or off' },
    about: {
      vi: 'auto: dựng lại trang web khi mã đã đổi; off: dùng bản đã dựng.',
      en: 'auto: build the web pages again when their source has changed; off: serve what was built.',
    },
  }),
  livekitUrl: setting({
    name: 'LIVEKIT_URL',
    shape: isUrl('ws:', 'wss:', 'http:', 'https:'),
    otherwise: 'a media server of our own, beside this one',
    expected: { vi: 'wss://máy:cổng', en: 'wss://host:port' },
    about: { vi: 'Máy chủ LiveKit có sẵn bên ngoài.', en: 'A LiveKit of your own; needs LIVEKIT_KEY.' },
  }),
  livekitKey: setting({
    name: 'LIVEKIT_KEY',
    shape: z.string().regex(/^[^:\s]+:\S{32,}$/),
    otherwise: 'made from the key file',
    expected: { vi: 'tên:khoá, khoá dài ít nhất 32 ký tự', en: 'name:secret, the secret at least 32 characters' },
    about: { vi: 'Khoá của LiveKit bên ngoài.', en: 'Key of the LiveKit outside.' },
    secret: true,
  }),
  stagePort: setting({
    name: 'STAGE_PORT',
    shape: wholeNumber(1, 65_530),
    otherwise: 'PORT + 10; the next one for TCP, the one after for UDP',
    expected: portExpected,
    about: { vi: 'Cổng của sân khấu: ba cổng liền nhau.', en: 'Ports of our own media server: three in a row.' },
  }),
  stageAddress: setting({
    name: 'STAGE_ADDRESS',
    shape: z.string().regex(/^[\d.:a-fA-F]{2,45}$/),
    otherwise: 'the address of this machine; 127.0.0.1 with --demo',
    expected: { vi: 'một địa chỉ IP', en: 'an IP address' },
    about: {
      vi: 'Địa chỉ IP mà hội trường gửi hình và tiếng đến.',
      en: 'IP address that halls send picture and sound to.',
    },
  }),
  stageInstall: setting({
    name: 'STAGE_INSTALL',
    shape: choice('auto', 'off'),
    otherwise: 'auto',
    expected: { vi: 'auto hoặc off', en: 'auto or off' },
    about: {
      vi: 'off: không bao giờ tự tải máy chủ sân khấu.',
      en: 'off: never fetch the media server; use what is there.',
    },
  }),
  stagePlaces: setting({
    name: 'STAGE_PLACES',
    shape: wholeNumber(0, 5000),
    otherwise: '69 a core, at most 400',
    expected: { vi: 'một số nguyên từ 0 đến 5000', en: 'a whole number from 0 to 5000' },
    about: {
      vi: 'Số điểm cầu được nghe bằng WebRTC cùng lúc; các điểm khác xem bản phát sóng.',
      en: 'How many halls listen by WebRTC at once; the others receive the broadcast.',
    },
  }),
  stunServers: setting({
    name: 'STUN_SERVERS',
    shape: z.string().regex(/^[\w.:,-]{1,500}$/),
    otherwise: 'none: nobody outside is asked',
    expected: { vi: 'máy:cổng, cách nhau bằng dấu phẩy', en: 'host:port, separated by commas' },
    about: { vi: 'Máy chủ STUN của mình.', en: 'STUN servers of your own.' },
  }),
  turnServer: setting({
    name: 'TURN_SERVER',
    shape: isUrl('turn:', 'turns:'),
    otherwise: 'none',
    expected: { vi: 'turn://tên:khoá@máy:cổng', en: 'turn://user:secret@host:port' },
    about: { vi: 'Máy chủ TURN của mình.', en: 'A TURN server of your own.' },
    secret: true,
  }),
  ffmpegPath: setting({
    name: 'FFMPEG_PATH',
    shape: z.string().min(1).max(1000),
    otherwise: 'ffmpeg on the PATH',
    expected: { vi: 'đường dẫn một tệp', en: 'the path of a file' },
    about: { vi: 'Chương trình ffmpeg để phát sóng.', en: 'The ffmpeg that makes the broadcast.' },
  }),
  officePath: setting({
    name: 'OFFICE_PATH',
    shape: z.string().min(1).max(1000),
    otherwise: 'soffice on the PATH',
    expected: { vi: 'đường dẫn một tệp', en: 'the path of a file' },
    about: {
      vi: 'LibreOffice để đọc tệp PPTX; không có thì chỉ nhận PDF.',
      en: 'LibreOffice for PPTX; without it PDF only.',
    },
  }),
  livePort: setting({
    name: 'LIVE_PORT',
    shape: wholeNumber(1, 65_535),
    otherwise: 'PORT + 1 where LIVE_VIEWERS asks for processes',
    expected: portExpected,
    about: { vi: 'Cổng chung của các tiến trình trực tiếp.', en: 'The one port of the live processes.' },
  }),
  liveViewers: setting({
    name: 'LIVE_VIEWERS',
    shape: wholeNumber(0, 1_000_000),
    otherwise: '0: this process serves the live channel itself',
    expected: { vi: 'số người xem cùng lúc', en: 'how many watch at once' },
    about: {
      vi: 'Số người theo dõi trực tiếp cùng lúc; từ đó tính số tiến trình.',
      en: 'How many follow live at once; the number of live processes comes from it.',
    },
  }),
  mediaBaseUrl: setting({
    name: 'MEDIA_BASE_URL',
    shape: isUrl('http:', 'https:').transform((typed) => typed.replace(/\/+$/, '')),
    otherwise: 'this server',
    expected: { vi: 'https://…', en: 'https://…' },
    about: { vi: 'Địa chỉ CDN phát hình đứng trước máy này.', en: 'Address of a CDN in front of the media files.' },
  }),
  stopLimitSeconds: setting({
    name: 'STOP_LIMIT_SECONDS',
    shape: wholeNumber(1, 600),
    otherwise: '20',
    expected: { vi: 'một số nguyên từ 1 đến 600', en: 'a whole number from 1 to 600' },
    about: { vi: 'Khi dừng, đợi việc đang làm tối đa bấy nhiêu giây.', en: 'How long a stop waits for work in hand.' },
  }),
} as const

export type SettingKey = keyof typeof settings
type Judged<Key extends SettingKey> = (typeof settings)[Key] extends Setting<infer T> ? T : never
/** The variables that were set, judged; absent means not set. */
export type Given = { [Key in SettingKey]?: Judged<Key> }
