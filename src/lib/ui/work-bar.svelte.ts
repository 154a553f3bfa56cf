/** The part of the shell's bar where an open record of work puts its title and its tools. */
import { createContext } from 'svelte'

export class WorkBar {
  place = $state.raw<HTMLElement | null>(null)
}

const [get, set] = createContext<WorkBar>()
export { get as getWorkBar, set as setWorkBar }
