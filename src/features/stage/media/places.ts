// How many sites may listen by WebRTC on this machine, beside everything else that runs on it.

/** Measured: what it costs the media server to pass one packet on to one listener. */
const cpuSecondsPerPacket = 14e-6
/** 720p at 1.7 Mbit/s and 32 kbit/s of sound, as packets a second. */
const packetsPerListener = 257
/** Of all cores: the rest belongs to the web, the database and the encoder of the broadcast. */
const shareOfCores = 0.25
/** Beyond this the wire of one machine decides, not its cores: 400 × 1.75 Mbit/s = 700 Mbit/s. */
const mostPlaces = 400

/**
 * Two cores give 138, four 277, from six on 400. `wanted` (STAGE_PLACES) wins over all of it, for machines whose wire is known.
 * Who finds no place receives the programme by HLS and comes into the room when it is called.
 */
export function placesFor({ cores, wanted }: { cores: number; wanted?: number | undefined }): number {
  if (wanted !== undefined) return wanted
  return Math.min(mostPlaces, Math.floor((cores * shareOfCores) / (packetsPerListener * cpuSecondsPerPacket)))
}
