// The only sound of the control room: two short notes when a hall on air or in preview is lost or not heard.

let context: AudioContext | undefined

/** Nothing is heard before somebody has touched the page: browsers keep it so, and the alarm stands in words anyway. */
export function soundAlarm() {
  try {
    context ??= new AudioContext()
    const start = context.currentTime + 0.02
    note(context, start, 660)
    note(context, start + 0.22, 523)
  } catch {
    // A machine without sound still has the words.
  }
}
function note(on: AudioContext, at: number, hertz: number) {
  const source = on.createOscillator()
  const loudness = on.createGain()
  source.frequency.value = hertz
  loudness.gain.setValueAtTime(0, at)
  loudness.gain.linearRampToValueAtTime(0.14, at + 0.015)
  loudness.gain.exponentialRampToValueAtTime(0.001, at + 0.18)
  source.connect(loudness).connect(on.destination)
  source.start(at)
  source.stop(at + 0.2)
}
