/** Hands a text to the person as a file. */
export function saveFile(name: string, text: string, type = 'text/plain;charset=utf-8'): void {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const anchor = document.createElement('a')
  anchor.href = address
  // A mark of direction would have a name end in another way than it seems to.
  anchor.download = name.replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '').replaceAll(/[\\/:*?"<>|]/g, '-')
  anchor.click()
  // The download has its own reference by the next task.
  setTimeout(() => URL.revokeObjectURL(address))
}
