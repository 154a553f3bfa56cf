/** Why a file cannot be imported, in words. */
import { sayRefusal, t } from '#lib/i18n/locale.svelte.ts'
import { MAX_MEGABYTES } from '../decode-text.ts'

export interface ImportProblem {
  code: string
  params: Readonly<Record<string, string | number>>
}

export function sayProblem({ code, params }: ImportProblem): string {
  const words = t().importing.problems
  const number = Number(params['limit'] ?? params['count'] ?? 0)
  switch (code) {
    case 'csv-too-large':
      return words.tooLarge(MAX_MEGABYTES)
    case 'csv-is-spreadsheet':
      return words.spreadsheet
    case 'csv-not-text':
      return words.notText
    case 'html-page':
      return words.webPage
    case 'markdown':
      return words.markdown
    case 'csv-damaged':
      return words.damaged(number)
    case 'json-damaged':
      return words.jsonDamaged
    case 'json-later':
      return words.jsonLater
    case 'json-jira':
      return words.jsonJira
    case 'json-unknown':
      return words.jsonUnknown
    case 'csv-empty':
      return t().importing.nothing
    case 'csv-too-many-rows':
      return words.tooManyRows(number)
    case 'json-too-many-cards':
      return words.tooManyCards(number)
    case 'csv-too-many-columns':
      return words.tooManyColumns(number)
    default:
      return sayRefusal(code)
  }
}
