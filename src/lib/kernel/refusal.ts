/**
 * A refusal is an expected "no" with a reason that the interface can say in the person's language. Mutations refuse
 * before they write; the core turns a refusal into a value, so it never reaches a person as an exception.
 */
export class Refusal extends Error {
  readonly code: string
  readonly params: Readonly<Record<string, string | number>>

  constructor(code: string, params: Record<string, string | number> = {}) {
    super(code)
    this.name = 'Refusal'
    this.code = code
    this.params = params
  }
}

export function refuse(code: string, params?: Record<string, string | number>): never {
  throw new Refusal(code, params)
}
