/**
 * Said by the relay, and by its start script: that runs on the system's Node, which reads no types.
 * @param {number} port @param {string} host @param {string} command
 */
export function portTaken(port, host, command) {
  const other = port < 65_535 ? port + 1 : 8080
  return `Port ${port} is taken on ${host}: stop what runs there or start with PORT=${other} ${command}.`
}
