import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { kindOfPages, type Run, sniff, stampWordOn, unfoldsTooFar } from './rules.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

describe('a file is what its bytes say', () => {
  test('the seven kinds are known by their beginning', () => {
    const kinds = [
      bytes('%PDF-1.7\n'),
      bytes('\xef\xbb\xbf%PDF-1.4'),
      bytes('\x89PNG\r\n\x1a\n\0\0'),
      bytes('\xff\xd8\xff\xe0'),
      bytes('RIFF\0\0\0\0WEBPVP8 '),
      bytes('\0\0\0\x18ftypmp42'),
      bytes('\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x86\x81\x01B\x82\x84webm'),
    ].map((head) => {
      const found = sniff(head)
      return found === 'zip' || !found ? found : found.ending
    })
    assert.deepEqual(kinds, ['pdf', 'pdf', 'png', 'jpg', 'webp', 'mp4', 'webm'])
    assert.equal(sniff(bytes('PK\x03\x04\x14\0')), 'zip')
  })
  test('a page of the web, a program, a picture of another sort are nothing we take', () => {
    for (const other of [
      '<!doctype html><script>',
      '<html>%PDF-1.4',
      'MZ\x90',
      '\x7fELF',
      'GIF89a',
      '<svg xmlns=',
      '',
      'II*\0',
      '\0\0\0\x18ftypheic',
      '\x1a\x45\xdf\xa3\x01matroska',
    ])
      assert.equal(sniff(bytes(other)), undefined, other)
  })
  test('no bytes are too strange to be looked at', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (head) => void sniff(head)))
  })
  test('a deck of pictures unfolds little, a trap without end', () => {
    assert.equal(unfoldsTooFar(180_000_000, 900, 210_000_000), false)
    assert.equal(unfoldsTooFar(40_000, 60, 6_000_000), false)
    assert.equal(unfoldsTooFar(42_000, 16, 4_500_000_000), true)
    assert.equal(unfoldsTooFar(500_000, 3, 400_000_000), true)
    assert.equal(unfoldsTooFar(5_000_000, 60_000, 6_000_000), true)
  })
  test('a page across is a slide', () => {
    assert.equal(kindOfPages(1280, 720), 'slides')
    assert.equal(kindOfPages(595, 842), 'document')
  })
})

/** Lines of a page from the top, each a run or several. */
const page = (...lines: (string | Partial<Run> | (string | Partial<Run>)[])[]): Run[] =>
  lines.flatMap((line, nth) => {
    let x = 80
    return (Array.isArray(line) ? line : [line]).map((part) => {
      const run: Run = {
        text: typeof part === 'string' ? part : (part.text ?? ''),
        x,
        y: 780 - nth * 22,
        width: 0,
        size: 14,
        ...(typeof part === 'string' ? {} : part),
      }
      run.width ||= run.text.length * run.size * 0.5
      x = run.x + run.width
      return run
    })
  })

describe('a stamp word on page one', () => {
  test('stands alone on its line, framed or not', () => {
    assert.equal(stampWordOn(page('TỈNH UỶ BẮC GIANG', 'MẬT', 'BÁO CÁO')), 'MẬT')
    assert.equal(stampWordOn(page('TỐI MẬT')), 'TỐI MẬT')
    assert.equal(stampWordOn(page('*', '[ TUYỆT MẬT ]')), 'TUYỆT MẬT')
    assert.equal(stampWordOn(page('“MẬT”')), 'MẬT')
    assert.equal(stampWordOn(page('TÀI LIỆU TUYỆT MẬT')), 'TUYỆT MẬT')
  })
  test('stands at the edge of a line whose words are elsewhere', () => {
    assert.equal(
      stampWordOn(
        page([
          { text: 'MẬT', x: 60, width: 30 },
          { text: 'ĐẢNG CỘNG SẢN VIỆT NAM', x: 330 },
        ]),
      ),
      'MẬT',
    )
    assert.equal(
      stampWordOn(
        page([
          { text: 'Số 12-BC/TU', x: 60, width: 90 },
          { text: 'TỐI MẬT', x: 420, width: 60 },
        ]),
      ),
      'TỐI MẬT',
    )
  })
  test('is found when letters are set apart, decomposed, in parts, or from before Unicode', () => {
    assert.equal(stampWordOn(page('T Ố I M Ậ T')), 'TỐI MẬT')
    assert.equal(stampWordOn(page('MẬT'.normalize('NFD'))), 'MẬT')
    assert.equal(stampWordOn(page(['TUYỆT', ' ', 'MẬT'])), 'TUYỆT MẬT')
    assert.equal(stampWordOn(page(['M', 'Ậ', 'T'])), 'MẬT')
    assert.equal(stampWordOn(page('MËT')), 'MẬT')
    assert.equal(stampWordOn(page('TOÁI MAÄT')), 'TỐI MẬT')
  })
  test('is found across the page as a watermark, and broken over two lines of a narrow frame', () => {
    assert.equal(stampWordOn([{ text: 'MẬT', x: 200, y: 300, width: 200, size: 90, angle: 45 }]), 'MẬT')
    assert.equal(stampWordOn(page('TỐI', 'MẬT')), 'TỐI MẬT')
  })
  test('is the answer to «Độ mật»', () => {
    assert.equal(stampWordOn(page('Độ mật: Tối mật')), 'TỐI MẬT')
    assert.equal(stampWordOn(page('ĐỘ MẬT: MẬT')), 'MẬT')
    assert.equal(stampWordOn(page(['Độ mật', ' – ', 'tuyệt mật'])), 'TUYỆT MẬT')
    assert.equal(stampWordOn(page('Độ mật: Không')), undefined)
  })
  test('is not the word inside a sentence or a heading', () => {
    for (const line of [
      'Giữ gìn bí mật nhà nước là trách nhiệm của mỗi đảng viên',
      'LUẬT BẢO VỆ BÍ MẬT NHÀ NƯỚC',
      'Bảo mật thông tin',
      'BẢO MẬT',
      'MẬT ONG RỪNG',
      'Danh mục bí mật nhà nước độ Tuyệt mật, Tối mật của Đảng',
      'mật',
      'mật.',
      'Mật',
      'TUYỆT MẬT CỦA ĐẢNG',
    ])
      assert.equal(stampWordOn(page(line)), undefined, line)
  })
  test('is not the end of a heading that was broken after «BÍ»', () => {
    assert.equal(stampWordOn(page('TĂNG CƯỜNG CÔNG TÁC BẢO VỆ BÍ', { text: 'MẬT', x: 180 })), undefined)
    assert.equal(stampWordOn(page('DANH MỤC BÍ MẬT NHÀ NƯỚC ĐỘ TỐI MẬT VÀ', { text: 'TUYỆT MẬT', x: 200 })), undefined)
    assert.equal(
      stampWordOn(
        page([
          { text: 'BẢO VỆ BÍ', x: 80, width: 90 },
          { text: 'MẬT', x: 230, width: 30 },
        ]),
      ),
      undefined,
    )
  })
  test('a small heading above that ends in «BÍ» far away does not excuse it', () => {
    assert.equal(
      stampWordOn([
        { text: 'LUẬT BẢO VỆ BÍ', x: 80, y: 780, width: 140, size: 14 },
        { text: 'MẬT', x: 80, y: 300, width: 30, size: 14 },
      ]),
      'MẬT',
    )
  })
  test('the order in which the runs come does not count', () => {
    const runs = page('TỈNH UỶ', 'Bảo vệ bí mật', ['TỐI', ' ', 'MẬT'], 'BÁO CÁO')
    fc.assert(
      fc.property(fc.shuffledSubarray(runs, { minLength: runs.length, maxLength: runs.length }), (shuffled) => {
        assert.equal(stampWordOn(shuffled), 'TỐI MẬT')
      }),
    )
  })
})
