/** Loaded into a server under measurement (`--import`): tells its own processor time and memory over IPC when asked. */
process.on('message', (message) => {
  if (message !== 'usage') return
  const { user, system } = process.cpuUsage()
  process.send?.({ usage: { cpu: (user + system) / 1000, rss: process.memoryUsage().rss } })
})
