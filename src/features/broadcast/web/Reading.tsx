/** What there is to read of the conference. */
export const Reading = (_: { conferenceId: string }) => null
