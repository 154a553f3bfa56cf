/**
 * The built application over HTTP. It is read once, at the start: a build that replaces its files meanwhile cannot break
 * a request half-way, and no address can reach a file outside. (sirv remembers the sizes of files that it then streams
 * from the disk, so a build beside it cuts answers short.)
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

interface ServedFile {
  type: string
  etag: string
  caching: string
  /** Null until somebody asks for it who does not take brotli: hardly anybody, and it is most of the memory. */
  plain: Buffer | null
  brotli: Buffer | null
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
}

/** What holds for every answer, the application's or not. */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'geolocation=(), microphone=(), payment=(), usb=(), serial=()',
}
/** The page carries its own policy with the hashes of its inline script; this adds what a <meta> cannot say. */
const PAGE_POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; object-src 'none'"
/** A worker has the policy of its own script's answer, not the page's: sockets are the core's business, and it alone may open them. */
const scriptPolicy = (relays: readonly string[]): string =>
  `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src ${["'self'", ...relays].join(' ')}; worker-src 'self'; frame-ancestors 'none'`

const FOREVER = 'public, max-age=31536000, immutable'
const ASK_FIRST = 'no-cache'

/**
 * Serves a folder that `vite build` made. Paths without a file get the page if a person navigated there, else 404. `relays`:
 * origins that the application may reach beside its own (docs/decisions/0008).
 */
export function serveApplication(folder: string, relays: readonly string[]): Answer {
  const files = readFolder(folder)
  const policyOf = ({ type }: ServedFile) => (type.startsWith('text/javascript') ? scriptPolicy(relays) : PAGE_POLICY)
  const page = files.get('/index.html')
  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return answerText(response, 405, 'Method not allowed', { allow: 'GET, HEAD' })
    }
    const path = pathOf(request)
    const file = path === '/' ? page : files.get(path)
    if (file) return answerFile(request, response, file, policyOf(file))
    if (page && isNavigation(request) && !path.startsWith('/_app/'))
      return answerFile(request, response, page, policyOf(page))
    if (!page) return answerText(response, 503, 'The application has not been built: run `npm run build`.')
    answerText(response, 404, 'Not found')
  }
}

export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = Buffer.from(`${text}\n`)
  response.writeHead(status, {
    ...EVERYWHERE,
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': body.length,
    ...headers,
  })
  response.end(body)
}

function answerFile(request: IncomingMessage, response: ServerResponse, file: ServedFile, policy: string): void {
  const headers = {
    ...EVERYWHERE,
    'content-security-policy': policy,
    'cache-control': file.caching,
    etag: file.etag,
    vary: 'accept-encoding',
  }
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers)
    response.end()
    return
  }
  const brotli = /\bbr\b/.test(String(request.headers['accept-encoding'] ?? '')) ? file.brotli : null
  const body = brotli ?? plainOf(file)
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': body.length,
    ...(brotli && { 'content-encoding': 'br' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

const plainOf = (file: ServedFile): Buffer =>
  (file.plain ??= file.brotli ? brotliDecompressSync(file.brotli) : Buffer.alloc(0))

function readFolder(folder: string): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>()
  if (!existsSync(folder)) return files
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /\.(br|gz)$/.test(entry.name) || entry.name.startsWith('.')) continue
    const path = join(entry.parentPath, entry.name)
    const address = path.slice(folder.length).replaceAll('\\', '/').replace(/^\/*/, '/')
    const whole = readFileSync(path)
    const brotli = readBrotliOf(path, whole)
    const plain = brotli ? null : whole
    files.set(address, {
      type: TYPES[extname(entry.name)] ?? 'application/octet-stream',
      etag: `"${createHash('sha256')
        .update(plain ?? brotli ?? '')
        .digest('base64url')
        .slice(0, 22)}"`,
      caching: address.startsWith('/_app/immutable/') ? FOREVER : ASK_FIRST,
      plain,
      brotli,
    })
  }
  return files
}

/** Null where there is none, or one of another file: a build that was interrupted leaves empty ones, cut ones, and those of before. */
function readBrotliOf(path: string, whole: Buffer): Buffer | null {
  if (!existsSync(`${path}.br`)) return null
  const brotli = readFileSync(`${path}.br`)
  try {
    // For all of a build that is some 40 ms, once, at the start: no request waits for it.
    return brotliDecompressSync(brotli, { maxOutputLength: Math.max(1, whole.length) }).equals(whole) ? brotli : null
  } catch {
    return null
  }
}

/** The decoded path; an address that cannot be decoded names nothing. */
function pathOf(request: IncomingMessage): string {
  const raw = (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/'
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

const isNavigation = (request: IncomingMessage): boolean =>
  request.headers['sec-fetch-mode'] === 'navigate' || String(request.headers.accept ?? '').includes('text/html')
