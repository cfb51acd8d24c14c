// The package describes only its full build; the light one (no subtitles, no DRM, no alternate sound) has the same words.
declare module 'hls.js/light' {
  export { default, ErrorDetails, ErrorTypes, Events } from 'hls.js'
}
