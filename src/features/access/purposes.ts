// The purpose register: why each column about a person is kept, on what ground, how long, and who sees it.
// A test walks the schema: a column about persons without a purpose here fails, as does one that must never be.

type Words = { vi: string; en: string }
export type Purpose = {
  table: string
  columns: readonly string[]
  purpose: Words
  ground: Words
  retention: Words
  audience: Words
}

const duty: Words = {
  vi: 'Nhiệm vụ quản lý, học tập của tổ chức nơi người đó sinh hoạt (thông báo, không xin đồng ý)',
  en: 'The duty of the organisation the person belongs to (by notice, not by consent)',
}
const security: Words = {
  vi: 'Bảo vệ dữ liệu và truy vết việc xem, sửa theo luật bảo vệ dữ liệu cá nhân',
  en: 'Protecting data and tracing looks and changes, as the law on personal data asks',
}
const optional: Words = { vi: 'Người đó tự đưa, có thể không đưa', en: 'Given by the person, who may leave it out' }

const whileMember: Words = {
  vi: 'Đến khi thôi sinh hoạt và các đợt đã chốt; xoá theo yêu cầu thì còn dòng không tên',
  en: 'Until membership ends and campaigns are frozen; after erasure a line without a name stays',
}
const year: Words = {
  vi: '12 tháng sau khi đợt kết thúc, rồi chỉ còn kết quả',
  en: '12 months after the campaign, then only the result',
}
const campaignEnd: Words = { vi: 'Đến khi đợt kết thúc', en: 'Until the campaign ends' }
const twoYears: Words = { vi: '24 tháng', en: '24 months' }
const employment: Words = { vi: 'Đến khi thôi nhiệm vụ, cộng 24 tháng', en: 'While in office, and 24 months' }
const hours: Words = { vi: 'Vài giờ đến vài ngày', en: 'Hours to days' }

const grassroots: Words = {
  vi: 'Bí thư chi bộ, cán bộ đơn vị cơ sở, người có nhiệm vụ có thời hạn, chính người đó',
  en: 'Cell secretary, officer of the grassroots unit, a holder of a dated task, the person herself',
}
const hall: Words = {
  vi: 'Như trên, và người phụ trách hội trường từ T−10 đến T+7 ngày',
  en: 'The same, and the hall’s manager from T−10 to T+7 days',
}
const administrators: Words = {
  vi: 'Người quản trị; người giao quyền ở đơn vị mình',
  en: 'Administrators; whoever gives rights in her own unit',
}
const herself: Words = { vi: 'Chính người đó', en: 'The person herself' }
const nobody: Words = {
  vi: 'Không ai xem; chỉ máy dùng để kiểm tra',
  en: 'Nobody; used by the machine to check',
}

export const purposes: readonly Purpose[] = [
  {
    table: 'person',
    columns: ['id', 'register_id', 'full_name', 'name_folded', 'sort_name', 'position', 'recorded_at', 'erased_at'],
    purpose: { vi: 'Lập danh sách, triệu tập, điểm danh', en: 'Rolls, summons, attendance' },
    ground: duty,
    retention: whileMember,
    audience: hall,
  },
  {
    table: 'person',
    columns: ['code'],
    purpose: {
      vi: 'Số do đơn vị đặt, để nhận ra cùng một người giữa các tệp; không phải số căn cước hay số thẻ',
      en: 'The office’s own number, to know the same person across files; not an identity or card number',
    },
    ground: duty,
    retention: whileMember,
    audience: grassroots,
  },
  {
    table: 'person',
    columns: ['birth_year'],
    purpose: { vi: 'Phân biệt người trùng tên', en: 'Telling namesakes apart' },
    ground: duty,
    retention: whileMember,
    audience: grassroots,
  },
  {
    table: 'person',
    columns: ['phone', 'email'],
    purpose: { vi: 'Gửi giấy triệu tập, nhắc lịch', en: 'Sending summons and reminders' },
    ground: optional,
    retention: whileMember,
    audience: grassroots,
  },
  {
    table: 'membership',
    columns: ['id', 'person_id', 'unit_id', 'kind', 'valid_from', 'valid_to'],
    purpose: { vi: 'Biết sinh hoạt ở chi bộ nào, từ bao giờ', en: 'Which cell, since when' },
    ground: duty,
    retention: whileMember,
    audience: grassroots,
  },
  {
    table: 'exemption',
    columns: ['id', 'person_id', 'valid_from', 'valid_to'],
    purpose: {
      vi: 'Không tính vào diện phải học khi được miễn sinh hoạt; không lưu lý do',
      en: 'Leaving exempt members out of the base; the reason is not kept',
    },
    ground: duty,
    retention: whileMember,
    audience: grassroots,
  },
  {
    table: 'roll',
    columns: [
      'id',
      'campaign_id',
      'person_id',
      'unit_id',
      'unit_version_id',
      'standing',
      'from_at',
      'to_at',
      'why',
      'end_why',
    ],
    purpose: { vi: 'Danh sách thuộc diện học của một đợt', en: 'Who is in a campaign’s scope' },
    ground: duty,
    retention: year,
    audience: grassroots,
  },
  {
    table: 'summons',
    columns: [
      'id',
      'conference_id',
      'person_id',
      'site_id',
      'session_ids',
      'origin',
      'door_code',
      'made_at',
      'made_by',
      'withdrawn_at',
      'withdrawn_why',
      'replaces_id',
      'undeliverable_at',
    ],
    purpose: { vi: 'Mời ai, buổi nào, ở hội trường nào', en: 'Who is asked, to which session, in which hall' },
    ground: duty,
    retention: year,
    audience: hall,
  },
  {
    table: 'summons',
    columns: ['excuse', 'excused_at'],
    purpose: {
      vi: 'Vắng có lý do: chỉ một trong năm loại, không ghi chi tiết sức khoẻ hay gia đình',
      en: 'Excused absence: one of five words, no detail of health or family',
    },
    ground: duty,
    retention: year,
    audience: hall,
  },
  {
    table: 'seating_place',
    columns: ['conference_id', 'person_id', 'site_id'],
    purpose: { vi: 'Phương án xếp chỗ trước khi triệu tập', en: 'Proposed seats before the summons' },
    ground: duty,
    retention: campaignEnd,
    audience: grassroots,
  },
  {
    table: 'seating_move',
    columns: [
      'id',
      'conference_id',
      'unit_id',
      'from_site_id',
      'to_site_id',
      'person_ids',
      'made_at',
      'made_by',
      'undone_at',
    ],
    purpose: { vi: 'Chuyển chỗ theo đơn vị và có thể hoàn lại', en: 'Moving seats by unit, undoably' },
    ground: duty,
    retention: campaignEnd,
    audience: nobody,
  },
  {
    table: 'arrival',
    columns: [
      'arrival_id',
      'conference_id',
      'checkpoint_id',
      'site_id',
      'person_id',
      'evidence',
      'by_actor',
      'claimed_at',
      'corrected_at',
      'received_at',
      'skew_ms',
      'device_id',
      'accepted_at',
      'accepted_by',
      'withdrawn_at',
      'withdrawn_by',
    ],
    purpose: { vi: 'Điểm danh và cách đã điểm danh', en: 'Attendance and how it was taken' },
    ground: duty,
    retention: year,
    audience: hall,
  },
  {
    table: 'own_tick_failure',
    columns: ['checkpoint_id', 'person_id', 'tries', 'last_at'],
    purpose: { vi: 'Chặn việc đoán mã điểm danh', en: 'Stopping guesses of the spoken code' },
    ground: security,
    retention: campaignEnd,
    audience: nobody,
  },
  {
    table: 'makeup_offer',
    columns: ['id', 'campaign_id', 'person_id', 'offered_at', 'undeliverable_at', 'answered'],
    purpose: { vi: 'Mời học bù', en: 'Offering a make-up session' },
    ground: duty,
    retention: year,
    audience: grassroots,
  },
  {
    table: 'freeze_person',
    columns: ['freeze_id', 'person_id', 'unit_id', 'state', 'reason', 'ordinal'],
    purpose: {
      vi: 'Giữ mã (không giữ tên) đứng sau mỗi con số đã chốt',
      en: 'The ids, not the names, behind each frozen number',
    },
    ground: duty,
    retention: {
      vi: 'Theo báo cáo; sau khi xoá chỉ còn «đã xoá theo yêu cầu»',
      en: 'As the report; after erasure “erased on request”',
    },
    audience: grassroots,
  },
  {
    table: 'site',
    columns: ['contact_name', 'contact_phone'],
    purpose: { vi: 'Liên hệ người phụ trách hội trường', en: 'Reaching whoever keeps the hall' },
    ground: duty,
    retention: { vi: 'Khi còn là đầu mối', en: 'While she is the contact' },
    audience: { vi: 'Cán bộ tổ chức hội nghị', en: 'Organisers of the conference' },
  },
  {
    table: 'import_run',
    columns: ['by_user_id'],
    purpose: { vi: 'Biết ai đã nhập tệp', en: 'Who imported a file' },
    ground: security,
    retention: twoYears,
    audience: administrators,
  },
  // Access itself
  {
    table: 'notice_seen',
    columns: ['person_id', 'version', 'at', 'way'],
    purpose: { vi: 'Chứng minh đã thông báo về dữ liệu', en: 'Proof that the notice was given' },
    ground: security,
    retention: whileMember,
    audience: herself,
  },
  {
    table: 'entry_link',
    columns: [
      'id',
      'person_id',
      'campaign_id',
      'token_hash',
      'made_at',
      'made_by',
      'expires_at',
      'first_used_at',
      'revoked_at',
    ],
    purpose: { vi: 'Cho một người vào một đợt bằng đường dẫn riêng', en: 'Letting one person into one campaign' },
    ground: duty,
    retention: campaignEnd,
    audience: herself,
  },
  {
    table: 'member_pin',
    columns: ['person_id', 'pin_hash', 'set_at'],
    purpose: { vi: 'Xác nhận đúng người trên thiết bị mới', en: 'Knowing the person again on a new device' },
    ground: security,
    retention: campaignEnd,
    audience: nobody,
  },
  {
    table: 'sign_in',
    columns: [
      'id',
      'kind',
      'user_id',
      'person_id',
      'campaign_id',
      'entry_link_id',
      'assurance',
      'two_factor',
      'at',
      'seen_at',
      'expires_at',
      'revoked_at',
      'confirm_code_hash',
      'confirm_code_until',
    ],
    purpose: { vi: 'Giữ phiên đăng nhập, đăng xuất mọi nơi', en: 'Keeping sign-ins and ending them everywhere' },
    ground: security,
    retention: twoYears,
    audience: herself,
  },
  {
    table: 'look',
    columns: [
      'id',
      'seq',
      'at',
      'actor',
      'user_id',
      'actor_person_id',
      'list',
      'about',
      'person_ids',
      'how_many',
      'reason',
    ],
    purpose: { vi: 'Cho mỗi người biết ai đã xem dữ liệu của mình', en: 'Telling each person who looked at her data' },
    ground: security,
    retention: twoYears,
    audience: { vi: 'Chính người đó; người quản trị (không kèm tên)', en: 'The person; administrators, without names' },
  },
  {
    table: 'change_line',
    columns: ['id', 'seq', 'at', 'actor', 'user_id', 'operation', 'about'],
    purpose: { vi: 'Truy vết mọi thay đổi, chỉ bằng mã', en: 'Tracing every change, by ids only' },
    ground: security,
    retention: twoYears,
    audience: administrators,
  },
  {
    table: 'staff_user',
    columns: [
      'id',
      'name',
      'email',
      'email_verified',
      'image',
      'user_name',
      'shown_user_name',
      'person_id',
      'disabled_at',
      'created_at',
      'updated_at',
      'two_factor_enabled',
    ],
    purpose: {
      vi: 'Tài khoản của cán bộ; ô thư điện tử chỉ chứa địa chỉ giả và ô ảnh luôn trống, do phần đăng nhập đòi có',
      en: 'Accounts of the staff; the e-mail is a placeholder and the picture stays empty, the sign-in part insists on both',
    },
    ground: duty,
    retention: employment,
    audience: administrators,
  },
  {
    table: 'staff_account',
    columns: [
      'id',
      'user_id',
      'account_id',
      'provider_id',
      'password',
      'access_token',
      'refresh_token',
      'id_token',
      'access_token_expires_at',
      'refresh_token_expires_at',
      'scope',
      'created_at',
      'updated_at',
    ],
    purpose: { vi: 'Dấu băm mật khẩu', en: 'The hash of the password' },
    ground: security,
    retention: employment,
    audience: nobody,
  },
  {
    table: 'staff_session',
    columns: ['id', 'user_id', 'token', 'expires_at', 'ip_address', 'user_agent', 'created_at', 'updated_at'],
    purpose: {
      vi: 'Bước đăng nhập bằng mật khẩu; địa chỉ máy không được ghi',
      en: 'The password step of signing in; the address is not recorded',
    },
    ground: security,
    retention: hours,
    audience: nobody,
  },
  {
    table: 'staff_two_factor',
    columns: ['id', 'user_id', 'secret', 'backup_codes', 'verified', 'failed_verification_count', 'locked_until'],
    purpose: { vi: 'Mã xác thực thứ hai', en: 'The second factor' },
    ground: security,
    retention: employment,
    audience: nobody,
  },
  {
    table: 'staff_verification',
    columns: ['id', 'identifier', 'value', 'expires_at', 'created_at', 'updated_at'],
    purpose: { vi: 'Bước giữa mật khẩu và mã thứ hai', en: 'Between the password and the second factor' },
    ground: security,
    retention: hours,
    audience: nobody,
  },
  {
    table: 'once_link',
    columns: ['id', 'purpose', 'token_hash', 'user_id', 'made_at', 'made_by', 'expires_at', 'used_at'],
    purpose: { vi: 'Đặt mật khẩu lần đầu hoặc đặt lại', en: 'Choosing a password, first or anew' },
    ground: security,
    retention: twoYears,
    audience: nobody,
  },
  {
    table: 'role_grant',
    columns: [
      'id',
      'user_id',
      'role',
      'kind',
      'scope_id',
      'valid_from',
      'valid_to',
      'reason',
      'made_at',
      'made_by',
      'revoked_at',
      'revoked_by',
    ],
    purpose: { vi: 'Ai được làm gì, ở đâu, đến bao giờ', en: 'Who may do what, where, until when' },
    ground: duty,
    retention: employment,
    audience: administrators,
  },
  {
    table: 'name_task',
    columns: [
      'id',
      'user_id',
      'unit_id',
      'reason',
      'valid_from',
      'valid_to',
      'made_at',
      'made_by',
      'revoked_at',
      'revoked_by',
    ],
    purpose: { vi: 'Nhiệm vụ có thời hạn được xem tên, có lý do', en: 'A dated task to see names, with its reason' },
    ground: security,
    retention: twoYears,
    audience: administrators,
  },
  {
    table: 'demo_person',
    columns: ['key', 'title', 'user_id', 'person_id', 'campaign_id', 'path', 'position'],
    purpose: { vi: 'Nhân vật dựng sẵn của bản trình diễn; không phải người thật', en: 'Made-up people of a demo' },
    ground: { vi: 'Không phải dữ liệu cá nhân', en: 'Not personal data' },
    retention: { vi: 'Theo bản trình diễn', en: 'With the demo' },
    audience: { vi: 'Mọi người xem bản trình diễn', en: 'Whoever looks at the demo' },
  },
]

/** A table holds persons when one of its columns says so, or when it keeps the staff's sign-ins. */
export const holdsPersons = (table: string, columns: readonly string[]): boolean =>
  /^(staff_|person$|change_line$)/.test(table) ||
  columns.some((column) =>
    /(^|_)(person_ids?|user_id|full_name|phone|email|birth\w*|contact_name|contact_phone)$/.test(column),
  )
/** In a table that is about something else, only these columns need a purpose. */
export const aboutSomethingElse: Record<string, readonly string[]> = {
  site: ['contact_name', 'contact_phone'],
  import_run: ['by_user_id'],
}
/** What is never kept about anybody, whatever it is called. */
export const neverKept =
  /(^|_)(sex|gender|gioi_tinh|ethnic\w*|dan_toc|relig\w*|faith|ton_giao|face|faces|facial|biometr\w*|fingerprint|photo|portrait|avatar|cccd|cmnd|can_cuoc|passport|identity_number|card_number|so_the|latitude|longitude|geo\w*|gps|emotion\w*|attention\w*|sentiment|loyal\w*|enthusias\w*|attitude|watch(ed)?_(seconds|minutes|ms|time)|score|ranking|health|illness|diagnosis)(_|$)/
