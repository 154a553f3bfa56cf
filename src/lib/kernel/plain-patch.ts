/** A document patch as Automerge reports it, with immutable strings already plain. */
export type PlainPatch =
  | { action: 'put'; path: (string | number)[]; value: unknown }
  | { action: 'del'; path: (string | number)[]; length?: number }
  | { action: 'insert'; path: (string | number)[]; values: unknown[] }
  | { action: 'splice'; path: (string | number)[]; value: string }
  | { action: 'inc'; path: (string | number)[]; value: number }
