/**
 * Pinyin initials of a title: 包装供应商 is found by "bzgys". The browser knows the order of Chinese characters by their
 * pronunciation, so comparing with the first character of each letter tells the letter; no dictionary has to be loaded.
 */
import { isRunCharacter } from './tokens.ts'

const LETTERS = 'abcdefghjklmnopqrstwxyz'
const FIRST = [...'阿八嚓哒妸发旮哈讥咔垃妈拿噢妑七呥仨他穵夕丫帀']

/** Characters in common use with several readings that begin differently. The order knows one of them. */
const SEVERAL: Readonly<Record<string, string>> = {
  重: 'zc', 长: 'cz', 行: 'xh', 乐: 'ly', 调: 'td', 传: 'cz', 朝: 'cz', 单: 'ds', 曾: 'zc', 藏: 'cz',
  系: 'xj', 降: 'jx', 弹: 'dt', 盛: 'sc', 参: 'cs', 解: 'jx', 翟: 'zd', 仇: 'qc', 区: 'qo', 车: 'cj',
  石: 'sd', 校: 'xj', 率: 'ls', 奇: 'qj', 属: 'sz', 提: 'td', 厦: 'sx', 便: 'bp', 卡: 'kq', 给: 'gj',
  没: 'mw', 尉: 'wy', 莘: 'sx', 贾: 'jg', 洗: 'xs', 说: 's', 省: 'sx', 折: 'zs', 畜: 'cx', 合: 'hg',
} // prettier-ignore

let collator: Intl.Collator | null | undefined
const known = new Map<string, string>()

/** Letters that a character's readings begin with; '' where there is none, or the browser does not know. */
function lettersOf(character: string): string {
  const before = known.get(character)
  if (before !== undefined) return before
  const letters = SEVERAL[character] ?? letterOf(character)
  known.set(character, letters)
  return letters
}

function letterOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x4e00 || code > 0x9fff) return ''
  const order = pinyinOrder()
  if (!order) return ''
  let [low, high] = [0, FIRST.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (order.compare(FIRST[middle] ?? '', character) <= 0) low = middle + 1
    else high = middle
  }
  return LETTERS[low - 1] ?? ''
}

function pinyinOrder(): Intl.Collator | null {
  if (collator === undefined) {
    const made = new Intl.Collator('zh-u-co-pinyin')
    // A browser without Chinese order puts characters by their strokes or codes: then there are no initials.
    const sorted = FIRST.every((first, i) => i === 0 || made.compare(FIRST[i - 1] ?? '', first) < 0)
    collator = sorted && made.compare('张', '李') > 0 && made.compare('王', '张') < 0 ? made : null
  }
  return collator
}

/** Of several readings so many combinations at most. */
const MOST = 4

export interface Initials {
  /** One letter per character that has one; several strings where readings differ. */
  readings: string[]
  /** Where the character of each letter is in the text. */
  places: number[]
}

/** Of every run of characters in the text, in the order of the text. */
export function initialsOf(text: string): Initials[] {
  const all: Initials[] = []
  let current: Initials = { readings: [''], places: [] }
  const end = () => {
    if (current.places.length > 0) all.push(current)
    current = { readings: [''], places: [] }
  }
  let at = 0
  for (const character of text) {
    const letters = isRunCharacter(character.codePointAt(0) ?? 0) ? lettersOf(character) : ''
    if (letters === '') end()
    else {
      current.readings = [...letters]
        .flatMap((letter) => current.readings.map((reading) => reading + letter))
        .slice(0, MOST)
      current.places.push(at)
    }
    at += character.length
  }
  end()
  return all
}
