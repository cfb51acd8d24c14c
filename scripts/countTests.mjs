// biome-ignore-all lint/style/noDefaultExport: the runner asks a reporter for its default export
// A reporter that says only how many: one line of JSON for whoever adds the runners up.
export default async function* countTests(events) {
  let counts = { passed: 0, failed: 0, skipped: 0 }
  for await (const { type, data } of events) {
    // The summary without a file is the one of the whole run.
    if (type !== 'test:summary' || data.file !== undefined) continue
    counts = {
      passed: data.counts.passed,
      failed: data.counts.tests - data.counts.passed - data.counts.skipped - data.counts.todo,
      skipped: data.counts.skipped,
    }
  }
  yield JSON.stringify(counts)
}
