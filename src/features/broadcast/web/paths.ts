// Where the screens of a session stand.
export const liveHref = (sessionId: string) => `/toi/hop/${sessionId}`
/** A page of the stage: only those may open a camera and a microphone. */
export const speakHref = (sessionId: string) => `/buc/${sessionId}/phat-bieu`
