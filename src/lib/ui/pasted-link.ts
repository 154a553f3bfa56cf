/** The invitation or device link in what somebody pasted, which may be a whole message; what holds none is given back. */
export const pastedLink = (pasted: string): string =>
  /https?:\/\/[^\s#]+\/(?:join|link)#[\w-]+/.exec(pasted)?.[0] ?? pasted.trim()
