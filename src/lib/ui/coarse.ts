import { MediaQuery } from 'svelte/reactivity'

/** A finger is what points most of the time: nothing is hovered over, and targets are larger. */
export const coarse = new MediaQuery('pointer: coarse')
