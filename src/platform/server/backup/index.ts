// A backup: every row as of one moment, the stored files, the key, and a manifest that vouches for each byte.
export { backUpBeforeMigrating } from './beforeMigrating.ts'
export { type Backup, Damaged, openBackup, restore } from './restore.ts'
export { AlreadyThere, backUp, type Made } from './save.ts'
