import { MediaQuery } from 'svelte/reactivity'

/** A phone's width: one thing at a time, and bars with room for what is used most. */
export const narrow = new MediaQuery('max-width: 639px')
