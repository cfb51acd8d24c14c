declare module '../../../platform/server/db.ts' {
  interface Tables {
    report_file: {
      id: string
      freeze_id: string
      unit_id: string
      form: string
      format: string
      file_id: string
      sha256: string
      made_at: Date
      made_by: string
    }
    declared_total: {
      id: string
      campaign_id: string
      unit_id: string
      what: string
      count: number
      count_kind: string
      source: string
      declared_by: string
      declared_at: Date
    }
  }
}

export {}
