// Runs in a worker thread: a long table takes tenths of a second of pure CPU in any format, which the web server
// must not spend on its own loop. What a format needs is loaded when the first such paper is asked for.
import { parentPort } from 'node:worker_threads'
import type { Paper } from './paper.ts'
import type { Template } from './typst.ts'

export type Task =
  | { kind: 'docx' | 'xlsx' | 'pdf'; papers: readonly Paper[]; madeAtSeconds: number }
  | ({ kind: 'template' } & Template)
export type Answer = { id: number; file: Uint8Array } | { id: number; fault: { name: string; message: string } }

async function make(task: Task): Promise<Uint8Array> {
  switch (task.kind) {
    case 'docx':
      return (await import('./docx.ts')).docxOf(task.papers)
    case 'xlsx':
      return (await import('./xlsx.ts')).xlsxOf(task.papers)
    case 'pdf': {
      const [{ typeset }, { layOut, typstData }] = await Promise.all([import('./typst.ts'), import('./layout.ts')])
      const data = JSON.stringify(task.papers.map((paper) => typstData(layOut(paper))))
      return typeset({ template: 'paper.typ', data, tagged: true, madeAtSeconds: task.madeAtSeconds })
    }
    case 'template':
      return (await import('./typst.ts')).typeset(task)
  }
}

parentPort?.on('message', async ({ id, task }: { id: number; task: Task }) => {
  try {
    const file = await make(task)
    const own = file.byteOffset === 0 && file.byteLength === file.buffer.byteLength ? file : file.slice()
    parentPort!.postMessage({ id, file: own } satisfies Answer, [own.buffer as ArrayBuffer])
  } catch (fault) {
    const { name, message } = fault instanceof Error ? fault : new Error(String(fault))
    parentPort!.postMessage({ id, fault: { name, message } } satisfies Answer)
  }
})
