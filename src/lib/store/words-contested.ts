/**
 * What of the letters that people wrote apart nobody has meant as it stands: words side by side that were put in place of the same ones, a
 * repair that was made twice, words in a stretch that another took out, lines that ran into one another (docs/decisions/0015). Only letters
 * that are still there are told of: who writes there knowing of both has answered it.
 */
import { beginningOf } from '#lib/kinds/prose/formats.ts'
import { isWords, type ContestedAt, type ContestedField } from './contested.ts'
import { isOfWord, MARK } from '#lib/kinds/prose/theirs.ts'
import { MOST_TOLD, textNow, type Found, type Run, type Stretch, type TextNow, type Writer } from './text-now.ts'
import { metSince, type LookedAt } from './texts-apart.ts'

export function wordsSince(looked: LookedAt, collection: string, before: ContestedAt | undefined): ContestedField[] {
  const textsOf = (hash: string) => looked.touched.inTexts(looked.doc, hash).letters.map(({ text }) => text)
  return metSince(looked, before, isWords, textsOf, (entry) =>
    contestedWords(looked, entry).map(({ from, to, ...field }) => ({
      ...field,
      path: [collection, entry, 'description', from, to, 'words'],
    })),
  )
}

export function contestedWords(looked: LookedAt, entry: string): Found[] {
  const now = textNow(looked, entry)
  if (!now) return []
  const { runs, begun, goneBy } = now
  const inGone = runs
    .filter(({ root, by }) => goneBy.get(root)?.some((one) => now.areApart(one, by)))
    .slice(0, MOST_TOLD)
  const found = [
    ...replacedTwice(now),
    ...putTwice(now),
    ...inGone.flatMap((run) => writtenInGone(now, run)),
    ...runs.flatMap((run) => begun.get(run.root)?.flatMap(({ id, by }) => inNextLine(now, run, id, by)) ?? []),
    ...joinedLines(now),
    ...runs.flatMap((run) => joinedAbove(now, run)),
  ]
  return now.inOrder(found)
}

/** Both took out the same letters, and each put others there, or one of them did. */
function replacedTwice(now: TextNow): Found[] {
  return now.takenTwice.flatMap(([letter, takers]) =>
    takers.flatMap((hers) =>
      takers.flatMap((his) => (now.areApart(hers, his) ? putThere(now, letter, hers, his) : [])),
    ),
  )
}

function putThere(now: TextNow, letter: string, hers: Writer, his: Writer): Found[] {
  const isHers = ({ by }: Run) => by.actor === hers.actor && now.areApart(by, his)
  const isHis = ({ by }: Run) => by.actor === his.actor && now.areApart(by, hers)
  for (const run of now.runsAfter(now.rootOf(letter, hers) ?? '')) {
    if (!isHers(run) && !isHis(run)) continue
    // Of a word that was composed the letters that stand there came last.
    const first = run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
    if (first === undefined) continue
    const both = bothIn(
      now,
      now.stretch(first, (one) => isHers(one) || isHis(one)),
    )
    if (both.length > 0) return both
    const [taker, isTakers] = isHers(run) ? [his, isHis] : [hers, isHers]
    const gone = now.goneAround(letter, run.by, taker)
    const isReplaced = gone?.ids.some((id) => now.runsAfter(id).some(isTakers))
    return gone && !isReplaced ? standingInGone(now, run, taker, gone) : []
  }
  return []
}

function bothIn(now: TextNow, stretch: Stretch): Found[] {
  const last = new Map<string, Run>()
  for (let place = stretch.start; place < stretch.end; place++) {
    const run = now.runAt(place)
    if (run) last.set(run.by.actor, run)
  }
  if (last.size < 2) return []
  // Of "120" and "150" an editor leaves the one that both begin with: told are whole words.
  const { start, end } = wholeWords(now.letters, stretch)
  const each = new Map([...last].map(([actor, { by }]) => [now.textThen({ start, end }, by) ?? '', actor]))
  const together = now.letters.slice(start, end)
  const [[once] = [''], other] = each
  // Nobody's more than the other's, where both wrote the same.
  if (!other)
    return now.told(
      { start, end },
      [{ stays: together }, { once }].map((value) => ({ value, actor: '' })),
    )
  const values = [...each].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, actor]) => ({ value, actor }))
  return now.told({ start, end }, [{ value: { together }, actor: '' }, ...values])
}

/** With the letters beside it that are of one word with it, in writing that has words. */
function wholeWords(letters: string, { start, end }: Stretch): Stretch {
  const wide = { start, end }
  if (isOfWord(letters, start)) while (isOfWord(letters, wide.start - 1)) wide.start--
  if (isOfWord(letters, end - 1)) while (isOfWord(letters, wide.end)) wide.end++
  return wide
}

/** Both put letters in one place, and took out nothing there: the same, in two repairs of one word, or words that stand glued. */
function putTwice(now: TextNow): Found[] {
  let looked = 0
  const isTheirs = ({ by }: Run, one: Run, other: Run) => by.actor === one.by.actor && now.areApart(by, other.by)
  const places = now.runs.flatMap((run) => {
    const place = run.by.isApart ? run.ids.flatMap((id) => now.placeNow(id) ?? [])[0] : undefined
    return place === undefined ? [] : { run, place }
  })
  return places
    .sort((a, b) => a.place - b.place)
    .flatMap(({ run: hers, place }) => {
      const his = place < looked ? undefined : now.runsAfter(hers.root).find(({ by }) => now.areApart(by, hers.by))
      if (!his) return []
      const both = now.stretch(place, (run) => isTheirs(run, hers, his) || isTheirs(run, his, hers))
      looked = both.end
      const half = (both.end - both.start) / 2
      const letters = now.letters.slice(both.start, both.end)
      return letters === letters.slice(0, half).repeat(2) || isGlued(now, both) ? bothIn(now, both) : []
    })
}

/** Whether words of two stand there with nothing between them, unless somebody who had read both has joined them. */
function isGlued(now: TextNow, { start, end }: Stretch): boolean {
  const isOfWord = (place: number) => /[\p{L}\p{N}]/u.test(now.letters[place] ?? '')
  for (let place = start + 1; place < end; place++) {
    const [left, right] = [now.runAt(place - 1), now.runAt(place)]
    if (!left || !right || left.by.actor === right.by.actor || !isOfWord(place - 1) || !isOfWord(place)) continue
    const isJoined = now
      .goneBetween(place)
      .some((id) => now.goneBy.get(id)?.some(({ hash }) => [left, right].every((run) => now.knows(hash, run.by.hash))))
    if (!isJoined) return true
  }
  return false
}

/** It was put at the end of a line, and stands behind where another one, apart, began the next. */
function inNextLine(now: TextNow, run: Run, mark: string, beginner: Writer): Found[] {
  if (!now.areApart(run.by, beginner)) return []
  const [root, begins] = [now.placeNow(run.root), now.placeNow(mark)]
  const place = run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
  if (root === null || begins === null || place === undefined || place < begins) return []
  const line = now.letters.slice(now.letters.lastIndexOf(MARK, root) + 1, root + 1)
  if (line === '') return []
  const { start, end } = now.stretch(
    place,
    (other) => other.by.actor === run.by.actor && now.areApart(other.by, beginner),
  )
  const words = now.letters.slice(start, end)
  return now.told({ start, end }, [
    { value: { stays: words }, actor: '' },
    { value: { words, after: run.root, line: beginningOf(line) }, actor: run.by.actor },
  ])
}

/** So much is told of either line, from where they meet. */
const AROUND = 60

/** One took out where a line begins, and another, apart, put one before it: it runs into that line now, and not into the one above. */
function joinedLines(now: TextNow): Found[] {
  const { letters } = now
  return [...now.begun.values()].flat().flatMap(({ id, by }) => {
    const begin = now.placeNow(id)
    if (begin === null) return []
    const stop = letters.indexOf(MARK, begin + 1)
    const end = stop < 0 ? letters.length : stop
    let join = begin + 1
    while (join < end && now.runAt(join)?.by.actor === by.actor) join++
    if (join === begin + 1 || join === end) return []
    // Who joined them may have written there, too.
    let known = join
    while (known < end && !now.beganThen(known, by).isThere) known++
    const { mark } = known < end ? now.beganThen(known, by) : { mark: null }
    const taker = mark === null ? undefined : now.goneBy.get(mark)?.find((one) => now.areApart(one, by))
    if (!taker || [join - 1, join].some((at) => now.isAnsweredAt(at, taker, by))) return []
    return parting(now, join, [letters.slice(begin + 1, join), letters.slice(join, end)], by)
  })
}

/** The same where they wrote before the line, and then began it anew: their words stand at the end of the one above. */
function joinedAbove(now: TextNow, run: Run): Found[] {
  const taker = now.goneBy.get(run.root)?.find((one) => now.areApart(one, run.by))
  const start = taker && run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
  if (!taker || start === undefined || start === 0 || now.letters[start - 1] === MARK) return []
  if (now.beganThen(start, run.by).mark !== run.root) return []
  const isHis = (by: Writer) => by.actor === run.by.actor && now.areApart(by, taker)
  const { end } = now.stretch(start, ({ by }) => isHis(by))
  const begun = now.beginnerAt(end)
  if (!begun || !isHis(begun) || [start - 1, start].some((at) => now.isAnsweredAt(at, taker, run.by))) return []
  const above = now.letters.slice(now.letters.lastIndexOf(MARK, start - 1) + 1, start)
  return parting(now, start, [above, now.letters.slice(start, end)], run.by)
}

/** What stands there, or on lines of their own. The last letter of the first is written again with either answer. */
function parting(now: TextNow, join: number, [above, below]: readonly [string, string], by: Writer): Found[] {
  const parted = [[...above].slice(-AROUND).join(''), [...below].slice(0, AROUND).join('')]
  const last = now.letterBefore(join)
  const words = now.letters.slice(last, join)
  return now.told({ start: last, end: join }, [
    { value: { joined: parted.join(''), words }, actor: '' },
    { value: { parted, words: `${words}\n` }, actor: by.actor },
  ])
}

/** Another one took out what it was written into, all around it. */
function writtenInGone(now: TextNow, run: Run): Found[] {
  const by = now.goneBy.get(run.root) ?? []
  const taker = by.find((one) => now.areApart(one, run.by))
  if (!taker || by.some(({ actor }) => actor === run.by.actor)) return []
  const gone = now.goneAround(run.root, run.by, taker)
  return gone ? standingInGone(now, run, taker, gone) : []
}

function standingInGone(
  now: TextNow,
  run: Run,
  taker: Writer,
  { left, right }: { left: string; right: string },
): Found[] {
  const place = run.ids.flatMap((id) => now.placeNow(id) ?? [])[0]
  if (place === undefined) return []
  const stretch = now.stretch(place, (other) => other.by.actor === run.by.actor && now.areApart(other.by, taker))
  if ([stretch.start - 1, stretch.end].some((at) => now.isAnsweredAt(at, taker, run.by))) return []
  if (isBackAround(now.letters, stretch, [left, right])) return []
  const words = now.letters.slice(stretch.start, stretch.end)
  const gone = { value: { gone: beginningOf(left + right) }, actor: taker.actor }
  const own = inOwnLine(now, stretch, run.by)
  if (own === words) return now.told(stretch, [{ value: words, actor: run.by.actor }, gone])
  return now.told(stretch, [
    { value: { stays: words }, actor: '' },
    { value: { own: words, words: own }, actor: run.by.actor },
    gone,
  ])
}

/** Words that were all of a line when they were written, with where lines are to begin that it is one again. */
function inOwnLine(now: TextNow, { start, end }: Stretch, by: Writer): string {
  const words = now.letters.slice(start, end)
  const { isFirst, isLast } = now.linesThen(start, end - 1, by)
  const begins = start === 0 || now.letters[start - 1] === MARK
  const ends = end === now.letters.length || now.letters[end] === MARK
  return `${isFirst && !begins ? '\n' : ''}${words}${isLast && !ends ? '\n' : ''}`
}

/** Whether who took it out has put the same there again, on either side of the stretch or on both. */
function isBackAround(letters: string, { start, end }: Stretch, [left, right]: readonly [string, string]): boolean {
  const [before, after] = [letters.slice(0, start), letters.slice(end)]
  const all = left + right
  if (all === '') return false
  return before.endsWith(all) || after.startsWith(all) || (before.endsWith(left) && after.startsWith(right))
}
