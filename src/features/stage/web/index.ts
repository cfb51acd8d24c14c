// The door of stage for screens.
export {}
