// The door of materials for screens.
export {}
