/** A change's message: the mutation and the undo group, no more (arguments would add 90 % to a document). */
export const changeMessage = (mutation: string, group: string): string => `${mutation} ${group}`

export function parseMessage(message: string | null | undefined): { mutation: string; group: string | null } {
  const [mutation = '', group] = (message ?? '').split(' ')
  return { mutation, group: group || null }
}
