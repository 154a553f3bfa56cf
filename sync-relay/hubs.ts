/** The workspaces that somebody is connected to, or was a moment ago: to open one again costs its whole log. */
import type { WorkspaceId } from '#lib/kernel/ids.ts'
import type { Hub } from './hub.ts'

interface Opened {
  hub: Promise<Hub>
  sessions: number
  idle?: NodeJS.Timeout
}

export function createHubs(open: (ws: WorkspaceId) => Promise<Hub>, limits: { idle: number }) {
  const opened = new Map<WorkspaceId, Opened>()

  function openAnew(ws: WorkspaceId): Opened {
    const one: Opened = { hub: open(ws), sessions: 0 }
    opened.set(ws, one)
    one.hub.catch(() => opened.delete(ws))
    return one
  }

  async function leave(ws: WorkspaceId, one: Opened): Promise<void> {
    one.sessions--
    const hub = await one.hub.catch(() => null)
    if (!hub) return
    const close = () => {
      if (one.sessions > 0 || opened.get(ws) !== one) return
      hub.close()
      opened.delete(ws)
    }
    // Of what nobody has founded nothing is there to be read again.
    if (!hub.known) return close()
    clearTimeout(one.idle)
    one.idle = setTimeout(close, limits.idle).unref()
  }

  return {
    /** The workspace, open as long as its sessions are; `left` is told whom to call when this one is over. */
    enter(ws: WorkspaceId, left: (leave: () => void) => void): Promise<Hub> {
      const one = opened.get(ws) ?? openAnew(ws)
      one.sessions++
      left(() => void leave(ws, one))
      return one.hub
    },
    size: () => opened.size,
    async close(): Promise<void> {
      for (const { hub } of opened.values()) (await hub.catch(() => null))?.close()
    },
  }
}
