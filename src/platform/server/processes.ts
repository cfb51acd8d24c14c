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

/** The fields of /proc/PID/stat after the name, which may itself hold spaces and brackets. */
function stat(pid: number): string[] | undefined {
  try {
    const text = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
