import { useEffect, useMemo } from 'react'
import { keep, kept } from './clock.ts'

/** The newest value, else the one kept on this device from last time: a page opened without a line still shows what it knew. */
export function useKept<Value>(key: string, value: Value | undefined): { value: Value | undefined; old: boolean } {
  const fullKey = `diem-cau.kept.${key}`
  const before = useMemo(() => {
    try {
      return JSON.parse(kept(fullKey) ?? 'null') as Value | null
    } catch {
      return null
    }
  }, [fullKey])
  useEffect(() => {
    if (value !== undefined) keep(fullKey, JSON.stringify(value))
  }, [fullKey, value])
  return { value: value ?? before ?? undefined, old: value === undefined && before !== null }
}
