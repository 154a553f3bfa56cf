/** The Web Lock that the core of a profile holds while it lives. */
export const CORE_LOCK = 'tongzhou-core'
