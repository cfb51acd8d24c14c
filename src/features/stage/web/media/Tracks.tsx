import { type CSSProperties, useEffect, useRef } from 'react'
import type { RemoteTrack } from './livekit.ts'
import type { RoomPerson } from './room.ts'

/** A received picture, or this device's own (`mirror` it as people know themselves). The whole of it is seen, also of a phone held upright. */
export function Picture({
  track,
  own,
  mirror = false,
  label,
  className,
  style,
}: {
  track?: RemoteTrack | undefined
  own?: MediaStreamTrack | undefined
  mirror?: boolean
  label: string
  className?: string | undefined
  style?: CSSProperties
}) {
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    const element = video.current
    if (!element || !track) return
    track.attach(element)
    return () => void track.detach(element)
  }, [track])
  useEffect(() => {
    const element = video.current
    if (!element || track || !own) return
    element.srcObject = new MediaStream([own])
    return () => {
      element.srcObject = null
    }
  }, [own, track])
  return (
    <video
      ref={video}
      className={className}
      aria-label={label}
      autoPlay
      muted
      playsInline
      disablePictureInPicture
      style={{ objectFit: 'contain', ...(mirror ? { transform: 'scaleX(-1)' } : {}), ...style }}
    />
  )
}

/** Everybody who is received is heard; the elements are not seen. */
export function Sounds({
  people,
  volume = 1,
  speakerId,
}: {
  people: readonly RoomPerson[]
  volume?: number
  speakerId?: string | undefined
}) {
  const tracks = people.flatMap(({ tracks: { microphone, screenAudio } }) =>
    [microphone, screenAudio].flatMap((one) => (one?.track ? [one.track] : [])),
  )
  return (
    <>
      {tracks.map((track) => (
        <Sound key={track.sid ?? track.mediaStreamID} track={track} volume={volume} speakerId={speakerId} />
      ))}
    </>
  )
}
function Sound({ track, volume, speakerId }: { track: RemoteTrack; volume: number; speakerId?: string | undefined }) {
  const audio = useRef<HTMLAudioElement>(null)
  useEffect(() => {
    const element = audio.current
    if (!element) return
    track.attach(element)
    return () => void track.detach(element)
  }, [track])
  useEffect(() => {
    const element = audio.current as (HTMLAudioElement & { setSinkId?: (id: string) => Promise<void> }) | null
    if (!element) return
    element.volume = volume
    if (speakerId) void element.setSinkId?.(speakerId).catch(() => {})
  }, [volume, speakerId])
  // biome-ignore lint/a11y/useMediaCaption: live speech; what is said stands in the recording's notes afterwards
  return <audio ref={audio} autoPlay />
}
