/** What a person should know of an import, in words: on screen before and after it, and in the file that keeps it. */
import type { Messages } from '#lib/i18n/messages.ts'
import { FIRST_YEAR, LAST_YEAR } from '../csv-dates.ts'
import type { CardProblem, Loss } from '../foreign/foreign-board.ts'
import type { PlanShown } from '../import-session.ts'

export interface ImportReport {
  /** Row by row. */
  rows: { place: string; says: string }[]
  losses: string[]
  /** What comes beside the cards, and which of them come into none of the board's columns. */
  besides: string[]
}

const MOST_NAMED = 20

/** `damaged`: characters that no encoding made anything of. `isLabel`: of a name that is nobody's here the card gets a label; otherwise nothing. */
export function reportOf(
  { errors, loss, adds, emptyColumns, limits }: PlanShown,
  isLabel: (name: string) => boolean,
  { importing: words, common }: Messages,
  damaged = 0,
): ImportReport {
  return {
    rows: errors.map((problem) => ({ place: sayPlace(problem, words), says: sayRow(problem, words, common) })),
    losses: [
      ...(damaged > 0 ? [words.lossCharacters(damaged)] : []),
      ...loss.people.map(({ name, cards }) =>
        isLabel(name) ? words.lossPerson(name, cards) : words.lossPersonLeftOut(name, cards),
      ),
      ...loss.fileColumns.map(({ heading, cells }) => words.lossColumn(heading, cells)),
      // What is gone before what stands somewhere as text.
      ...[...loss.others]
        .sort((a, b) => Number(a.kept !== null) - Number(b.kept !== null))
        .map((other) => sayLoss(other, words, common.separator)),
      ...(loss.times > 0 ? [words.lossTimes(loss.times)] : []),
      ...(loss.rowsLeftOut > 0 ? [words.lossRows(loss.rowsLeftOut)] : []),
    ],
    besides: [
      ...(adds.archived > 0 ? [words.archivedThere(adds.archived)] : []),
      ...(adds.lost > 0 ? [words.lostThere(adds.lost)] : []),
      ...(emptyColumns.length > 0 ? [words.emptyColumns(emptyColumns.length, emptyColumns.slice(0, MOST_NAMED))] : []),
      ...(limits.length > 0 ? [words.limitsHere(limits.slice(0, MOST_NAMED), limits.length)] : []),
    ],
  }
}

/** The file that keeps it. */
export const reportToText = (
  file: string,
  cards: number,
  { rows, losses, besides }: ImportReport,
  words: Messages['importing'],
): string =>
  [
    `${file}: ${words.done(cards)}`,
    ...besides,
    ...(rows.length > 0
      ? ['', words.rowErrors(rows.length), ...rows.map(({ place, says }) => words.rowAt(place) + says)]
      : []),
    ...(losses.length > 0 ? ['', words.losses, ...losses] : []),
    '',
  ].join('\n')

const sayPlace = ({ row, title }: CardProblem, words: Messages['importing']): string =>
  title === undefined ? words.row(row) : title.trim() === '' ? words.cardNumber(row) : `“${title}”`

function sayLoss({ what, count, names, kept }: Loss, words: Messages['importing'], separator: string): string {
  const thing = words.lossKinds[what]
  const listed = names.length > 0 ? words.lossNames(names.join(separator)) : ''
  return `${words.lossPlace[kept ?? 'nowhere'](thing, count)}${listed}`
}

function sayRow(
  { code, params, effect }: CardProblem,
  { rowProblems: words, effects }: Messages['importing'],
  { inOne }: Messages['common'],
): string {
  const value = String(params['value'] ?? '')
  const [cells, headings] = [Number(params['cells']), Number(params['headings'])]
  const said: Record<CardProblem['code'], string> = {
    'row-above-headings': words.aboveHeadings(value),
    'row-title-empty': words.titleEmpty,
    'row-title-long': words.titleLong,
    'row-description-long': words.descriptionLong,
    'row-name-long': words.nameLong(value),
    'row-date-unreadable': words.dateUnreadable(value),
    'row-date-year': words.dateYear(value, FIRST_YEAR, LAST_YEAR),
    'row-dates-reversed': words.datesReversed,
    'row-priority-unknown': words.priorityUnknown(value),
    'row-estimate-unknown': words.estimateUnknown(value),
    'row-repeat-unknown': words.repeatUnknown(value),
    'row-repeat-ends': words.repeatEnds(value),
    'row-item-long': words.itemLong,
    'row-column-unknown': words.columnUnknown(value),
    'row-column-unnamed': words.columnUnnamed(value),
    'row-column-empty': words.columnEmpty(value),
    'row-key-twice': words.keyTwice(value),
    'row-name-twice': words.nameTwice(value),
    'row-quote-unclosed': words.quoteUnclosed,
    'row-cells-short': words.cellsShort(cells, headings),
    'row-cells-long': words.cellsLong(cells, headings, value),
  }
  return inOne([said[code], effects[effect]])
}
