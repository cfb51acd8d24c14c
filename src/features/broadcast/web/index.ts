// The door of broadcast for screens.
export {}
