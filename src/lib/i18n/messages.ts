/** What a translation must be: exactly English's keys, each a string or a function of the same parameters. */
import type { en } from './en.ts'

type Translated<Source> = {
  readonly [Key in keyof Source]: Source[Key] extends string
    ? string
    : Source[Key] extends (...args: infer Args) => string
      ? (...args: Args) => string
      : Translated<Source[Key]>
}

export type Messages = Translated<typeof en>
