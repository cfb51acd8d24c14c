// What /proc tells about a process: whether it lives, and whether it is still the one we knew by that number.
import fs from 'node:fs'

/** True while the process runs; a zombie that only waits to be reaped counts as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return stat(pid)?.[0] !== 'Z'
}

/** When the process began, in clock ticks since boot; '' where the system has no /proc. Numbers of processes are reused. */
export const bornAt = (pid: number): string => stat(pid)?.[19] ?? ''

/**
 * Sends the signals one after another, each with the time it is given, until the process is gone. A process that is no child of ours ends
 * like any other. Resolves after the last limit whatever happened.
 */
export async function endProcess(pid: number, steps: readonly (readonly [NodeJS.Signals, number])[]): Promise<void> {
  for (const [signal, limitMs] of steps) {
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (const until = Date.now() + limitMs; Date.now() < until; ) {
      if (!isAlive(pid)) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

/** Seconds of CPU it has used and memory it holds; noughts where the system has no /proc. */
export function usedBy(pid: number): { cpuSeconds: number; bytes: number } {
  const fields = stat(pid) ?? []
  // Linux counts in hundredths of a second and in pages of 4 KiB on every platform we run on.
  return {
    cpuSeconds: (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / 100,
    bytes: Number(fields[21] ?? 0) * 4096,
  }
}

/** The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets. */
function stat(pid: number): string[] | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
