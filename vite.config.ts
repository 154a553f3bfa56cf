import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'
import { relayBesideVite } from './sync-relay/vite-plugin.ts'
import { fixturesBesideVite } from './tests/support/fixtures-beside-vite.ts'

/** The worker's copy of the wasm must have the page's address, or the worker cannot start offline. */
const oneWasm: Plugin = {
  name: 'one-wasm-address',
  config: () => ({
    worker: {
      format: 'es',
      rolldownOptions: { output: { assetFileNames: '_app/immutable/assets/[name].[hash][extname]' } },
    },
  }),
}

export default defineConfig({
  plugins: [tailwindcss(), sveltekit(), oneWasm, relayBesideVite(), fixturesBesideVite()],
  // How long each plugin takes is news for whoever writes one.
  build: { target: 'esnext', rolldownOptions: { checks: { bundlerTimings: false } } },
})
