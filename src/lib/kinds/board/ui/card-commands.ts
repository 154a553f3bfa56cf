/** What can be done with one card: its menu, and all of it in the palette. */
import Archive from '@lucide/svelte/icons/archive'
import ArchiveRestore from '@lucide/svelte/icons/archive-restore'
import ArrowRight from '@lucide/svelte/icons/arrow-right'
import ArrowRightLeft from '@lucide/svelte/icons/arrow-right-left'
import CalendarDays from '@lucide/svelte/icons/calendar-days'
import Copy from '@lucide/svelte/icons/copy'
import Files from '@lucide/svelte/icons/files'
import Ban from '@lucide/svelte/icons/ban'
import Flag from '@lucide/svelte/icons/flag'
import Hourglass from '@lucide/svelte/icons/hourglass'
import Link from '@lucide/svelte/icons/link'
import ListChecks from '@lucide/svelte/icons/list-checks'
import Repeat from '@lucide/svelte/icons/repeat'
import Rewind from '@lucide/svelte/icons/rewind'
import Scissors from '@lucide/svelte/icons/scissors'
import Square from '@lucide/svelte/icons/square'
import SquareCheck from '@lucide/svelte/icons/square-check'
import SquarePen from '@lucide/svelte/icons/square-pen'
import Tag from '@lucide/svelte/icons/tag'
import UserPlus from '@lucide/svelte/icons/user-plus'
import { formatDay } from '#lib/i18n/format.ts'
import { locale, t } from '#lib/i18n/locale.svelte.ts'
import type { MutationCall } from '#lib/kernel/define-kind.ts'
import { addDays, type Day } from '#lib/kernel/instants.ts'
import { announce } from '#lib/ui/announcer.svelte.ts'
import { saysAll, type Action, type Choice, type Offer, type Question } from '#lib/ui/commands.svelte.ts'
import { listKeys } from '#lib/ui/key-bindings.ts'
import { copyText } from '#lib/ui/copy-text.ts'
import { parseHours } from '../estimate.ts'
import { repeats } from '../repeat.ts'
import { addWorkdays } from '../workdays.ts'
import { calls } from './board-calls.ts'
import type { BoardClipboard } from './board-clipboard.svelte.ts'
import type { BoardScreen } from './board-screen.svelte.ts'
import { cardElsewhere, cardLink, closeCard, openCard, openCardId, openElsewhere } from './card-address.svelte.ts'
import { cardKeys, dateKeys } from './card-keys.ts'
import { labelNamed } from './label-calls.ts'
import { dayTyped } from './day-typed.ts'
import { priorityCode } from './priority-code.ts'
import { restoreName } from './restore-name.ts'
import { priorities, type Card, type Label, type ScreenBoard } from './screen-board.ts'
import { textKeys } from './text-keys.ts'

/** In the menu of a tile: of one of several chosen ones it is that of all of them. */
export function menuActions(screen: BoardScreen, clipboard: BoardClipboard, card: Card): Action[] {
  const cards = screen.chosen.together(card)
  return cards.length > 1 ? actionsTogether(screen, clipboard, card, cards) : cardActions(screen, clipboard, card)
}

function actionsTogether(screen: BoardScreen, clipboard: BoardClipboard, card: Card, cards: readonly Card[]): Action[] {
  const { length } = cards
  const copy = { id: 'cards-copy', label: t().bulk.copyAll(length), icon: Copy, run: () => clipboard.copy(cards) }
  const select = selectAction(screen, card)
  if (screen.locked) return [select, copy]
  return [
    select,
    {
      id: 'cards-move',
      label: t().bulk.moveAll(length),
      icon: ArrowRightLeft,
      run: () => (screen.moving = { cards }),
      takesFocus: true,
    },
    copy,
    { id: 'cards-cut', label: t().bulk.cutAll(length), icon: Scissors, run: () => clipboard.cutChosen() },
    { id: 'cards-archive', label: t().bulk.archiveAll(length), icon: Archive, run: () => screen.chosen.archive() },
  ]
}

function selectAction(screen: BoardScreen, { id }: Card): Action {
  const chosen = screen.chosen.ids.has(id)
  return {
    id: 'card-select',
    label: chosen ? t().bulk.unselectThis : t().bulk.selectThis,
    icon: chosen ? Square : SquareCheck,
    run: () => screen.chosen.toggle(id),
  }
}

function cardActions(screen: BoardScreen, clipboard: BoardClipboard, card: Card): Action[] {
  const open = {
    id: 'card-open',
    label: t().card.open,
    also: t().palette.also.openCard,
    icon: SquarePen,
    run: () => openCard(card.id),
  }
  const copy = { id: 'card-copy', label: t().clipboard.copy, icon: Copy, run: () => clipboard.copy([card]) }
  const link = {
    id: 'card-link',
    label: t().card.copyLink,
    icon: Link,
    run: () => copyText(cardLink(card.id), () => t().card.linkCopied),
  }
  const select = selectAction(screen, card)
  const archive = () => {
    screen.archiveCard(card)
    if (openCardId() === card.id) void closeCard()
  }
  if (screen.locked) return [open, select, copy, link]
  if (card.archived) {
    const places = screen.whereabouts(card.id)
    const [place] = places
    const there = place && cardElsewhere(screen.workspace, place.work, place.entity)
    return [
      open,
      ...(there
        ? [{ id: 'card-there', label: t().card.openThere, icon: ArrowRight, run: () => openElsewhere(there) }]
        : []),
      {
        id: 'card-restore',
        label: restoreName(places, screen.work),
        icon: ArchiveRestore,
        run: () => screen.restoreCard(card),
      },
      link,
    ]
  }
  const both = { id: 'card-keep-both', label: t().doubled.keepBoth, icon: Files, run: () => keepBoth(screen, card) }
  return [
    open,
    select,
    ...(screen.doubles.has(card.id) ? [both] : []),
    {
      id: 'card-move',
      label: t().move.to,
      icon: ArrowRightLeft,
      run: () => (screen.moving = { cards: [card] }),
      takesFocus: true,
    },
    copy,
    { id: 'card-cut', label: t().clipboard.cut, icon: Scissors, run: () => clipboard.copy([card], { cut: true }) },
    { id: 'card-duplicate', label: t().clipboard.duplicate, icon: Files, run: () => clipboard.duplicate(card) },
    link,
    { id: 'card-archive', label: t().card.archive, icon: Archive, run: archive },
  ]
}

/**
 * Of a card that two people moved at once: each stays. Of one that is back no other board knows that it is to: there it is written
 * in what it became.
 */
export async function keepBoth(screen: BoardScreen, card: Card): Promise<void> {
  if (!screen.meanwhile.isHere(card)) return
  const { backBy = null, others = [] } = screen.doubles.get(card.id) ?? {}
  const became = backBy === null ? [] : others
  const elsewhere = became.filter(({ work }) => work !== screen.work)
  const here = [card.id, ...became.filter((one) => !elsewhere.includes(one)).map(({ entity }) => entity)]
  const keep = (ids: readonly string[]) => ids.map((id) => calls.keepBoth(id))
  const along = [...Map.groupBy(elsewhere, ({ work }) => work)].map(([work, cards]) => ({
    work,
    calls: () => keep(cards.map(({ entity }) => entity)),
  }))
  if (await screen.runWith(along, keep(here))) announce(t().doubled.kept)
}

/** In the palette: the card that is open, else the one that has the focus. */
export function cardOffer(screen: BoardScreen, clipboard: BoardClipboard): Offer | null {
  const card = screen.board.cards.get(openCardId() ?? screen.focus.cardAtHand ?? '')
  if (!card) return null
  const restore =
    screen.past && !screen.refused
      ? [
          {
            id: 'card-restore-then',
            label: t().replay.restoreCard,
            icon: Rewind,
            run: () => void screen.restoreFromPast?.(card),
          },
        ]
      : []
  const fields = screen.locked || card.archived ? [] : fieldCommands(screen, card)
  const checklist = fields.length > 0 && openCardId() !== null ? [newItem()] : []
  const actions = cardActions(screen, clipboard, card).filter(({ id }) => id !== 'card-open' || openCardId() === null)
  return {
    title: t().palette.onCard(card.title || t().card.untitled),
    near: true,
    commands: [...restore, ...fields, ...checklist, ...actions],
    keys: openCardId() === null ? [] : openCardKeys(),
  }
}

/** To the field below the checklist of the open card. */
const newItem = (): Action => ({
  id: 'card-checklist',
  label: t().checklist.add,
  also: t().palette.also.checklist,
  icon: ListChecks,
  run: () => document.querySelector<HTMLElement>('[data-new-item]')?.focus(),
})

const openCardKeys = () => [
  listKeys(t().shortcuts.inCard, cardKeys, t().shortcuts.card),
  listKeys(t().shortcuts.inDate, dateKeys, t().shortcuts.date),
  listKeys(t().shortcuts.inText, textKeys, { ...t().text.formats, ...t().shortcuts.text }),
]

function fieldCommands(screen: BoardScreen, card: Card): Question[] {
  const change = (label: string, list: MutationCall[]) =>
    void screen.change(card, list).then((done) => {
      if (done) announce(t().palette.done(label))
    })
  const people = screen.assigneesFor([card])
  return [
    {
      id: 'card-assign',
      label: t().card.addAssignee,
      also: t().palette.also.assign,
      icon: UserPlus,
      choices: (text) =>
        people
          .map(({ id, name }): Choice => {
            const chosen = card.assignees.includes(id)
            const run = () => change(name, [calls.setAssignee(card.id, id, !chosen)])
            return { id, label: name, chosen, run }
          })
          .filter(({ label }) => saysAll(label, text)),
    },
    {
      id: 'card-label',
      label: t().card.addLabel,
      also: t().palette.also.label,
      icon: Tag,
      choices: (text) =>
        labelChoices(screen.board, text, {
          isChosen: (label) => card.labels.includes(label),
          toggle: ({ id, name }, chosen) => change(name, [calls.setLabel(card.id, id, !chosen)]),
          create: (name) => void screen.change(card, screen.newLabelOn([card], name)),
        }),
    },
    {
      id: 'card-priority',
      label: t().card.priority,
      icon: Flag,
      choices: (text) =>
        [...priorities, null]
          .map((one): Choice => {
            const label = t().card.priorities[one === null ? 'none' : priorityCode[one]]
            const run = () => change(label, [calls.setPriority(card.id, one)])
            return { id: one ?? 'none', label, chosen: card.priority === one, run }
          })
          .filter(({ label }) => saysAll(label, text)),
    },
    ...(['due', 'start'] as const).map((field): Question => ({
      id: `card-${field}`,
      label: t().card[field],
      also: t().palette.also[field],
      icon: CalendarDays,
      hint: t().dates.wordsHint,
      choices: (text) =>
        dayChoices(screen.today, text, { field, now: card[field] }, (day, label) =>
          change(label, [calls.setDates(card.id, { [field]: day })]),
        ),
    })),
    {
      id: 'card-estimate',
      label: t().estimate.title,
      icon: Hourglass,
      hint: t().estimate.placeholder,
      choices: (text) =>
        hourChoices(text, card.estimate, (hours, label) => change(label, [calls.setEstimate(card.id, hours)])),
    },
    {
      id: 'card-repeat',
      label: t().repeat.title,
      icon: Repeat,
      choices: (text) =>
        [...repeats, null]
          .map((one): Choice => {
            const label = one === null ? t().repeat.never : t().repeat.every[one]
            const run = () => change(label, [calls.setRepeat(card.id, one)])
            return { id: one ?? 'never', label, chosen: card.repeat === one, run }
          })
          .filter(({ label }) => saysAll(label, text)),
    },
    {
      id: 'card-blocked',
      label: t().blocking.title,
      icon: Ban,
      hint: t().blocking.find,
      inTwoSteps: true,
      choices: (text) => blockerChoices(screen, card, text, change),
    },
    {
      id: 'card-column',
      label: t().palette.moveTo,
      also: t().palette.also.moveTo,
      icon: ArrowRightLeft,
      choices: (text) =>
        screen.board.columns
          .map(({ id, title }): Choice => ({
            id,
            label: title || t().board.columnName,
            chosen: id === card.column,
            run: () => screen.moves.moveToEnd(card, id),
          }))
          .filter(({ label }) => saysAll(label, text)),
    },
  ]
}

/** Cards that it waits for, then those that it could wait for. */
function blockerChoices(
  { board }: BoardScreen,
  card: Card,
  text: string,
  change: (label: string, list: MutationCall[]) => void,
): Choice[] {
  const all = board.columns.flatMap(({ id }) => board.cardsIn.get(id) ?? [])
  const toChoice = ({ id, title }: Card): Choice => {
    const [label, chosen] = [title || t().card.untitled, card.blockedBy.includes(id)]
    return { id, label, chosen, run: () => change(label, [calls.setBlockedBy(card.id, id, !chosen)]) }
  }
  return all
    .filter(({ id, title }) => id !== card.id && saysAll(title || t().card.untitled, text))
    .map(toChoice)
    .sort((a, b) => Number(b.chosen) - Number(a.chosen))
    .slice(0, MOST_CARDS)
}
const MOST_CARDS = 50

/** Amounts of work that people mean most, or the one that is written; and none. */
function hourChoices(text: string, now: number | null, set: (hours: number | null, label: string) => void): Choice[] {
  const written = text.trim() === '' ? null : parseHours(text.trim())
  const amounts = written === null ? [1, 2, 4, 8, 16, 40] : [written]
  const list = amounts.map((hours): Choice => {
    const label = t().estimate.hours(hours)
    return { id: String(hours), label, chosen: hours === now, run: () => set(hours, label) }
  })
  if (written !== null) return list
  const none = { id: 'none', label: t().common.none, run: () => set(null, t().common.none) }
  return [...list, ...(now === null ? [] : [none])].filter(({ label }) => saysAll(label, text))
}

/** Those of the board that say the text, and one that is called so where none is. */
export function labelChoices(
  board: Pick<ScreenBoard, 'labels'>,
  text: string,
  act: {
    isChosen: (label: string) => boolean
    toggle: (label: Label, chosen: boolean) => void
    create: (name: string) => void
  },
): Choice[] {
  const known = board.labels.map((label): Choice => {
    const chosen = act.isChosen(label.id)
    return { id: label.id, label: label.name, chosen, run: () => act.toggle(label, chosen) }
  })
  const name = text.trim()
  const isNew = name !== '' && !labelNamed(board, name, '')
  const create = { id: 'new', label: t().card.createLabel(name), run: () => act.create(name) }
  return [...known.filter(({ label }) => saysAll(label, text)), ...(isNew ? [create] : [])]
}

/** The days that people mean most, or the one that is written; and none. */
export function dayChoices(
  today: Day,
  text: string,
  { field, now, clearable = now !== null }: { field: 'start' | 'due'; now: Day | null; clearable?: boolean },
  set: (day: Day | null, label: string) => void,
): Choice[] {
  const named = (id: string, words: string, day: Day): Choice => {
    const label = `${words} · ${formatDay(day, locale(), today)}`
    return { id, label, chosen: day === now, run: () => set(day, label) }
  }
  const { days } = t().palette
  const written = text.trim() === '' ? null : dayTyped(text, today, field)
  if (written) return [named('written', text.trim(), written)]
  return [
    named('today', days.today, today),
    named('tomorrow', days.tomorrow, addDays(today, 1)),
    named('workday', days.nextWorkday, addWorkdays(today, 1)),
    named('week', days.inAWeek, addDays(today, 7)),
    ...(!clearable ? [] : [{ id: 'none', label: days.none, run: () => set(null, days.none) }]),
  ].filter(({ label }) => saysAll(label, text))
}
