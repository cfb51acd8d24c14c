import { useState } from 'react'

/** A choice of this device (sound of alarms, keys, which picture of the programme): on until it is switched off here. */
export function useKeptChoice(name: string): [on: boolean, choose: (on: boolean) => void] {
  const key = `diem-cau.control.${name}`
  const [on, setOn] = useState(() => {
    try {
      return localStorage.getItem(key) !== '0'
    } catch {
      return true
    }
  })
  const choose = (next: boolean) => {
    setOn(next)
    try {
      localStorage.setItem(key, next ? '1' : '0')
    } catch {
      // Private windows may refuse storage; the choice then lasts for this page.
    }
  }
  return [on, choose]
}
