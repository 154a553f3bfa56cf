/** Which roles a person of a given role may give (an owner any, others only those below their own), and who invites. */
import type { Rank } from '../../core/api.ts'

const descending: readonly Rank[] = ['owner', 'admin', 'manager', 'member', 'guest']

export const ranksBelow = (own: Rank): Rank[] =>
  own === 'owner' ? [...descending] : descending.slice(descending.indexOf(own) + 1)

export const mayInvite = (own: Rank): boolean => own === 'owner' || own === 'admin' || own === 'manager'
