/**
 * Why nobody can listen at a place, in words. Said by the relay, and by its start script: that runs on the system's Node, which
 * reads no types.
 */

/** @param {string} text PORT as it was set. @returns {string | null} What is wrong with it. */
export const portProblem = (text) =>
  /^\d+$/.test(text) && Number(text) <= 65_535 ? null : `PORT must be a number from 0 to 65535, not "${text}".`

/**
 * @param {string} code What the attempt to listen there ended with. @param {number} port @param {string} host @param {string} command
 * @returns {string | null}
 */
export function placeProblem(code, port, host, command) {
  if (code === 'EADDRINUSE') {
    const other = port < 65_535 ? port + 1 : 8080
    return `Port ${port} is taken on ${host}: stop what runs there or start with PORT=${other} ${command}.`
  }
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user: choose one above 1023, for example PORT=8080 ${command}.`
  // A name that is not known here, or that nobody can be asked about.
  if (code === 'ENOTFOUND' || code.startsWith('EAI_'))
    return `HOST ${host} is no name that this machine knows: set HOST to an address of it, for example 0.0.0.0.`
  if (code === 'EADDRNOTAVAIL')
    return `HOST ${host} is no address of this machine: set HOST to one, for example 0.0.0.0.`
  return null
}
