import { defineConfig } from 'playwright/test'

const executablePath = process.env.CHROMIUM_PATH

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.test.ts',
  outputDir: '../../test-results',
  // Room for a machine that is slow or busy: a condition that holds ends the waiting at once.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  fullyParallel: false,
  forbidOnly: true,
  // Further cases of what another test of their file shows: of `npm run test:long`, as the full counts of random programs are.
  ...(!process.env['TONGZHOU_LONG'] && { grepInvert: /@long$/ }),
  // A third one on two cores makes each of them more than twice as slow, and all of them no quicker.
  workers: 2,
  retries: 0,
  reporter: 'list',
  use: {
    browserName: 'chromium',
    actionTimeout: 40_000,
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    // A sixth of the processor: tests of what the service worker is for ask for it, and those of a whole day.
    serviceWorkers: 'block',
    // A seventh of the time; by-hand, clipboard and working-day see what moves.
    contextOptions: { reducedMotion: 'reduce' },
    timezoneId: 'Asia/Shanghai',
    // It costs a fifth of the time; whoever follows a failure asks for it.
    trace: process.env['TONGZHOU_TRACE'] ? 'retain-on-failure' : 'off',
    launchOptions: {
      ...(executablePath && { executablePath }),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        // A tab lives for seconds here: what the second compiler makes of the wasm is ready when the test is over.
        '--js-flags=--no-wasm-tier-up --no-wasm-dynamic-tiering',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
