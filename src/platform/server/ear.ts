// News from PostgreSQL on a connection of its own. A cut line is opened again; what was told meanwhile is lost, so whoever
// listens compares for itself each time listening begins.
import pg from 'pg'

const againMs = 500

export function openEar(
  databaseUrl: string,
  {
    channels,
    hear,
    begun = async () => {},
    fault,
  }: {
    channels: readonly string[]
    hear: (channel: string, news: string) => void
    /** Called each time listening begins. */
    begun?: () => Promise<void>
    fault: (error: unknown) => void
  },
) {
  let ear: pg.Client | undefined
  let closed = false
  async function listen(): Promise<void> {
    if (closed) return
    const client = new pg.Client({ connectionString: databaseUrl })
    // What breaks a line also ends it, and the end opens the next one.
    client.on('error', () => {})
    client.on('end', () => {
      if (ear === client) ear = undefined
      if (!closed) setTimeout(() => void listen().catch(fault), againMs).unref()
    })
    try {
      await client.connect()
      await client.query(channels.map((channel) => `listen ${channel}`).join('; '))
    } catch {
      return void client.end().catch(() => {})
    }
    client.on('notification', ({ channel, payload = '' }) => hear(channel, payload))
    ear = client
    await begun()
  }
  return {
    listen,
    async close() {
      closed = true
      await ear?.end().catch(() => {})
    },
  }
}
export type Ear = ReturnType<typeof openEar>
