/** Work that must not overlap, one after another. A piece that fails fails for its caller alone. */
export function createSerial() {
  let last: Promise<unknown> = Promise.resolve()
  return {
    run<Result>(work: () => Result | Promise<Result>): Promise<Result> {
      const result = last.then(work)
      last = result.catch(() => undefined)
      return result
    },
  }
}
export type Serial = ReturnType<typeof createSerial>
