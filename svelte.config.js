import { writeFileSync } from 'node:fs'
import adapter from '@sveltejs/adapter-static'
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte'

const toFiles = adapter({ fallback: 'index.html', precompress: true })
/** Compressing takes longer than anything before it: what was interrupted there looks finished, and is not. */
const toWholeFiles = {
  ...toFiles,
  /** @param {import('@sveltejs/kit').Builder} builder */
  async adapt(builder) {
    await toFiles.adapt(builder)
    writeFileSync('build/.complete', '')
  },
}

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  compilerOptions: {
    // The function form leaves libraries in node_modules to their own mode.
    runes: ({ filename }) => (filename.split(/[/\\]/).includes('node_modules') ? undefined : true),
  },
  kit: {
    adapter: toWholeFiles,
    serviceWorker: { register: false },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['none'],
        'script-src': ['self', 'wasm-unsafe-eval'],
        'style-src': ['self'],
        // SvelteKit's live region for route changes carries exactly this style attribute.
        'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
        'img-src': ['self', 'blob:', 'data:'],
        'font-src': ['self'],
        // Sockets are opened by the core, a worker, which has the policy of its own answer (docs/decisions/0008).
        'connect-src': ['self'],
        // Vite's own page asks by a worker of its text whether a server that went away is back.
        'worker-src': process.argv.includes('dev') ? ['self', 'blob:'] : ['self'],
        'manifest-src': ['self'],
        'base-uri': ['none'],
        'form-action': ['none'],
      },
    },
  },
}
