import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Day } from '#lib/kernel/instants.ts'
import type { ForeignReading } from '#lib/kinds/board/foreign/fields.ts'
import type { Loss } from '#lib/kinds/board/foreign/foreign-board.ts'
import { planBoard } from '#lib/kinds/board/foreign/plan-board.ts'
import { looksLikeJson, readJsonBoard, readProductTable } from '#lib/kinds/board/foreign/read-foreign.ts'
import { en } from '#lib/i18n/en.ts'
import { reportOf } from '#lib/kinds/board/ui/import-report.ts'
import { readTable } from '#lib/kinds/board/read-table.ts'
import { englishWords } from '#tests/support/foreign-words.ts'
import { asRead, boardAfter, planOptions } from '../support/planned-board.ts'

const reading: ForeignReading = { today: '2026-11-23' as Day, utcOffset: 480, words: englishWords }
const pause = () => Promise.resolve()
const folder = new URL('../fixtures/foreign/', import.meta.url)
const fixture = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const empty = boardAfter([]).board

async function imported(text: string) {
  const foreign = looksLikeJson(text)
    ? readJsonBoard(text, reading)
    : await readProductTable(await readTable(text, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this file')
  const { calls, loss, errors } = await planBoard(foreign, planOptions(empty), { pause })
  return {
    cards: asRead(boardAfter(calls)).flatMap(({ cards }) => cards),
    losses: loss.others.map(said),
    columns: loss.fileColumns.map(({ heading, cells }) => `${heading} ${cells}`),
    errors: errors.map(({ code }) => code),
    times: loss.times,
  }
}
const said = ({ what, count, kept, names }: Loss) =>
  `${count} ${what} ${kept === null ? 'lost' : `in the ${kept}`}: ${names.join(', ')}`
const ofFile = (file: unknown) => imported(JSON.stringify(file))

/** Every object in a JSON value, with the keys of the lists and objects that it is in. */
function objectsIn(value: unknown, way: string[] = []): { way: string; object: Record<string, unknown> }[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.entries(value).flatMap(([key, below]) =>
    objectsIn(below, Array.isArray(value) ? way : [...way, key]),
  )
  return Array.isArray(value) ? inner : [{ way: way.join(' '), object: value as Record<string, unknown> }, ...inner]
}

describe('a field that no reader has ever heard of is in the report under its own name', () => {
  /** Where cards, subtasks and items of checklists stand in the files of each product. */
  const places: Readonly<Record<string, readonly string[]>> = {
    'trello.json': ['', 'cards', 'checklists checkItems'],
    'wekan.json': ['', 'cards', 'checklistItems'],
    'planka.json': ['included', 'included cards', 'included tasks'],
    'asana.json': ['data', 'data subtasks', 'data subtasks subtasks'],
  }
  test.each(Object.entries(places))('%s', async (name, ways) => {
    for (const way of ways) {
      const file: unknown = JSON.parse(fixture(name))
      const found = objectsIn(file).filter((entry) => entry.way === way)
      expect(found.length, way).toBeGreaterThan(0)
      for (const { object } of found) object['moonPhase'] = { of: 'waxing' }
      const { losses } = await ofFile(file)
      const counted = losses.filter((line) => line.endsWith('moonPhase') && line.includes(' lost: '))
      expect(counted, way).toEqual([expect.stringMatching(new RegExp(`^${found.length} (?:other|subtask|item)-`))])
    }
  })

  test('in tables: a column of no meaning, and one that only a subtask has', async () => {
    for (const name of readdirSync(folder).filter((name) => name.endsWith('.csv') && name !== 'feishu.csv')) {
      const [head = '', ...rows] = fixture(name).split('\n')
      const { columns, losses } = await imported([`Moon,${head}`, ...rows.map((row) => `waxing,${row}`)].join('\n'))
      // Asana's own columns are a company's own fields; they stay as text.
      const text = name === 'asana.csv' ? losses : columns
      expect(
        text.filter((line) => /Moon/.test(line)),
        name,
      ).toHaveLength(1)
    }
  })
})

test('the report says first what is gone, then what stands in an item or a description', async () => {
  const foreign = readJsonBoard(fixture('trello.json'), reading)
  const plan = await planBoard(foreign, planOptions(empty), { pause })
  const { losses } = reportOf({ ...plan }, () => true, en)
  expect(reportOf({ ...plan }, () => true, en, 2).losses).toEqual([
    '2 characters could not be read and stand as “�”.',
    ...losses,
  ])
  const starts = losses.map(
    (line) => /^(?:Left out|Kept as text in the (?:description|checklist item))/.exec(line)?.[0],
  )
  const told = starts.filter((start) => start !== undefined)
  expect(told.lastIndexOf('Left out')).toBe(told.filter((start) => start === 'Left out').length - 1)
  expect(losses).toContain(
    'Kept as text in the checklist item: 1 × details of checklist items (Book the hall <b>today</b>)',
  )
})

test('Trello: where a card is, its cover, reminders, power-ups and stickers; an item says whose it is and until when', async () => {
  // As the web application exports a card, shortened.
  const card = {
    ...{ id: 'c1', address: '1 Quay Rd', badges: { votes: 0, comments: 0, location: true }, checkItemStates: [] },
    ...{ closed: false, coordinates: { latitude: 31.2, longitude: 121.5 }, creationMethod: null, cardRole: null },
    ...{ dueComplete: false, dateLastActivity: '2026-11-20T08:00:00.000Z', desc: 'Bring the plan' },
    ...{ descData: { emoji: {} }, due: null, dueReminder: 1440, email: 'x@boards.trello.example', idBoard: 'b' },
    ...{ idChecklists: ['k'], idList: 'l', idMembers: [], idMembersVoted: [], idShort: 7, idAttachmentCover: null },
    ...{ labels: [], idLabels: [], limits: { stickers: { perCard: { status: 'ok' } } }, locationName: 'Hall 3' },
    ...{
      manualCoverAttachment: false,
      name: 'Book',
      nodeId: 'ari:1',
      pos: 1,
      shortLink: 'a',
      shortUrl: 'https://t.example/c/a',
    },
    ...{ start: null, subscribed: true, url: 'https://t.example/c/a/7', isTemplate: false, attachments: [] },
    cover: { idAttachment: null, color: 'lime', idUploadedBackground: null, size: 'normal', brightness: 'dark' },
    pluginData: [{ id: 'p', idPlugin: 'q', value: '{"points":3}' }],
    stickers: [{ id: 's', image: 'heart' }],
    customFieldItems: [{ idCustomField: 'f', idValue: 'gone' }],
  }
  const { cards, losses } = await ofFile({
    ...{ id: 'b', name: 'Launch', desc: '', prefs: { background: 'blue' }, memberships: [{ id: 'x' }], shortLink: 'b' },
    lists: [{ id: 'l', name: 'Doing', closed: false, pos: 1, softLimit: null }],
    cards: [card],
    members: [{ id: 'm', fullName: 'Bo Berg' }],
    customFields: [{ id: 'f', name: 'Region', type: 'list', options: [] }],
    checklists: [
      {
        ...{ id: 'k', idCard: 'c1', name: 'Before we go', pos: 1 },
        checkItems: [
          {
            ...{ id: 'i', idChecklist: 'k', name: 'Sign', nameData: { emoji: {} }, pos: 1, state: 'incomplete' },
            ...{ due: '2026-11-30T02:00:00.000Z', dueReminder: -1, idMember: 'm' },
          },
          {
            id: 'j',
            idChecklist: 'k',
            name: 'Pay',
            pos: 2,
            state: 'complete',
            due: null,
            dueReminder: 60,
            idMember: 'gone',
          },
        ],
      },
    ],
  })
  expect(cards).toEqual([
    {
      title: 'Book',
      checklist: ['[ ] Sign (Bo Berg, 2026-11-30)', '[x] Pay'],
      description: 'Bring the plan\n\nLocation: Hall 3, 1 Quay Rd, 31.2 121.5',
    },
  ])
  expect(losses).toEqual([
    '1 custom-fields lost: Region',
    '1 covers lost: Book',
    '1 item-details in the item: Book',
    '1 people-unknown lost: Book',
    '1 other-fields in the description: Location',
    '2 other-fields lost: pluginData, stickers',
    '2 reminders lost: Book',
    '1 checklist-names lost: Before we go',
  ])
})

test('Wekan: who asked for a card, when it came and ended, places, what it waits for, colours, stickers; a subtask that is a card is not doubled', async () => {
  const card = (id: string, more: object) => ({
    ...{ _id: id, title: id, listId: 'l', swimlaneId: 's', sort: 0, archived: false, labelIds: [], members: [] },
    ...{ assignees: [], customFields: [], requestedBy: '', assignedBy: '', parentId: '', coverId: '', linkedId: '' },
    ...{ createdAt: '2026-11-01T08:00:00.000Z', modifiedAt: '2026-11-02T08:00:00.000Z', userId: 'p1' },
    ...{ dateLastActivity: '2026-11-02T08:00:00.000Z', type: 'cardType-card', spentTime: 0, isOvertime: false },
    ...{ subtaskSort: -1, cardNumber: 3, showActivities: false, vote: { question: '', positive: [], negative: [] } },
    ...more,
  })
  const elsewhere = card('Elsewhere', {
    ...{ parentId: 'Sow', listId: 'other', members: ['p1'], dueAt: '2026-11-30T08:00:00.000Z', description: 'Deep' },
    ...{ archived: true, labelIds: ['x'], color: 'red' },
  })
  const dig = card('Dig', { parentId: 'Sow', sort: 2, vote: { question: 'Now?', positive: [], negative: [] } })
  const { cards, losses } = await ofFile({
    ...{ _format: 'wekan-board-1.0.0', _id: 'b', title: 'Garden', description: 'All of it', permission: 'private' },
    ...{
      allowsSubtasks: true,
      showDescriptionTextOnMinicard: true,
      sort: 1,
      color: 'belize',
      members: [{ userId: 'p1' }],
    },
    swimlanes: [
      { _id: 's', title: 'Main' },
      { _id: 't', title: 'Nobody stands here' },
    ],
    lists: [
      { _id: 'l', title: 'To do', sort: 0 },
      { _id: 'o', title: 'Long gone', sort: 1, archived: true },
    ],
    users: [{ _id: 'p1', username: 'bo' }],
    customFields: [{ _id: 'f', name: 'Tools', type: 'stringtemplate' }],
    cards: [
      card('Sow', {
        ...{ receivedAt: '2026-11-03T20:00:00.000Z', endAt: '2026-11-28T08:00:00.000Z', requestedBy: 'p1' },
        ...{
          assignedBy: 'the boss',
          color: 'pink',
          stickers: [{ icon: 'heart' }],
          dueComplete: true,
          isOvertime: true,
        },
        ...{ locations: [{ _id: '1', name: 'Bed 2', address: '', latitude: 31.2, longitude: 121.5 }] },
        ...{ customFields: [{ _id: 'f', value: ['spade', 'rake'] }], poker: { question: true } },
        cardDependencies: [
          { cardId: 'Dig', type: 'is-blocked-by', color: '#eb144c', icon: 'link' },
          { cardId: 'Water', type: 'blocks' },
          { cardId: 'Dig', type: 'related-to' },
        ],
      }),
      dig,
      card('Water', { sort: 3, type: 'template-card' }),
    ],
    subtaskItems: [dig, elsewhere],
    activities: [{ _id: 'a1' }, { _id: 'a2' }],
  })
  expect(cards).toEqual([
    {
      title: 'Sow',
      blockedBy: ['Dig'],
      checklist: ['[x] Elsewhere (bo, 2026-11-30)'],
      description: [
        'Elsewhere: Deep',
        'Tools: spade, rake',
        'Requested by: bo',
        'Assigned by: the boss',
        'Received: 2026-11-04',
        'Ended: 2026-11-28',
        'Location: Bed 2, 31.2 121.5',
        'related-to: Dig',
      ].join('\n'),
    },
    { title: 'Dig', description: '↑ Sow' },
    { title: 'Water', blockedBy: ['Sow'] },
  ])
  expect(losses).toEqual([
    '1 custom-fields in the description: Tools',
    '1 votes lost: Dig',
    '1 covers lost: Sow',
    '1 finished-marks lost: Sow',
    '1 parents in the description: Sow',
    '1 links in the description: Dig',
    '1 subtask-details in the item: Sow',
    '1 subtask-details in the description: Sow',
    '2 subtask-details lost: labelIds, color',
    '1 time-records lost: Sow',
    '3 authors lost: ',
    '5 other-fields in the description: Requested by, Assigned by, Received, Ended, Location',
    '2 other-fields lost: stickers, poker',
    '1 board-descriptions lost: All of it',
    '2 swimlanes lost: Main, Nobody stands here',
    '2 history lost: ',
    '1 template-marks lost: Water',
    '1 archived-empty lost: Long gone',
  ])
})

test('Planka: start dates, whose a task is, what a card waits for, fields by their groups, stories and who made a card', async () => {
  const card = (id: string, more: object) => ({
    ...{
      id,
      boardId: 'b',
      listId: 'l',
      creatorUserId: 'u',
      prevListId: null,
      coverAttachmentId: null,
      type: 'project',
    },
    ...{ position: 1, name: id, description: null, startDate: null, dueDate: null, isDueCompleted: null },
    ...{
      stopwatch: null,
      commentsTotal: 0,
      isClosed: false,
      listChangedAt: '2026-11-20T08:00:00.000Z',
      isSubscribed: true,
    },
    ...more,
  })
  const { cards, losses } = await ofFile({
    item: { id: 'b', name: 'Flat' },
    included: {
      ...{ projects: [{ id: 'p' }], boardMemberships: [{ id: 'x' }], cardSubscriptions: [] },
      lists: [{ id: 'l', name: 'Open', type: 'active', position: 1 }],
      users: [{ id: 'u', name: 'Bo Berg' }],
      cards: [
        card('Paint', { startDate: '2026-11-24T08:00:00.000Z', dueDate: '2026-11-30T08:00:00.000Z' }),
        card('Tape', { position: 2, type: 'story' }),
        card('Clean', { position: 3 }),
      ],
      taskLists: [
        { id: 't', cardId: 'Paint', name: 'Rooms', position: 1, showOnFrontOfCard: true },
        { id: 'e', cardId: 'Paint', name: 'Empty', position: 2 },
      ],
      tasks: [
        {
          id: '1',
          taskListId: 't',
          name: 'Hall',
          position: 1,
          isCompleted: false,
          assigneeUserId: 'u',
          linkedCardId: null,
        },
        {
          id: '2',
          taskListId: 't',
          name: 'Tape',
          position: 2,
          isCompleted: true,
          assigneeUserId: null,
          linkedCardId: 'Tape',
        },
      ],
      cardRelations: [
        { id: 'r1', cardId: 'Paint', relatedCardId: 'Tape', kind: 'blockedBy' },
        { id: 'r2', cardId: 'Paint', relatedCardId: 'Clean', kind: 'blocks' },
        { id: 'r3', cardId: 'Tape', relatedCardId: 'Clean', kind: 'related' },
        { id: 'r4', cardId: 'gone', relatedCardId: 'Clean', kind: 'duplicate' },
      ],
      customFieldGroups: [{ id: 'g', cardId: 'Paint', name: null, baseCustomFieldGroupId: 'bg' }],
      baseCustomFieldGroups: [{ id: 'bg', name: 'Money' }],
      customFields: [{ id: 'f', name: 'Cost' }],
      customFieldValues: [{ id: 'v', cardId: 'Paint', customFieldGroupId: 'g', customFieldId: 'f', content: '420' }],
    },
  })
  expect(cards).toEqual([
    {
      ...{ title: 'Paint', start: '2026-11-24', due: '2026-11-30', blockedBy: ['Tape'] },
      ...{ checklist: ['[ ] Rooms: Hall (Bo Berg)', '[x] Rooms: Tape'], description: 'Money · Cost: 420' },
    },
    { title: 'Tape', description: 'related: Clean' },
    { title: 'Clean', blockedBy: ['Paint'] },
  ])
  expect(losses).toEqual([
    '1 custom-fields in the description: Money · Cost',
    '1 links in the description: Clean',
    '1 item-details in the item: Paint',
    '1 item-details lost: linkedCardId',
    '3 authors lost: ',
    '1 other-fields lost: type',
    '1 checklist-names lost: Empty',
    '1 of-no-card lost: duplicate',
  ])
})

describe('subtasks', () => {
  test('Asana CSV: people, days and tags stand in the item, notes and own fields in the description, the rest is counted by its column', async () => {
    const { cards, losses } = await imported(
      [
        'Task ID,Created At,Completed At,Last Modified,Name,Section/Column,Assignee,Assignee Email,Start Date,Due Date,Tags,Notes,Projects,Parent task,Blocked By (Dependencies),Blocking (Dependencies),Channel',
        '2,2026-11-01,,2026-11-02,Sub A,,Bo,bo@example.com,2026-12-02,2026-12-05,"tagged, red","Two pages\nand more",Campaign,Brief,Plan,,Mail',
        '1,2026-11-01,,2026-11-02,Brief,Drafts,,,,,,,Campaign,,,,',
        '3,2026-11-01,,2026-11-02,Plan,Drafts,,,,,,,Campaign,,,Sub A,',
        '4,2026-11-01,2026-11-03,2026-11-03,Sub of a sub,,,,,,,,,Sub A,Plan,,',
      ].join('\n'),
    )
    expect(cards).toEqual([
      {
        title: 'Brief',
        checklist: ['[ ] Sub A (Bo, 2026-12-02 – 2026-12-05, #tagged, #red)', '[x] Sub A › Sub of a sub'],
        description: 'Sub A: Two pages\nand more\nSub A · Channel: Mail',
      },
      { title: 'Plan' },
    ])
    expect(losses).toEqual([
      '1 subtask-details in the item: Brief',
      '2 subtask-details in the description: Brief',
      '2 subtask-details lost: Blocked By (Dependencies)',
      '1 blocking-unknown lost: Sub A',
    ])
  })

  test('Asana JSON: however deep they are, all come, with what each has; one that is a card of the file is not doubled', async () => {
    const deep = (level: number): object[] =>
      level === 0 ? [] : [{ gid: `d${level}`, name: `Level ${level}`, completed: false, subtasks: deep(level - 1) }]
    const { cards, losses, times } = await ofFile({
      data: [
        {
          ...{
            gid: '1',
            resource_type: 'task',
            name: 'Brief',
            completed: false,
            created_at: '2026-11-01T08:00:00.000Z',
          },
          ...{
            notes: '',
            projects: [
              { gid: 'p', name: 'Campaign' },
              { gid: 'q', name: 'Year' },
            ],
            resource_subtype: 'milestone',
          },
          ...{
            approval_status: 'pending',
            actual_time_minutes: 30,
            dependents: [{ gid: '2' }, { gid: 'gone' }],
            parent: null,
          },
          ...{
            due_on: '2026-12-01',
            due_at: '2026-12-01T08:00:00.000Z',
            num_subtasks: 3,
            permalink_url: 'https://a.example',
          },
          custom_fields: [
            { gid: 'f', name: 'Stage', display_value: null, enum_value: { gid: 'e', name: 'Draft' } },
            { gid: 'h', name: 'Empty', display_value: null, text_value: null },
          ],
          subtasks: [
            {
              ...{
                gid: '4',
                name: 'Outline',
                completed: true,
                assignee: { gid: 'a', name: 'Bo' },
                resource_subtype: 'default_task',
              },
              ...{ start_on: '2026-11-24', due_on: '2026-11-25', notes: 'On paper', tags: [{ gid: 't', name: 'red' }] },
              ...{
                custom_fields: [
                  { name: 'Stage', display_value: 'Done' },
                  { name: 'Empty', display_value: null },
                ],
              },
              ...{
                followers: [{ gid: 'a' }],
                num_likes: 2,
                external: { gid: 'x' },
                memberships: [],
                parent: { gid: '1' },
              },
              attachments: [{ gid: 'y', name: 'plan.pdf', view_url: 'https://a.example/plan' }],
              subtasks: [],
            },
            { gid: '2', name: 'Ask', completed: false },
            ...deep(7),
          ],
        },
        { gid: '2', name: 'Ask', completed: false, parent: { gid: '1', name: 'Brief' } },
      ],
    })
    expect(cards).toEqual([
      {
        ...{ title: 'Brief', due: '2026-12-01' },
        checklist: [
          '[x] Outline (Bo, 2026-11-24 – 2026-11-25, #red)',
          '[ ] Level 7',
          '[ ] Level 7 › Level 6',
          '[ ] Level 7 › Level 6 › Level 5',
          '[ ] Level 7 › Level 6 › Level 5 › Level 4',
          '[ ] Level 7 › Level 6 › Level 5 › Level 4 › Level 3',
          '[ ] … › Level 5 › Level 4 › Level 3 › Level 2',
          '[ ] … › Level 4 › Level 3 › Level 2 › Level 1',
        ],
        description:
          'Stage: Draft\nOutline: On paper\nOutline · Stage: Done\n\nAttachments\nplan.pdf https://a.example/plan',
      },
      { title: 'Ask', blockedBy: ['Brief'], description: '↑ Brief' },
    ])
    expect(losses).toEqual([
      '1 attachment-links in the description: plan.pdf',
      '1 custom-fields in the description: Stage',
      '2 votes lost: Brief',
      '1 watchers lost: Brief',
      '1 parents in the description: Brief',
      '1 subtask-details in the item: Brief',
      '2 subtask-details in the description: Brief',
      '1 subtask-details lost: external',
      '1 time-records lost: Brief',
      '1 blocking-unknown lost: gone',
      '1 authors lost: ',
      '3 other-fields lost: milestone, projects, approval_status',
    ])
    expect(times).toBe(1)
  })

  test('Todoist: what a subtask has stands in its item, its description below that of the card, its note under its name', async () => {
    const { cards, losses, errors, columns, times } = await imported(
      [
        'TYPE,CONTENT,DESCRIPTION,PRIORITY,INDENT,AUTHOR,RESPONSIBLE,DATE,DATE_LANG,TIMEZONE,DURATION,DURATION_UNIT,DEADLINE,DEADLINE_LANG',
        'meta,view_style=board,,,,,,,,,,,,',
        'task,Parent,,4,1,Ann (1),,,en,,,None,,',
        'task,Child @phone @urgent_thing,With care,1,2,Ann (1),Bo (2),2026-12-01 10:00,en,,15,minute,2026-12-03,en',
        'note,Ask first,,,,Ann (1),,,,,,,,',
        'task,Daily,,4,2,Ann (1),,every day at 9,en,,,None,someday,en',
        ',,,,,,,,,,,,,',
        'task,Other,,urgent,1,,,,en,,soon,minute,whenever,en',
        'section,Later,All of it,,,,,,,,,,,',
        'goal,Rest,,,,,,,,,,,,',
      ].join('\n'),
    )
    expect(cards).toEqual([
      {
        title: 'Parent',
        checklist: [
          '[ ] Child (Bo, 2026-12-01 – 2026-12-03, #phone, #urgent thing, p1, 15 minute)',
          '[ ] Daily (every day at 9, someday)',
        ],
        description: 'Child: With care\n\nComments\nChild: Ask first',
      },
      { title: 'Other' },
    ])
    expect(losses).toEqual([
      '1 comments in the description: Parent',
      '2 subtask-details in the item: Parent',
      '1 subtask-details in the description: Parent',
      '1 authors lost: ',
      '1 other-fields lost: DESCRIPTION',
      '1 entries-broken lost: Rest',
    ])
    expect(errors).toEqual(['row-date-unreadable', 'row-priority-unknown', 'row-estimate-unknown'])
    expect(columns).toEqual([])
    expect(times).toBe(1)
  })
})

test('of more subtasks than a checklist takes only those are said to be kept that come, and what a long one says is in the description', async () => {
  const subtasks = Array.from({ length: 503 }, (_, at) => ({
    ...{ gid: `s${at}`, name: at === 7 ? 'Sew '.repeat(1300) : `Sew ${at}`, completed: false },
    assignee: { name: 'Bo' },
  }))
  const { cards, losses } = await ofFile({ data: [{ gid: '1', name: 'Sails', completed: false, subtasks }] })
  expect(cards.map(({ checklist }) => (checklist as string[]).length)).toEqual([500])
  expect(losses).toEqual([
    '499 subtask-details in the item: Sails',
    '1 subtask-details in the description: Sails',
    '3 checklist-items lost: Sails',
  ])
})

test('a label on no card comes along where it has a name: from Trello, Wekan and Planka', async () => {
  const labels = [
    ...[
      { id: '1', _id: '1', name: 'Rush', color: 'red' },
      { id: '2', _id: '2', name: '', color: 'blue' },
    ],
    { id: '3', _id: '3', name: 'On a card', color: 'green' },
  ]
  const files = [
    { lists: [], labels, cards: [{ id: 'c', name: 'Sew', idLabels: ['3'] }] },
    { _format: 'wekan-board-1.0.0', lists: [], labels, cards: [{ _id: 'c', title: 'Sew', labelIds: ['3'] }] },
    { included: { lists: [], labels, cards: [{ id: 'c', name: 'Sew' }], cardLabels: [{ cardId: 'c', labelId: '3' }] } },
  ]
  for (const file of files) {
    const foreign = readJsonBoard(JSON.stringify(file), reading)
    const { calls } = await planBoard(foreign, planOptions(empty), { pause })
    const { board } = boardAfter(calls)
    expect(board.labels.map(({ name, color }) => `${name} ${color}`).toSorted(), foreign.format).toEqual([
      'On a card green',
      'Rush red',
    ])
  }
})

test('Tongzhou: what stands in a file beside what is known here is counted under its name', async () => {
  const { cards, losses } = await ofFile({
    ...{ format: 'tongzhou-board', version: 1, exportedAt: '2026-11-26T09:00:00.000Z', attachments: [{ id: 'a' }] },
    board: {
      ...{ title: 'Boat', columns: { k: { title: 'Doing', order: 'a1' } }, labels: {}, goals: { g: 'Swim' } },
      cards: { c: { title: 'Sew', column: 'k', order: 'a1', mood: 'good', estimate: null } },
    },
    ...{ descriptions: {}, people: {}, history: [] },
  })
  expect(cards).toEqual([{ title: 'Sew' }])
  expect(losses).toEqual(['1 authors lost: ', '3 other-fields lost: attachments, goals, mood'])
})

test('Jira in Chinese: days and moments of comments are read as it writes them', async () => {
  const { cards, errors } = await imported(
    [
      '概要,问题关键字,问题类型,状态,优先级,到期日,评论',
      '修风扇,A-1,故障,待办,高,26/十一月/26 2:15 下午,"05/一月/26 12:30 上午;zhang;先问生产"',
      '量温度,A-2,任务,完成,低,03/12月/26 12:00 上午,',
    ].join('\n'),
  )
  expect(errors).toEqual([])
  expect(cards).toMatchObject([
    { title: '修风扇', due: '2026-11-26', description: 'A-1\n\nComments\nzhang, 2026-01-05: 先问生产' },
    { title: '量温度', due: '2026-12-03' },
  ])
})

test('Jira: links of any kind and own fields come whole, sprints of old servers too', async () => {
  const long = `${'Every word of it. '.repeat(20)}End`
  const { cards, losses, columns } = await imported(
    [
      'Summary,Issue key,Issue id,Issue Type,Status,Resolution,Inward issue link (Tests),Outward issue link (Tests),Outward issue link (Polaris work item link),Custom field (Acceptance criteria),Custom field (Sprint)',
      `Sew,A-1,1,Bug,Doing,Fixed,A-2,A-3,A-4,"${long}\nand below","com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,name=Sprint 7,state=ACTIVE]"`,
    ].join('\n'),
  )
  expect(cards).toEqual([
    {
      ...{ title: 'Sew', labels: expect.arrayContaining(['Bug', 'Sprint 7']) },
      description: `A-1\nAcceptance criteria: ${long}\nand below\nTests: A-2\nTests: A-3\nPolaris work item link: A-4`,
    },
  ])
  expect(losses).toEqual([
    '1 custom-fields in the description: Acceptance criteria',
    '3 links in the description: A-2, A-3, A-4',
  ])
  expect(columns).toEqual(['Issue id 1', 'Resolution 1'])
})

test('limits that are none here are told, and so is a column without a name and without cards that is no new one', async () => {
  const limits = [null, 0, 3, -4, 'many', 0.5, 99999999]
  const lists = limits.map((softLimit, at) => ({ id: `l${at}`, name: `List ${at}`, closed: false, pos: at, softLimit }))
  const ofTrello = await ofFile({ lists, cards: [{ id: 'c', name: 'Mast', idList: 'l0' }] })
  expect(ofTrello.losses).toEqual(['4 limits-strange lost: List 3, List 4, List 5, List 6'])
  const wip = [{ value: -2, enabled: true }, { value: -2, enabled: false }, { value: 4, enabled: true }, undefined]
  const ofWekan = await ofFile({
    _format: 'wekan-board-1.0.0',
    swimlanes: [],
    lists: wip.map((wipLimit, at) => ({ _id: `l${at}`, title: `List ${at}`, archived: false, sort: at, wipLimit })),
    cards: [{ _id: 'c', title: 'Mast', listId: 'l0' }],
  })
  expect(ofWekan.losses).toEqual(['1 limits-strange lost: List 0'])

  const file = {
    lists: ['', 'Sail'].map((name) => ({ id: `l${name}`, name, closed: false })),
    cards: [{ id: 'c', name: 'Mast', idList: 'lSail' }],
  }
  const { unnamedColumn } = englishWords
  const onto = async (...titles: string[]) => {
    const made = titles.map((title, at) => ({
      mutation: 'addColumn',
      args: { column: `column${at}`, title, order: `a${at}` },
    }))
    const foreign = readJsonBoard(JSON.stringify(file), reading)
    const { loss, emptyColumns } = await planBoard(foreign, planOptions(boardAfter(made).board), { pause })
    return [loss.others.map(said), emptyColumns]
  }
  expect(await onto(unnamedColumn)).toEqual([['1 columns-unnamed lost: '], []])
  expect(await onto('Other')).toEqual([[], [unnamedColumn]])
})

test('a column without a name has one of its own, beside the first column of the board or of the file', async () => {
  const { firstColumn } = planOptions(empty)
  const { unnamedColumn } = englishWords
  const onto = async (titles: readonly string[], names: readonly string[], lost = 0) => {
    const made = titles.map((title, at) => ({
      mutation: 'addColumn',
      args: { column: `column${at}`, title, order: `a${at}` },
    }))
    const lists = names.map((name, at) => ({ id: `l${at}`, name, closed: false, pos: at }))
    const cards = [...lists.map(({ id }) => id), ...Array<string>(lost).fill('gone')].map((idList, at) => ({
      ...{ id: `c${at}`, name: `Card ${at}`, idList },
    }))
    const foreign = readJsonBoard(JSON.stringify({ lists, cards }), reading)
    const plan = await planBoard(foreign, planOptions(boardAfter(made).board), { pause })
    const after = asRead(boardAfter([...made, ...plan.calls]))
    const columnOf = (title: string) => after.find(({ cards }) => cards.some((card) => card.title === title))?.column
    // What the preview says is what the board then has.
    expect(plan.preview.map(({ title, column }) => [title, column])).toEqual(
      plan.preview.map(({ title }) => [title, columnOf(title)]),
    )
    const said = plan.errors.map(({ code, params }) => `${code} ${params['value']}`)
    return { columns: after.map(({ column, cards }) => `${column} ${cards.length}`), said }
  }
  expect(await onto([], ['', firstColumn])).toEqual({
    columns: [`${unnamedColumn} 1`, `${firstColumn} 1`],
    said: [`row-column-unnamed ${unnamedColumn}`],
  })
  expect((await onto([firstColumn], ['', firstColumn])).columns).toEqual([`${unnamedColumn} 1`, `${firstColumn} 1`])
  expect(await onto([firstColumn], [' ', '', 'Sail'])).toEqual({
    columns: [`${firstColumn} 0`, `${unnamedColumn} (1) 1`, `${unnamedColumn} (2) 1`, 'Sail 1'],
    said: [`row-column-unnamed ${unnamedColumn} (1)`, `row-column-unnamed ${unnamedColumn} (2)`],
  })
  // Imported once more they are the same.
  expect((await onto([unnamedColumn], ['', 'Sail'])).columns).toEqual([`${unnamedColumn} 1`, 'Sail 1'])
  // Where the column is missing in the file it is said which one the card goes to: a new one may come to stand first.
  expect(await onto(['Doing'], ['Before', 'Doing'], 1)).toEqual({
    columns: ['Before 1', 'Doing 2'],
    said: ['row-column-unknown Doing'],
  })
})

test('Planka: a list without a name is a column without a name, whatever its type is called', async () => {
  const planka = {
    item: { id: 'b', name: 'Flat' },
    included: {
      lists: [
        { id: 'l', name: null, type: 'active', position: 1 },
        { id: 'm', name: '', type: 'closed', position: 2 },
      ],
      cards: ['l', 'm'].map((listId) => ({ id: `c${listId}`, name: `In ${listId}`, listId, type: 'project' })),
    },
  }
  const foreign = readJsonBoard(JSON.stringify(planka), reading)
  const { calls, errors } = await planBoard(foreign, planOptions(empty), { pause })
  const names = [1, 2].map((number) => `${englishWords.unnamedColumn} (${number})`)
  expect(asRead(boardAfter(calls)).map(({ column }) => column)).toEqual(names)
  expect(errors.map(({ code, params }) => `${code} ${params['value']}`)).toEqual(
    names.map((name) => `row-column-unnamed ${name}`),
  )
})

test('Trello: a colour of a nameless label that there is none like here is told by its own name', async () => {
  const labels = ['magenta', 'olive', 'red'].map((color) => ({ id: color, name: '', color }))
  const cards = labels.map(({ id }) => ({ id: `c${id}`, name: `Of ${id}`, idList: 'l', idLabels: [id] }))
  const { losses } = await ofFile({ lists: [{ id: 'l', name: 'Doing' }], labels, cards })
  expect(losses).toEqual(['2 label-colors lost: magenta, olive'])
})

test('Jira: an issue without a status is told, with the column that it goes to', async () => {
  const csv = 'Summary,Issue key,Status\nMast,A-1,Doing\nSail,A-2,\n'
  const foreign = await readProductTable(await readTable(csv, {}, { pause }), reading, { pause })
  if (!foreign) throw new Error('no product knows this file')
  const { errors } = await planBoard(foreign, planOptions(empty), { pause })
  expect(errors.map(({ code, params }) => `${code} ${params['value']}`)).toEqual([
    `row-column-empty ${planOptions(empty).firstColumn}`,
  ])
})
