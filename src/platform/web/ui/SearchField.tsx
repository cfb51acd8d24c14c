import { useEffect, useRef, useState } from 'react'
import { TextField } from './light/Field.tsx'

/** A box that tells what was typed once typing rests. Its text stays its own, so that Telex keeps every letter. */
export function SearchField({
  label,
  placeholder,
  value,
  onSearch,
  restMs = 300,
  hideLabel = true,
}: {
  label: string
  placeholder?: string
  value: string
  onSearch: (typed: string) => void
  restMs?: number
  hideLabel?: boolean
}) {
  const [typed, setTyped] = useState(value)
  const told = useRef(value)
  useEffect(() => {
    if (value !== told.current) setTyped(value)
    told.current = value
  }, [value])
  useEffect(() => {
    if (typed === told.current) return
    const timer = setTimeout(() => {
      told.current = typed
      onSearch(typed)
    }, restMs)
    return () => clearTimeout(timer)
  }, [typed, restMs, onSearch])
  return (
    <TextField
      type="search"
      label={label}
      hideLabel={hideLabel}
      placeholder={placeholder ?? label}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
