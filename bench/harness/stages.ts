/**
 * Where the time goes between two screens: watches the cores of a browser from outside, over the DevTools protocol, so that
 * the product carries no clocks of its own. In each core it notes when a message comes from a tab or goes to one, when a
 * transaction on disk is complete, when a frame leaves or arrives; all on the machine's clock.
 */
export interface Mark {
  at: number
  what: string
}

export interface Core {
  /** What was noted since the last time. */
  take: () => Promise<Mark[]>
}

/** The cores that run in this browser, oldest first. */
export async function coresOf(devtoolsPort: number): Promise<{ cores: Core[]; close: () => void }> {
  const version = (await (await fetch(`http://127.0.0.1:${devtoolsPort}/json/version`)).json()) as {
    webSocketDebuggerUrl: string
  }
  const socket = new WebSocket(version.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  let last = 0
  const answers = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>()
  socket.addEventListener('message', ({ data }) => {
    const { id, result, error } = JSON.parse(String(data)) as { id?: number; result?: never; error?: object }
    if (id === undefined) return
    if (error) answers.get(id)?.reject(new Error(JSON.stringify(error)))
    else answers.get(id)?.resolve(result!)
    answers.delete(id)
  })
  const ask = <Answer>(method: string, params: object, sessionId?: string): Promise<Answer> =>
    new Promise<Answer>((resolve, reject) => {
      const id = ++last
      answers.set(id, { resolve, reject })
      socket.send(JSON.stringify({ id, method, params, sessionId }))
    })
  const { targetInfos } = await ask<{ targetInfos: { targetId: string; type: string; url: string }[] }>(
    'Target.getTargets',
    {},
  )
  const cores: Core[] = []
  for (const { targetId, type, url } of targetInfos) {
    if (type !== 'shared_worker' || !url.includes('core.worker')) continue
    const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', { targetId, flatten: true })
    const run = async <Value>(expression: string) => {
      const { result } = await ask<{ result: { value: Value } }>(
        'Runtime.evaluate',
        { expression, returnByValue: true },
        sessionId,
      )
      return result.value
    }
    await run(`(${watchCore.toString()})()`)
    cores.push({ take: () => run<Mark[]>('benchMarks.splice(0)') })
  }
  return { cores, close: () => socket.close() }
}

/** Runs in the core. */
function watchCore(): void {
  const tick = Date.now()
  while (Date.now() === tick);
  const skew = Date.now() - performance.now()
  const marks: Mark[] = []
  Object.assign(globalThis, { benchMarks: marks })
  const note = (what: string) => void marks.push({ at: skew + performance.now(), what })

  const known = new WeakSet<EventTarget>()
  const listen = (target: EventTarget, told: (data: unknown) => void) => {
    if (known.has(target)) return
    known.add(target)
    target.addEventListener('message', (event) => told((event as MessageEvent).data))
  }
  // A port or socket is known once something was sent through it.
  const post = MessagePort.prototype.postMessage
  MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]) {
    listen(this, (data) => {
      const { type, name, topic } = data as { type: string; name?: string; topic?: string }
      note(`tab: ${type} ${name ?? topic ?? ''}`)
    })
    const { type, event } = args[0] as { type: string; event?: { type?: string } }
    note(`to tab: ${type} ${event?.type ?? ''}`)
    return (post as (...all: unknown[]) => void).apply(this, args)
  }
  /** A frame is a CBOR array whose first element is its name. */
  const nameIn = (frame: Uint8Array) => String.fromCharCode(...frame.subarray(2, 2 + (frame[1]! & 31)))
  const send = WebSocket.prototype.send
  WebSocket.prototype.send = function (this: WebSocket, frame: Uint8Array<ArrayBuffer>) {
    listen(this, (data) => note(`relay: ${nameIn(new Uint8Array(data as ArrayBuffer))}`))
    note(`to relay: ${nameIn(frame)}`)
    return send.call(this, frame)
  }
  const transaction = IDBDatabase.prototype.transaction
  IDBDatabase.prototype.transaction = function (this: IDBDatabase, ...args: Parameters<typeof transaction>) {
    const made = transaction.apply(this, args)
    const stores = [...made.objectStoreNames].join('+')
    note(`disk begins: ${made.mode} ${stores}`)
    made.addEventListener('complete', () => note(`disk: ${made.mode} ${stores}`))
    return made
  }
  for (const name of [
    'encrypt',
    'decrypt',
    'sign',
    'verify',
    'deriveKey',
    'importKey',
    'digest',
    'deriveBits',
  ] as const) {
    const original = SubtleCrypto.prototype[name] as (...args: unknown[]) => Promise<unknown>
    Object.assign(SubtleCrypto.prototype, {
      async [name](this: SubtleCrypto, ...args: unknown[]) {
        note(`${name} begins`)
        const value = await original.apply(this, args)
        note(name)
        return value
      },
    })
  }
}
