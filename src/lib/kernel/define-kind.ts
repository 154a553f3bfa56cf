/**
 * A kind of document, defined once. A kind describes a *record of work*: to a person one thing (a board), underneath a
 * root document and the shard documents that it lists. Everything here is a pure description; the core runs it.
 */
import type { GenericSchema } from 'valibot'
import type { DocId, PersonId } from './ids.ts'
import type { Day, Instant } from './instants.ts'
import type { Fields } from './reading.ts'

export type Locale = 'zh-CN' | 'en'
/** One sentence in every language of the product. */
export type Sentence = Readonly<Record<Locale, string>>

/** One task of a person, as home lists it. */
export interface TaskBrief {
  entity: string
  title: string
  due: Day | null
  priority: 'urgent' | 'high' | 'medium' | 'low' | null
  /** How far it is: the column's name. */
  stage: string
  /** Something else must be finished first. */
  blocked: boolean
  /** What it waited for that lies in the archive: it may go on in another record of work. */
  behind?: string[]
}

/** An entry that was moved here: what it was in another record of work, where somebody cut it. */
export interface Arrival {
  entity: string
  title: string
  /** The person whose device put it there; '' where that is not known. */
  by: string
  from: { work: DocId; entity: string; cut: string }
  /** When it came, by the clock of that device. */
  at: Instant
  /** It is in the archive here. */
  archived?: true
  /** It was moved elsewhere as well, and is to stay all the same. */
  kept?: true
  /** It came again here, and that is still to be done. */
  followed?: true
  /** There is no more to do for it here. */
  finished?: true
}

/**
 * What a mutation may know of the world. The same context gives the same change. Not who runs it: who did what is told by the
 * signatures, and a name that is written into a document anybody could have written there (docs/decisions/0018).
 */
export interface MutationContext {
  now: Instant
}

/**
 * One type of Automerge document that a kind uses. `genesis` and `migrations` become fixed changes (time 0, an actor
 * derived from their content) that every device computes alike and none sends. They are additive and, from the first
 * version tag on, frozen.
 */
export interface DocumentType<Doc> {
  genesis: (draft: Doc) => void
  migrations: readonly ((draft: Doc) => void)[]
  /** The map of entries, where documents of this type are shards: the core finds an entry's shard by it. */
  entries?: string
  /** At how many entries a further shard is opened. */
  capacity?: number
  /**
   * A document type of another kind (`prose.root`) that every shard of this type has one of, at an id derived from the
   * shard's. When an entry is created in the shard, the core runs that kind's `addEntry` there in the same undo group,
   * so that only the creator ever creates it.
   */
  companion?: string
  /**
   * What undo does with an entry that the undone action created in one of these collections (`cards`, or `cards.checklist`
   * for a collection within entries): sets this flag of the entry
   * (`archived`), so that nothing another person wrote into it is lost; or leaves it (`null`). Elsewhere a field that the
   * action created is deleted again.
   */
  created?: Readonly<Record<string, string | null>>
  /**
   * By collection of `created`: entries of the shards of that type stand in one of it, which their field names. Before undo puts
   * it aside under entries that stay, the person is asked.
   */
  holds?: Readonly<Record<string, { type: string; field: string }>>
  /**
   * By collection, the fields of its entries of which a person should know that two people wrote different values at once.
   * Order keys are not among them: a place is a means. The collection '' has the fields of the root, each of which is its own entry;
   * `cards.checklist` is a collection within entries.
   */
  contested?: Readonly<Record<string, readonly string[]>>
  /**
   * By collection, also of those within entries: the flag that puts one away, and the fields into which somebody may have written
   * who did not know of that. A person should be told of it like of two values. Where the entry has a text in the companion,
   * `knewText` is the field that says which text was known then, and a text written apart is told as `description`.
   */
  putAway?: Readonly<Record<string, PutAway>>
  /** By collection whose entries have a place among each other. */
  placed?: Readonly<Record<string, Placed>>
}

export interface Placed {
  /** The field of their order, and how it is read. */
  order: string
  orderOf: (entry: Fields) => string
  /** Where they have it among those alone that stand in the same: the field that says in what. */
  within?: string
}

export interface PutAway {
  flag: string
  over: readonly string[]
  knewText?: string
  undone?: Undone
}

/** By which an entry says that its adding was undone (`undone.ts`). */
export interface Undone {
  field: string
  /** What counts as something that somebody has put into it, of plain fields. */
  content: (entry: Fields) => unknown
}

/**
 * A named mutation: refuse first (`refuse(code)`), then write fields. `on` says which document type it writes.
 * On a shard type, `args[entity]` names the entry; `creates` marks the mutation that makes it.
 */
export interface Mutation<Draft, Args> {
  on: string
  args: GenericSchema<unknown, Args>
  run: (draft: Draft, args: Args, ctx: MutationContext) => void
  entity?: string
  creates?: boolean
  /** Whether an entry that is there already is meant as well, and is left as it is; else that is refused. */
  unlessThere?: (args: Args) => boolean
  /**
   * What the companion's `addEntry` is given beside the entry's id: an imported description as `text`. `copyOf` names an
   * entry of this record of work whose text is copied, with its formats.
   */
  companionArgs?: (args: Args) => Record<string, unknown>
  /** The core says in `args.knewText` which text of the entry is known here; nothing where the entry comes with this action. */
  knowsText?: boolean
  /** The entry's text was begun twice: the one that is `args.text` is kept. */
  keepsText?: boolean
  /** The mutation of the companion's kind that is run on the entry's text, with these arguments and the entry's id as `entry`. */
  inText?: string
}

/** Any mutation as a record holds it: `never` in the parameter positions lets every draft and argument type in. */
export interface AnyMutation {
  on: string
  args: GenericSchema<unknown, unknown>
  run: (draft: never, args: never, ctx: MutationContext) => void
  entity?: string
  creates?: boolean
  unlessThere?: (args: never) => boolean
  companionArgs?: (args: never) => Record<string, unknown>
  knowsText?: boolean
  keepsText?: boolean
  inText?: string
}

/** The arguments of a mutation, from its schema. */
export type ArgsOf<Definition> = Definition extends { args: GenericSchema<unknown, infer Args> } ? Args : never

/** The documents of a record of work as plain data (strings are strings), by document id. */
export interface WorkDocs {
  root: DocId
  docs: Readonly<Record<DocId, { type: string; doc: unknown }>>
}

/** One field that a change wrote, seen before and after. Missing values are `undefined`. */
export interface ChangedField {
  doc: DocId
  /** Type of the document, as in `documents`. */
  type: string
  path: readonly (string | number)[]
  before: unknown
  after: unknown
  /** It was written again as it was: a choice. Over what, and whose that was, as far as it is known. */
  over?: readonly { value: unknown; by: PersonId | null }[]
}

/** The facts from which an audit sentence is made. Who and when are shown beside the sentence, not in it. */
export interface AuditFacts<View> {
  fields: readonly ChangedField[]
  /** The record of work as it is now, for names of columns, labels and the like. */
  view: View
  /** The display name of a person, or a short form of the id where none is known. */
  personName: (person: string) => string
  /** A field as it was right after the action, where that is asked for: names change. `undefined` where it is not known. */
  then?: (collection: string, entry: string, field: string) => unknown
  /** What the record of work is called that an entry was moved to by this action; null where it was merely put away. */
  movedTo?: (entry: string) => string | null
  /** What another record of work is called; null where that is not known. */
  workTitle?: (work: DocId) => string | null
}

/** A field that two people wrote at once, and that nobody has written since. */
export interface Conflict {
  doc: DocId
  /** With the way on, where it is in a collection within the entry, or to a paragraph of its description. */
  path: readonly [collection: string, entry: string, field: string, ...inner: string[]]
  /** How that paragraph begins. */
  of?: string
  /** The one that counts comes first. */
  /**
   * Of an entry that several have put away, `takenBack`: by taking back that it came to be there; `knownBy`: of what was written in
   * it, those of them who knew of it (`putAwayTold`).
   */
  values: readonly {
    value: unknown
    by: PersonId | null
    takenBack?: true
    knownBy?: readonly (PersonId | null)[]
  }[]
}

/** What search knows of one entry: `at` is when it came into being, as far as it says. */
export interface SearchText {
  title: string
  text: string
  at: Instant | null
  /** What else it is found by, and what to call that: the items of a checklist, the names of labels. */
  also?: readonly (readonly [place: FoundIn, text: string])[]
  /** Whose it is: it is found by their names. */
  people?: readonly string[]
  /** Put away: below everything else. */
  archived?: true
  /** Its adding was undone: it is not found, unless somebody has written in it who did not know of that. */
  undone?: true
  /** What it was in another record of work: of what was moved, only what it became is found. */
  from?: Pick<Arrival['from'], 'work' | 'entity'>
  /** It is not found by these, but told from others: where it stands, by an id in the work's own `stages`, and when it is due. */
  stage?: string
  due?: Day
  /** Of the work itself: where its entries can stand. */
  stages?: Readonly<Record<string, Stage>>
  /** Of the work itself: it is there to begin others from, and its entries are not looked for. */
  template?: true
}
export interface Stage {
  title: string
  /** What stands there is done. */
  done: boolean
}
export type FoundIn = 'checklist' | 'labels' | 'people'

/** What only the whole record of work can tell (a cycle among cards): asked before anything is written, refuses or returns. */
export interface Guard<View> {
  /** The mutations that it is asked about; others cost nothing. */
  mutations: readonly string[]
  /** `calls` are all calls of the action, in their order: an earlier one may make a later one impossible. */
  check: (view: View, calls: readonly MutationCall[]) => void
}

export interface Kind<View, Mutations extends Record<string, AnyMutation>, Brief> {
  name: string
  /** `root` always; the others are shard types. */
  documents: { root: DocumentType<never> } & Record<string, DocumentType<never>>
  mutations: Mutations
  /** Plain documents to the view model. Never throws, whatever the documents hold. */
  read: (work: WorkDocs) => View
  guard?: Guard<View>
  /** A sentence for every mutation: a mutation without one does not build. */
  audit: { [Name in keyof Mutations]: (facts: AuditFacts<View>) => Sentence }
  /** The same for writing in the texts of entries (a companion's): the fields end in `text`. */
  auditText?: (facts: AuditFacts<View>) => Sentence
  /** The same for what was brought in from a file, as one action. */
  auditImport?: (facts: AuditFacts<View>) => Sentence
  /** The same for going back to a moment, of the whole or of one entry. */
  auditRestored?: (facts: AuditFacts<View>, isWhole: boolean) => Sentence
  /** The same for entries that two had begun, and that were put together. */
  auditTogether?: (facts: AuditFacts<View>) => Sentence
  projections: {
    /** Counted up whenever one of these functions would give something else: what is stored is then made anew. */
    version: number
    title: (view: View) => string
    /** The few facts that the summary is made of: plain data, stored, so that home opens no document. */
    brief: (view: View) => Brief
    /** One line for home and lists. `today` is the day where the reader is. */
    summary: (brief: Brief, today: Day) => Sentence
    /** What a person still has to do here, the most pressing of it first, and how much it is; kinds without tasks leave it out. */
    tasksOf?: (view: View, person: PersonId) => { tasks: TaskBrief[]; count: number }
    /** Entries that were moved here from another record of work; kinds whose entries stay leave it out. */
    arrivals?: (view: View) => Omit<Arrival, 'by'>[]
    /** It is there to begin others from, not to work in. */
    isTemplate?: (brief: Brief) => boolean
    /** Searchable text by entity id; the root's own text under ''. */
    searchText: (view: View) => Readonly<Record<string, SearchText>>
  }
  /** The named fields that a signature covers; canonical CBOR of this value is what is hashed. Frozen per version. */
  digest: { version: number; content: (view: View, version: number) => unknown }
  /** Whether a change of this entry (collection '' for a field of the root) is anything to tell others; left out, all is. */
  isNews?: (entry: { collection: string; id: string }) => boolean
  exchange: {
    /** Versioned plain JSON; `import(export(view))` gives steps that rebuild the same view. */
    export: (view: View) => unknown
    import: (file: unknown) => MutationCall[]
  }
  fixtures: {
    empty: () => MutationCall[]
    typical: () => MutationCall[]
    /** Two devices' programs after a common start; merged they conflict. */
    conflicted: () => { start: MutationCall[]; ours: MutationCall[]; theirs: MutationCall[] }
    huge: () => MutationCall[]
  }
}

/** A mutation by name with its arguments: what a tab sends, what fixtures and imports are made of. */
export interface MutationCall {
  mutation: string
  args: Record<string, unknown>
}

/** Fixes a mutation's types: the draft's and, through the schema, the arguments'. */
export const mutation = <Draft, Args>(definition: Mutation<Draft, Args>): Mutation<Draft, Args> => definition

/** The one way to define a kind. A missing part, or a mutation without its audit sentence, is a compile error. */
export function defineKind<View, Mutations extends Record<string, AnyMutation>, Brief>(
  kind: Kind<View, Mutations, Brief>,
): Kind<View, Mutations, Brief> {
  return kind
}

/** A kind as the registry holds it: view and brief are opaque there and only ever handed back to the kind itself. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- both types are existential; `never` breaks handing them back
export type AnyKind = Kind<any, Record<string, AnyMutation>, any>
