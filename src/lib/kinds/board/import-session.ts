/**
 * One file on its way onto a board: decoded, recognised, mapped, planned. It keeps what is large (the rows, the mutations)
 * to itself and tells what a person must see; it runs in a worker, so that 50 MB block no screen.
 */
import type { MutationCall } from '../../kernel/define-kind.ts'
import { refuse } from '../../kernel/refusal.ts'
import { hasHeadings, headingsBelow, withoutHeadings } from './csv-headings.ts'
import { guessMapping, type Mapping } from './csv-mapping.ts'
import { decodeTextPaced, type DecodedText, type Encoding, type Pacing, type TextProblem } from './decode-text.ts'
import type { ForeignBoard, ForeignFormat } from './foreign/foreign-board.ts'
import { planBoard, type ImportPlan, type PlanOptions } from './foreign/plan-board.ts'
import {
  looksLikeHtml,
  looksLikeJson,
  looksLikeMarkdown,
  readJsonBoard,
  readProductTable,
} from './foreign/read-foreign.ts'
import { planImport } from './import-csv.ts'
import { raggedRows } from './ragged-rows.ts'
import { readTable, type Delimiter, type Table } from './read-table.ts'

/** How the file is to be read; absent = as it seems. */
export interface ReadAsk {
  encoding?: Encoding | undefined
  delimiter?: Delimiter | undefined
  /** A table that a product is known by is read like a table of unknown origin, because the person says so. */
  asTable: boolean
  headings?: boolean | undefined
}
/** What the plan depends on beside the file; ids and randomness are the session's own. */
export type PlanAsk = Omit<PlanOptions, 'newEntity' | 'random' | 'into'>

export type PlanShown = Omit<ImportPlan, 'calls'>
export interface ImportShown {
  encoding: Encoding
  /** The encoding is a guess. */
  guessed: boolean
  problem: TextProblem | null
  table: {
    /** '' for a column that is called nothing. */
    header: readonly string[]
    headings: boolean
    /** The number of the row that has them, or would have. */
    headingsRow: number
    first: readonly string[]
    delimiter: Delimiter
  } | null
  /** What a product's own file says; null for a table whose columns the person maps. */
  foreign: { format: ForeignFormat; title: string } | null
  mapping: Mapping | null
  /** Null where nothing can be planned: a fatal problem, or no column with titles. */
  plan: PlanShown | null
}

const SAMPLE_ROWS = 50

export class ImportSession {
  readonly #own: Pick<PlanOptions, 'newEntity' | 'random'>
  #decoded: DecodedText | null = null
  /** As if its first row had headings. */
  #file: Table | null = null
  /** From the row of headings on, where that is another one. */
  #below: Table | null = null
  #table: Table | null = null
  #foreign: ForeignBoard | null = null
  #mapping: Mapping | null = null
  #plan: ImportPlan | null = null

  constructor(own: Pick<PlanOptions, 'newEntity' | 'random'>) {
    this.#own = own
  }

  /** Refuses `html-page`, `markdown` and what `readTable` and `readJsonBoard` refuse; rejects with the signal's reason when it is cancelled. */
  async read(bytes: Uint8Array, as: ReadAsk, ask: PlanAsk, pacing: Pacing): Promise<ImportShown> {
    this.#file = this.#below = this.#table = this.#foreign = this.#mapping = this.#plan = null
    const decoded = await decodeTextPaced(bytes, as.encoding, pacing)
    this.#decoded = decoded
    if (decoded.problem?.fatal) return this.#shown()
    if (looksLikeHtml(decoded.text)) refuse('html-page')
    if (looksLikeMarkdown(decoded.text)) refuse('markdown')
    const reading = { today: ask.today, utcOffset: ask.utcOffset, words: ask.words }
    if (looksLikeJson(decoded.text)) this.#foreign = readJsonBoard(decoded.text, reading)
    else {
      const table = await readTable(decoded.text, { delimiter: as.delimiter }, pacing)
      this.#file = this.#table = table
      this.#foreign = as.asTable ? null : await readProductTable(table, reading, pacing)
      if (this.#foreign) this.#foreign.problems.push(...raggedRows(table).values())
      else {
        const from = headingsBelow(table)
        if (from !== null) this.#below = await readTable(decoded.text, { delimiter: table.delimiter, from }, pacing)
        this.#setHeadings(as.headings ?? (from !== null || hasHeadings(table)))
      }
    }
    return this.plan(ask, pacing)
  }

  /** Anew, with the first row as headings or as a card. */
  async withHeadings(headings: boolean, ask: PlanAsk, pacing: Pacing): Promise<ImportShown> {
    this.#setHeadings(headings)
    return this.plan(ask, pacing)
  }

  /** Anew, with another mapping or other people. */
  async plan(ask: PlanAsk, pacing: Pacing, mapping: Mapping | null = this.#mapping): Promise<ImportShown> {
    this.#mapping = mapping
    this.#plan = null
    const options = { ...ask, ...this.#own }
    if (this.#foreign) this.#plan = await planBoard(this.#foreign, options, pacing)
    else if (this.#table && mapping?.fields.includes('title'))
      this.#plan = await planImport(this.#table, mapping, options, pacing)
    return this.#shown()
  }

  get calls(): readonly MutationCall[] {
    return this.#plan?.calls ?? []
  }

  #setHeadings(headings: boolean): void {
    if (!this.#file) return
    this.#table = headings ? (this.#below ?? this.#file) : withoutHeadings(this.#file)
    this.#mapping = guessMapping(this.#table.header, this.#table.rows.slice(0, SAMPLE_ROWS))
  }

  #shown(): ImportShown {
    const table = this.#table
    const foreign = this.#foreign
    return {
      encoding: this.#decoded?.encoding ?? 'utf-8',
      guessed: this.#decoded?.guessed ?? false,
      problem: this.#decoded?.problem ?? null,
      table: table && {
        header: table.header,
        headings: table === (this.#below ?? this.#file),
        headingsRow: (this.#below ?? this.#file ?? table).firstRow.number,
        first: table.rows[0] ?? [],
        delimiter: table.delimiter,
      },
      foreign: foreign && { format: foreign.format, title: foreign.title.trim().slice(0, 100) },
      mapping: this.#mapping,
      plan: this.#plan && shownOf(this.#plan),
    }
  }
}

function shownOf({ calls: _, ...shown }: ImportPlan): PlanShown {
  return shown
}
