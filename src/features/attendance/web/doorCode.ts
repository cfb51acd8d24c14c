// What was scanned or typed at the door: a code of this conference's paper, of another's, or something else.

const letters = /^[BCFGHJKLMNPQRSTVXZ]{8}$/

export type Read = { kind: 'code'; code: string } | { kind: 'otherConference' } | { kind: 'words' }

/** «DC1.9f3c….BCFGHJKL» from a QR or «bcfg hjkl» typed; anything else is words to search for. */
export function readDoorText(given: string, conferenceId: string): Read {
  const tidy = given.normalize('NFC').trim().toUpperCase()
  const scanned = /^DC1\.([0-9A-F]{12})\.([A-Z]{8})$/.exec(tidy)
  if (scanned)
    return scanned[1] === conferenceId.slice(-12).toUpperCase()
      ? { kind: 'code', code: scanned[2]! }
      : { kind: 'otherConference' }
  const plain = tidy.replace(/[\s.–-]/g, '')
  return letters.test(plain) ? { kind: 'code', code: plain } : { kind: 'words' }
}
