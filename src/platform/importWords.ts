// Every sentence an import may say, in both languages, for the screen and for the command line alike.
// `{name}` is filled from the problem's own parameters; `{value}` and `{column}` from its cell.

type Sentence = { vi: string; en: string }

/** The file as a whole. */
const ofTheFile = {
  notATable: {
    vi: 'Đây không phải bảng tính. Hãy lưu lại thành tệp Excel (.xlsx) hoặc CSV rồi tải lên.',
    en: 'This is not a table. Save it as an Excel workbook (.xlsx) or as CSV and bring it again.',
  },
  oldXls: {
    vi: 'Đây là tệp Excel đời cũ (.xls). Hãy mở ra, chọn Lưu thành, kiểu Excel Workbook (.xlsx).',
    en: 'This is an old Excel file (.xls). Open it and save it as an Excel workbook (.xlsx).',
  },
  encrypted: {
    vi: 'Tệp có đặt mật khẩu nên không đọc được. Hãy bỏ mật khẩu rồi tải lại.',
    en: 'The file is protected by a password and cannot be read. Take the password off and bring it again.',
  },
  macroFile: {
    vi: 'Tệp có chứa macro nên không được nhận. Hãy lưu lại thành .xlsx không có macro.',
    en: 'The file holds macros and is not taken. Save it as .xlsx without macros.',
  },
  zipBomb: {
    vi: 'Tệp bung ra lớn bất thường nên đã dừng đọc. Chưa có gì được ghi.',
    en: 'The file swells out of all proportion when unpacked, so reading was stopped. Nothing was written.',
  },
  tooBig: {
    vi: 'Tệp quá lớn: giới hạn là {limitMb} MB. Hãy tách thành nhiều tệp.',
    en: 'The file is too big: the limit is {limitMb} MB. Split it into several.',
  },
  tooManyRows: {
    vi: 'Tệp có quá {limit} dòng. Hãy tách thành nhiều tệp.',
    en: 'The file has more than {limit} rows. Split it into several.',
  },
  tooManyColumns: {
    vi: 'Dòng {line} có quá {limit} cột. Hãy xoá các cột thừa.',
    en: 'Line {line} has more than {limit} columns. Delete the columns that are not needed.',
  },
  lineTooLong: {
    vi: 'Có một dòng dài quá mức nên đã dừng đọc. Có thể đây không phải tệp CSV.',
    en: 'One line is too long, so reading was stopped. This may not be a CSV file.',
  },
  quoteNotClosed: {
    vi: 'Dòng {line} mở dấu ngoặc kép mà không đóng.',
    en: 'Line {line} opens a quotation mark and never closes it.',
  },
  encodingUnknown: {
    vi: 'Không nhận ra bảng mã chữ của tệp. Hãy chọn bảng mã, hoặc lưu lại thành CSV UTF-8.',
    en: 'The encoding of the letters is not known. Choose it, or save the file as CSV UTF-8.',
  },
  emptyFile: { vi: 'Tệp không có dòng nào.', en: 'The file has no rows.' },
  noHeader: {
    vi: 'Không thấy dòng tiêu đề. Cần các cột: {expected}.',
    en: 'There is no header row. The columns are: {expected}.',
  },
  missingColumn: { vi: 'Thiếu cột: {columns}.', en: 'Columns are missing: {columns}.' },
  duplicateColumn: {
    vi: 'Cột «{column}» xuất hiện nhiều lần ({places}). Hãy giữ lại một cột.',
    en: 'The column “{column}” appears more than once ({places}). Keep one.',
  },
} satisfies Record<string, Sentence>

/** One cell, whatever the import. */
const ofACell = {
  emptyCell: { vi: 'Cột «{column}» đang để trống.', en: 'The column “{column}” is empty.' },
  formulaCell: {
    vi: 'Ô này là công thức nên không được tính. Hãy dán giá trị vào thay.',
    en: 'This cell is a formula and is not calculated. Paste its value instead.',
  },
  errorCell: {
    vi: 'Ô này báo lỗi trong Excel ({value}).',
    en: 'This cell holds an error of the spreadsheet ({value}).',
  },
  cellTooLong: { vi: 'Nội dung ô quá dài.', en: 'The cell is too long.' },
  notADate: {
    vi: '«{value}» không phải ngày. Hãy viết như 20/03/1947.',
    en: '“{value}” is not a date. Write it as 20/03/1947.',
  },
  notANumber: { vi: '«{value}» không phải số nguyên.', en: '“{value}” is not a whole number.' },
  roundedNumber: {
    vi: 'Excel đã làm tròn mã này thành {value}. Hãy đặt cột là kiểu Văn bản rồi nhập lại.',
    en: 'The spreadsheet has rounded this code to {value}. Make the column text and type it again.',
  },
} satisfies Record<string, Sentence>

/** How a run ended or why it was sent back. */
const ofARun = {
  serverStopped: {
    vi: 'Máy chủ dừng giữa chừng, chưa ghi gì. Có thể kiểm tra lại tệp này.',
    en: 'The server stopped midway and nothing was written. The same file can be checked again.',
  },
  fault: {
    vi: 'Có lỗi của chương trình, chưa ghi gì. Hãy báo người quản trị.',
    en: 'The program has a fault and nothing was written. Tell the administrator.',
  },
  databaseAway: {
    vi: 'Mất kết nối cơ sở dữ liệu giữa chừng, chưa ghi gì. Hãy thử lại sau ít phút.',
    en: 'The database was lost midway and nothing was written. Try again in a few minutes.',
  },
  changedMeanwhile: {
    vi: 'Dữ liệu đã thay đổi từ lúc xem trước. Hãy xem lại rồi xác nhận.',
    en: 'The data has changed since the preview. Look again and confirm.',
  },
  anotherImport: {
    vi: 'Đang có tệp khác được nhập vào cùng sổ. Hãy đợi xong rồi xác nhận lại.',
    en: 'Another file is being imported into the same register. Wait for it and confirm again.',
  },
  fileGone: { vi: 'Tệp tải lên không còn. Hãy tải lên lại.', en: 'The uploaded file is gone. Bring it again.' },
  expired: {
    vi: 'Tệp để quá 7 ngày không xác nhận nên đã xoá.',
    en: 'The file waited 7 days without confirmation and was removed.',
  },
} satisfies Record<string, Sentence>

/** Lines that several imports share. */
const ofALine = {
  duplicateCode: {
    vi: 'Mã «{value}» đã có ở dòng {firstLine}.',
    en: 'The code “{value}” already stands on line {firstLine}.',
  },
  unknownUnit: { vi: 'Không có đơn vị mã «{value}».', en: 'There is no unit with the code “{value}”.' },
  unknownPerson: { vi: 'Không có đảng viên mã «{value}».', en: 'There is no person with the code “{value}”.' },
  unknownSite: { vi: 'Không có điểm cầu mã «{value}».', en: 'There is no site with the code “{value}”.' },
  unknownSession: {
    vi: 'Hội nghị không có buổi «{value}».',
    en: 'The conference has no session “{value}”.',
  },
  unknownCheckpoint: {
    vi: 'Hội nghị không có mốc điểm danh «{value}».',
    en: 'The conference has no checkpoint “{value}”.',
  },
  chooseRegister: {
    vi: 'Có nhiều sổ ({registers}). Hãy chọn sổ mà tệp này thuộc về.',
    en: 'There are several registers ({registers}). Choose the one this file belongs to.',
  },
  noRegister: {
    vi: 'Chưa có sổ nào. Hãy nhập tệp đơn vị trước.',
    en: 'There is no register yet. Import a file of units first.',
  },
  outsideYours: {
    vi: '«{value}» nằm ngoài đơn vị được giao cho đồng chí.',
    en: '“{value}” lies outside the unit you were given.',
  },
  unknownRegister: { vi: 'Không có sổ «{value}».', en: 'There is no register “{value}”.' },
  ambiguousCode: {
    vi: 'Mã «{value}» có ở nhiều sổ ({registers}). Hãy chọn sổ.',
    en: 'The code “{value}” stands in several registers ({registers}). Choose one.',
  },
  badMark: {
    vi: '«{value}» không rõ có mặt hay vắng. Hãy ghi x (có mặt) hoặc để trống (vắng).',
    en: '“{value}” says neither present nor absent. Write x for present, nothing for absent.',
  },
  badReason: {
    vi: 'Lý do vắng chỉ ghi một trong: {reasons}.',
    en: 'The reason of absence is one of: {reasons}.',
  },
  sameAgain: { vi: 'Dòng này lặp lại dòng {firstLine}.', en: 'This line repeats line {firstLine}.' },
  contradicts: {
    vi: 'Dòng này nói khác dòng {firstLine} về cùng một người.',
    en: 'This line contradicts line {firstLine} about the same person.',
  },
  identityNumber: {
    vi: 'Cột «{column}» có vẻ chứa số định danh hoặc số thẻ. Hệ thống không nhận các số này; hãy xoá đi.',
    en: 'The column “{column}” seems to hold an identity or card number. These are not taken; delete it.',
  },
  forbiddenColumn: {
    vi: 'Không nhận cột «{column}». Hãy xoá cột này khỏi tệp.',
    en: 'The column “{column}” is not taken. Delete it from the file.',
  },
  setAside: {
    vi: 'Cột «{column}» được để sang bên, không ghi vào hệ thống.',
    en: 'The column “{column}” is set aside and not kept.',
  },
  missingFromFile: {
    vi: '«{value}» có trong sổ nhưng không có trong tệp; giữ nguyên.',
    en: '“{value}” is in the register but not in the file; it stays as it is.',
  },
  largeChange: {
    vi: 'Tệp sẽ đổi tên hoặc cấp trên của {changed} trong {total} đơn vị của sổ, hơn 10%. Hãy xem kỹ và xác nhận là đúng ý.',
    en: 'The file would change the name or parent of {changed} of the {total} units of the register, more than 10%. Look closely and say that this is meant.',
  },
} satisfies Record<string, Sentence>

const ofUnits = {
  unknownParent: {
    vi: 'Không có cấp trên mã «{value}», trong tệp cũng như trong sổ.',
    en: 'There is no parent with the code “{value}”, in the file or in the register.',
  },
  ownAncestor: {
    vi: 'Đơn vị là cấp trên của chính nó: {path}.',
    en: 'The unit is its own ancestor: {path}.',
  },
  unknownLevel: {
    vi: 'Loại «{value}» chưa ứng với cấp nào. Hãy chọn cấp cho loại này.',
    en: 'The type “{value}” has no level yet. Choose one for it.',
  },
  newLevel: {
    vi: 'Loại «{value}» chưa có; sẽ thành cấp mới «{level}» (bậc {rank}).',
    en: 'The type “{value}” is new; it becomes the level “{level}” (rank {rank}).',
  },
  levelNotBelow: {
    vi: 'Cấp «{level}» không ở dưới cấp «{parentLevel}» của cấp trên.',
    en: 'The level “{level}” is not below “{parentLevel}”, the level of its parent.',
  },
  secondRoot: {
    vi: 'Dòng này không có cấp trên. Hãy ghi cấp trên, hoặc chọn đơn vị để gắn tệp vào.',
    en: 'This line has no parent. Give one, or choose the unit the file hangs under.',
  },
} satisfies Record<string, Sentence>

const ofPeople = {
  impossibleBirthYear: { vi: 'Năm sinh {year} không hợp lý.', en: 'The birth year {year} is not plausible.' },
  badPhone: { vi: '«{value}» không phải số điện thoại.', en: '“{value}” is not a telephone number.' },
  badEmail: { vi: '«{value}» không phải địa chỉ thư.', en: '“{value}” is not an e-mail address.' },
  badExemption: {
    vi: '«{value}» không đọc được. Hãy ghi x, hoặc từ ngày–đến ngày như 01/01/2021–31/12/2021.',
    en: '“{value}” cannot be read. Write x, or from–to such as 01/01/2021–31/12/2021.',
  },
  needsCell: {
    vi: 'Đơn vị «{value}» còn đơn vị dưới; thường đảng viên ở chi bộ.',
    en: 'The unit “{value}” has units below it; people are usually in a cell.',
  },
  doubtfulPerson: {
    vi: 'Có thể là đồng chí đã có trong sổ ({candidates}). Hãy ghi mã số để chắc chắn.',
    en: 'This may be someone already in the register ({candidates}). Give the code to be sure.',
  },
  largeMove: {
    vi: 'Tệp sẽ đổi họ tên hoặc đơn vị của {changed} trong {total} đồng chí đã có, hơn 10%. Hãy xem kỹ và xác nhận là đúng ý.',
    en: 'The file would change the name or unit of {changed} of the {total} people already kept, more than 10%. Look closely and say that this is meant.',
  },
  perhapsTheSame: {
    vi: 'Trùng họ tên, năm sinh với đồng chí ở {candidates}; được ghi là người mới.',
    en: 'Same name and birth year as someone in {candidates}; recorded as a new person.',
  },
  twins: {
    vi: 'Trùng họ tên, năm sinh và chi bộ với dòng {firstLine}. Hãy ghi mã số cho hai đồng chí.',
    en: 'Same name, birth year and cell as line {firstLine}. Give each a code.',
  },
  phoneMended: {
    vi: 'Số điện thoại «{value}» được ghi là {phone}.',
    en: 'The telephone number “{value}” is kept as {phone}.',
  },
  movesUnit: {
    vi: 'Chuyển từ «{from}» sang «{to}».',
    en: 'Moves from “{from}” to “{to}”.',
  },
} satisfies Record<string, Sentence>

const ofSites = {
  unknownParentSite: {
    vi: 'Không có điểm cầu cấp trên mã «{value}».',
    en: 'There is no parent site with the code “{value}”.',
  },
  siteOwnAncestor: {
    vi: 'Điểm cầu là cấp trên của chính nó: {path}.',
    en: 'The site is its own ancestor: {path}.',
  },
  badSeats: { vi: 'Sức chứa phải là số từ 1 đến 100.000.', en: 'Seats must be a number from 1 to 100,000.' },
  classifiedConference: {
    vi: 'Hội nghị có nội dung mật: không mở điểm cầu trên mạng.',
    en: 'The conference holds classified content: no site is opened online.',
  },
} satisfies Record<string, Sentence>

const ofSummons = {
  conferenceClosed: {
    vi: 'Hội nghị đã kết thúc nên không nhận thêm triệu tập.',
    en: 'The conference is closed and takes no more summonses.',
  },
  siteFull: {
    vi: 'Điểm cầu «{value}» có {seats} chỗ, tệp xếp {summoned} người.',
    en: 'The site “{value}” has {seats} seats; the file summons {summoned}.',
  },
  notInScope: {
    vi: 'Đồng chí mã «{value}» không thuộc diện của đợt; được tính là khách.',
    en: 'The person “{value}” is not in the campaign’s scope and counts as a guest.',
  },
  alreadySummoned: {
    vi: 'Đồng chí mã «{value}» đã được triệu tập ở điểm cầu «{site}»; tệp sẽ đổi chỗ.',
    en: 'The person “{value}” is summoned to the site “{site}”; the file moves the seat.',
  },
} satisfies Record<string, Sentence>

const ofRolls = {
  atAnotherSite: {
    vi: 'Đồng chí mã «{value}» đã điểm danh ở điểm cầu «{site}» tại mốc này; giữ lần đầu, hỏi lại sau.',
    en: 'The person “{value}” was checked in at the site “{site}” at this checkpoint; the first stands, to be asked about.',
  },
  unsummoned: {
    vi: 'Đồng chí mã «{value}» không có trong triệu tập; được triệu tập tại cửa.',
    en: 'The person “{value}” was not summoned; a summons is made at the door.',
  },
  conferenceNotOpen: {
    vi: 'Hội nghị chưa mở nên chưa nhận điểm danh.',
    en: 'The conference is not open, so no roll is taken yet.',
  },
  presentWithReason: {
    vi: 'Vừa ghi có mặt vừa ghi lý do vắng.',
    en: 'Present and a reason of absence at once.',
  },
} satisfies Record<string, Sentence>

const ofMakeups = {
  makeupElsewhere: {
    vi: 'Buổi học bù «{value}» ở dòng {firstLine} ghi đơn vị hoặc ngày khác.',
    en: 'The make-up session “{value}” has another unit or day on line {firstLine}.',
  },
  makeupBeforeCampaign: {
    vi: 'Ngày học bù {value} trước hội nghị.',
    en: 'The make-up day {value} is before the conference.',
  },
  makeupKnownElsewhere: {
    vi: 'Buổi học bù «{value}» đã có, ở «{unit}»; dòng này ghi đơn vị hoặc ngày khác.',
    en: 'The make-up session “{value}” is known already, at “{unit}”; this line gives another unit or day.',
  },
  notAMakeup: {
    vi: '«{value}» là mã của một hội nghị khác, không phải buổi học bù.',
    en: '“{value}” is the code of another conference, not of a make-up session.',
  },
  scopeNotFixed: {
    vi: 'Đợt chưa chốt diện học nên chưa ghi được học bù.',
    en: 'The scope of the campaign is not fixed yet, so no make-up can be recorded.',
  },
  makeupInFuture: {
    vi: 'Ngày học bù {value} chưa đến.',
    en: 'The make-up day {value} is still to come.',
  },
  alreadyStudied: {
    vi: 'Đồng chí mã «{value}» đã học tại hội nghị; không tính học bù.',
    en: 'The person “{value}” studied at the conference; the make-up does not count.',
  },
} satisfies Record<string, Sentence>

export const importSentences = {
  ...ofTheFile,
  ...ofACell,
  ...ofARun,
  ...ofALine,
  ...ofUnits,
  ...ofPeople,
  ...ofSites,
  ...ofSummons,
  ...ofRolls,
  ...ofMakeups,
} satisfies Record<string, Sentence>
export type ImportWord = keyof typeof importSentences

type SaidOf = {
  word: string
  column?: string | undefined
  value?: string | undefined
  params?: object | undefined
}
/** The sentence of a word, filled in. An unknown word is shown as it is: better than nothing. */
export function sayImport({ word, column, value, params = {} }: SaidOf, language: 'vi' | 'en' = 'vi'): string {
  const sentence: Sentence | undefined = importSentences[word as ImportWord]
  if (!sentence) return word
  const given: Record<string, unknown> = { column, value, ...params }
  if (typeof given.limitBytes === 'number') given.limitMb = Math.round(given.limitBytes / 1_000_000)
  return sentence[language].replace(/\{(\w+)\}/g, (_, name: string) => filled(name, given[name], language))
}
const filled = (name: string, value: unknown, language: 'vi' | 'en'): string => {
  if (Array.isArray(value)) return value.join(', ')
  // Years and lines are names of things, not amounts.
  if (typeof value === 'number' && !/year|line/i.test(name))
    return value.toLocaleString(language === 'vi' ? 'vi-VN' : 'en-GB')
  return value === undefined ? '…' : String(value)
}
