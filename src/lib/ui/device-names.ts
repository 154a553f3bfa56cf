/** What this device is, as far as the browser says, and what devices are called. */
import type { Device, ThisDevice } from '../core/api.ts'
import type { Messages } from '../i18n/messages.ts'

/** What of `navigator` says it; some browsers give brands. */
interface Agent {
  userAgent: string
  userAgentData?: { brands: readonly { brand: string }[]; platform: string }
}

export const thisDevice = (agent: Agent = navigator): ThisDevice => ({
  kind: kindOf(agent.userAgent),
  browser: [brandOf(agent), systemOf(agent)].filter((part) => part !== '').join(' · '),
})

function kindOf(agent: string): ThisDevice['kind'] {
  if (/iPad|Tablet/.test(agent)) return 'tablet'
  return /iPhone|Android|Mobile/.test(agent) ? 'phone' : 'computer'
}

const browsers = [
  { sign: /Edg(?:e|A|iOS)?\//, name: 'Edge' },
  { sign: /OPR\//, name: 'Opera' },
  { sign: /(?:Firefox|FxiOS)\//, name: 'Firefox' },
  { sign: /(?:Chrome|CriOS)\//, name: 'Chrome' },
  { sign: /Safari\//, name: 'Safari' },
]

/** Chromium’s brands are joined by one that is none, so that nobody relies on their order. */
function brandOf({ userAgent, userAgentData }: Agent): string {
  const brands = userAgentData?.brands.map(({ brand }) => brand).filter((brand) => !/Not.?A.?Brand/.test(brand)) ?? []
  const brand = brands.find((one) => one !== 'Chromium') ?? brands[0]
  if (brand) return brand.replace(/^(?:Google|Microsoft) /, '')
  // Each of them says that it is also those after it.
  return browsers.find(({ sign }) => sign.test(userAgent))?.name ?? ''
}

const systems = [
  { sign: /iPhone/, name: 'iOS' },
  { sign: /iPad/, name: 'iPadOS' },
  { sign: /Mac OS X/, name: 'macOS' },
  { sign: /Android/, name: 'Android' },
  { sign: /Windows/, name: 'Windows' },
  { sign: /CrOS/, name: 'Chrome OS' },
  { sign: /Linux/, name: 'Linux' },
]

function systemOf({ userAgent, userAgentData }: Agent): string {
  if (userAgentData?.platform) return userAgentData.platform
  return systems.find(({ sign }) => sign.test(userAgent))?.name ?? ''
}

type Named = Pick<Device, 'id' | 'name' | 'kind' | 'browser' | 'addedAt'>

/** As its owner named it, else what it is, in the reader's language. */
function plainName({ id, name, kind, browser }: Named, t: Messages): string {
  if (name) return name
  const is = kind ? t.link.kinds[kind] : id.slice(0, 8)
  return browser ? t.link.kindWith(is, browser) : is
}

/** The devices of a person by what tells them apart; those of one name are numbered as they came. */
export function deviceNames(devices: readonly Named[], t: Messages): ReadonlyMap<string, string> {
  const inOrder = [...devices].sort((a, b) => (a.addedAt ?? 0) - (b.addedAt ?? 0) || (a.id < b.id ? -1 : 1))
  const byName = Map.groupBy(inOrder, (device) => plainName(device, t))
  return new Map(
    [...byName].flatMap(([name, alike]) =>
      alike.map(({ id }, index) => [id, alike.length > 1 ? t.link.numbered(name, index + 1) : name] as const),
    ),
  )
}
