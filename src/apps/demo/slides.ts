// The slides of the demo's talk, written for it: a commune, its cells, and what they set out to do. All figures are invented.
import { type SlideDeck, slideDeckPdf } from '../../platform/server/documents/index.ts'

const deckTitle = 'Nghị quyết và việc làm ở xã'

const demoDeck: SlideDeck = {
  title: deckTitle,
  author: 'Báo cáo viên cấp tỉnh',
  footer: 'Nghị quyết và việc làm ở xã · Hội nghị trực tuyến toàn tỉnh',
  slides: [
    {
      kind: 'title',
      over: 'Đảng bộ tỉnh Sông Cầu · Đảng uỷ xã Đồng Bến',
      title: 'Nghị quyết và việc làm ở xã',
      subtitle: 'Chuyên đề 1: từ chỉ tiêu trên giấy đến việc của từng chi bộ',
      speaker: 'Báo cáo viên cấp tỉnh',
      when: 'Hội nghị trực tuyến toàn xã',
    },
    {
      kind: 'points',
      title: 'Buổi này chúng ta trả lời bốn câu hỏi',
      points: [
        { lead: 'Vì sao', words: 'xã phải chọn việc, không ôm hết chỉ tiêu?' },
        { lead: 'Việc nào', words: 'làm ngay trong quý này, ai đứng tên?' },
        { lead: 'Lấy gì', words: 'để biết việc đã xong, ngoài một bản báo cáo?' },
        { lead: 'Chi bộ', words: 'gặp vướng thì hỏi ai, trong bao nhiêu ngày?' },
      ],
      note: 'Nửa giờ cuối dành trọn cho hỏi – đáp. Điểm cầu nào muốn hỏi thì giơ tay trên bảng điểm cầu.',
    },
    {
      kind: 'figures',
      title: 'Đồng Bến hôm nay',
      figures: [
        { value: '14', words: 'chi bộ, trong đó 11 chi bộ thôn' },
        { value: '486', words: 'đảng viên, 63 đồng chí được miễn sinh hoạt' },
        { value: '2.940', words: 'hộ dân, 412 hộ buôn bán và làm nghề' },
      ],
      note: 'Số liệu của Đảng uỷ xã, chốt đầu quý. Mỗi con số đều ghi rõ lấy ở đâu.',
    },
    { kind: 'section', nth: 'I', title: 'Chọn việc: ít mà làm đến nơi' },
    {
      kind: 'bars',
      title: 'Bà con phản ánh nhiều nhất về năm việc',
      bars: [
        { name: 'Thủ tục đất đai', value: 128, words: '128 ý kiến', marked: true },
        { name: 'Đường nội đồng', value: 97, words: '97 ý kiến', marked: true },
        { name: 'Nước sạch', value: 64, words: '64 ý kiến' },
        { name: 'Rác thải', value: 51, words: '51 ý kiến' },
        { name: 'Việc làm cho thanh niên', value: 38, words: '38 ý kiến' },
      ],
      note: '378 ý kiến ghi tại 11 cuộc họp thôn; một người có thể nêu nhiều việc.',
    },
    {
      kind: 'table',
      title: 'Ba việc nhận làm trong quý',
      widths: [3, 1.9, 0.9, 1.9],
      head: ['Việc', 'Ai đứng tên', 'Hạn', 'Xong khi'],
      rows: [
        ['Trả kết quả đất đai đúng hẹn', 'Chi bộ cơ quan xã', '30/6', '95 trên 100 hồ sơ'],
        ['Cứng hoá 4,2 km đường nội đồng', 'Chi bộ thôn 2, 5, 7', '15/8', 'Xe tải nhỏ vào được'],
        ['Nối nước sạch cho thôn 9, 10', 'Chi bộ thôn 9', '30/9', '180 hộ có đồng hồ'],
      ],
      note: 'Việc nào chưa có người đứng tên thì chưa đưa vào nghị quyết của chi bộ.',
    },
    {
      kind: 'quote',
      words: 'Nghị quyết hay là nghị quyết mà người làm đọc xong biết sáng mai mình ra đồng làm gì.',
      source: 'Ghi tại buổi sinh hoạt Chi bộ thôn 5',
    },
    { kind: 'section', nth: 'II', title: 'Làm: mỗi chi bộ một trang giấy' },
    {
      kind: 'steps',
      title: 'Từ hội nghị này đến chi bộ',
      steps: [
        { when: 'Trong 3 ngày', what: 'Chi uỷ họp, chọn việc, ghi tên người làm và ngày xong.' },
        { when: 'Trong 10 ngày', what: 'Chi bộ bàn, biểu quyết; đảng viên vắng mặt được học bù.' },
        { when: 'Hằng tháng', what: 'Bí thư đọc lại trang giấy ấy trước chi bộ: xong, chậm, vì sao.' },
        { when: 'Cuối quý', what: 'Đảng uỷ xuống tận nơi xem, không chờ báo cáo.' },
      ],
    },
    {
      kind: 'points',
      title: 'Ba điều dễ làm sai',
      points: [
        { lead: 'Chép lại nghị quyết cấp trên.', words: 'Trang giấy của chi bộ chỉ ghi việc của chi bộ.' },
        { lead: 'Giao cho «tập thể».', words: 'Một việc một người đứng tên; người khác giúp.' },
        { lead: 'Lấy phần trăm làm kết quả.', words: 'Nói rõ bao nhiêu trên bao nhiêu, của cái gì.' },
      ],
      note: 'Giữ gìn bí mật nhà nước: văn bản có đóng dấu độ mật thì không chụp, không đưa lên bất cứ mạng nào.',
    },
    {
      kind: 'points',
      title: 'Vướng thì hỏi',
      points: [
        { lead: 'Chỉ tiêu, tiến độ:', words: 'Văn phòng Đảng uỷ xã, trả lời trong 2 ngày làm việc.' },
        { lead: 'Đất đai, xây dựng:', words: 'bộ phận một cửa, có giấy hẹn.' },
        {
          lead: 'Nội dung nghị quyết:',
          words: 'gửi câu hỏi ngay trong buổi này, sau buổi vẫn được trả lời bằng văn bản.',
        },
      ],
    },
    {
      kind: 'title',
      over: 'Hỏi – đáp',
      title: 'Mời các điểm cầu nêu câu hỏi',
      subtitle: 'Điểm cầu giơ tay trên bảng điểm cầu; đồng chí dự trên điện thoại bấm «Xin phát biểu»',
      speaker: 'Ba mươi phút cuối buổi',
      when: 'Trân trọng cảm ơn các đồng chí',
    },
  ],
}

/** The talk as a PDF of twelve pages, 16:9. */
export const makeDeck = (madeAt?: Date): Promise<Uint8Array> => slideDeckPdf(demoDeck, madeAt)
