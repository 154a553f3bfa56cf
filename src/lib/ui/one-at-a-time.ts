/** Runs it; whoever asks while it runs has it run once more after that, however often they ask. */
export function oneAtATime(run: () => Promise<void>): () => void {
  let running = false
  let again = false
  const start = async () => {
    running = true
    try {
      do {
        again = false
        await run()
      } while (again)
    } finally {
      running = false
    }
  }
  return () => {
    again = true
    if (!running) void start()
  }
}
