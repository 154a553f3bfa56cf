import { sveltekit } from '@sveltejs/kit/vite'
import tailwindcss from '@tailwindcss/vite'
import { defineConfig, type Plugin } from 'vite'
import { relayBesideVite } from './sync-relay/vite-plugin.ts'
import { fixturesBesideVite } from './tests/support/fixtures-beside-vite.ts'

/** Node's crypto, which @hpke would load where there is no WebCrypto: no browser comes there, and no build need warn of it. */
const noNodeCrypto: Plugin = {
  name: 'no-node-crypto',
  enforce: 'pre',
  resolveId: {
    filter: { id: /^crypto$/ },
    handler: (_, importer) => (importer?.includes('@hpke') ? '\0no-node-crypto' : null),
  },
  load: { filter: { id: /^\0no-node-crypto$/ }, handler: () => 'export {}' },
}

/** The worker's copy of the wasm must have the page's address, or the worker cannot start offline. */
const oneWasm: Plugin = {
  name: 'one-wasm-address',
  config: () => ({
    worker: {
      format: 'es',
      plugins: () => [noNodeCrypto],
      rolldownOptions: { output: { assetFileNames: '_app/immutable/assets/[name].[hash][extname]' } },
    },
  }),
}

/**
 * Lucide's icons as plain markup. Its component works every attribute of every line out when it is mounted, which took half of the
 * time in which a board's cards are made. Ours take `size` and `class`, and are hidden from screen readers.
 */
const plainIcons: Plugin = {
  name: 'plain-icons',
  enforce: 'pre',
  transform: {
    filter: { id: /@lucide\/svelte\/dist\/icons\/[\w-]+\.svelte$/ },
    handler(code, id) {
      const icon = /const iconData = (\{.*\});/.exec(code)?.[1]
      if (!icon) this.error(`no lines in ${id}`)
      const { node } = JSON.parse(icon) as { node: [tag: string, attributes: Record<string, string>][] }
      const markup = node.map(([tag, attributes]) => {
        const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
        return `<${tag}${written.join('')} />`
      })
      const look = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
      return `<script>let { size = 24, class: className } = $props()</script>
        <svg width={size} height={size} viewBox="0 0 24 24" ${look} class={className} aria-hidden="true">${markup.join('')}</svg>`
    },
  },
}

export default defineConfig({
  plugins: [tailwindcss(), plainIcons, noNodeCrypto, sveltekit(), oneWasm, relayBesideVite(), fixturesBesideVite()],
  // Vite looks for what a page needs, not for what the workers need: found while the page runs, it would load the page anew.
  optimizeDeps: { entries: ['src/lib/**/*.worker.ts'] },
  // How long each plugin takes is news for whoever writes one.
  build: { target: 'esnext', rolldownOptions: { checks: { bundlerTimings: false } } },
})
