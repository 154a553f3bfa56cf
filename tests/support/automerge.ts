/** Automerge's wasm for tests in Node: importing the full package initialises the slim one that the sources use. */
import '@automerge/automerge'
