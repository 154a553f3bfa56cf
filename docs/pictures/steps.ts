/** What the visitor of a tour does, by the words on the screen in either language. */
import type { Page } from 'playwright'
import type { Messages } from '#lib/i18n/messages.ts'

export async function openDemo(page: Page, origin: string, t: Messages): Promise<string> {
  await page.goto(origin)
  await page.getByRole('button', { name: t.welcome.demo }).click()
  await page.waitForURL(/\/[0-9a-f]{32}$/)
  await page.locator('main ul a').first().waitFor()
  return page.url()
}

export async function openDemoBoard(page: Page): Promise<void> {
  await page.locator('main ul a').first().click()
  await page.getByTestId('card').first().waitFor()
}

export async function openCard(page: Page, column: number, card: number): Promise<void> {
  await page.getByTestId('column').nth(column).getByTestId('card').nth(card).getByRole('link').click()
  await page.getByTestId('card-panel').waitFor()
  await page.locator('.ProseMirror').first().waitFor()
}

export async function create(page: Page, t: Messages, name: string, person: string): Promise<void> {
  await page.getByLabel(t.create.workspaceName).fill(name)
  await page.getByLabel(t.create.myName).fill(person)
  await page.getByRole('button', { name: t.create.submit }).click()
  await page.getByRole('heading', { name: t.kit.title }).waitFor()
}

export async function keepKit(page: Page, t: Messages): Promise<void> {
  await page.getByRole('checkbox').check()
  await page.getByRole('button', { name: t.kit.continue }).click()
  await page.waitForURL(/\/[0-9a-f]{32}/)
}

export const boardMenu = async (page: Page, t: Messages, entry: string): Promise<void> => {
  await page.getByRole('button', { name: t.board.menu }).click()
  await page.getByRole('menuitem', { name: entry, exact: true }).click()
}

/** A file of cards, as a spreadsheet would write it. */
export function csvOf(rows: number, locale: 'en' | 'zh-CN'): Buffer {
  const zh = locale === 'zh-CN'
  const head = zh ? '标题,列,标签,负责人,截止日期,优先级,工时' : 'Title,Column,Labels,Assignee,Due,Priority,Hours'
  const columns = zh ? ['待办', '进行中', '待确认', '完成'] : ['To do', 'Doing', 'To confirm', 'Done']
  const labels = zh ? ['研发', '市场', '销售', '生产', '财务'] : ['R&D', 'Marketing', 'Sales', 'Production', 'Finance']
  const line = (i: number) =>
    [
      zh ? `第 ${i + 1} 项：与供应商核对交期` : `Item ${i + 1}: check the delivery date with the supplier`,
      columns[i % 4],
      labels[i % 5],
      i % 7 === 3 ? 'Zoe Unknown' : '',
      i === 5 ? 'someday' : `2026-12-${String(1 + (i % 28)).padStart(2, '0')}`,
      ['P0', 'P1', 'P2', 'P3', ''][i % 5],
      String(i % 9),
    ].join(',')
  return Buffer.from([head, ...Array.from({ length: rows }, (_, i) => line(i))].join('\r\n'))
}

/** Names without an end: nobody means to write them, and somebody always does. */
export function longNames(locale: 'en' | 'zh-CN') {
  const zh = locale === 'zh-CN'
  return {
    workspace: zh
      ? '远帆智能科技（深圳）股份有限公司华南大区联合事业部'
      : 'Farsail Intelligent Technologies (Shenzhen) Holdings Limited',
    person: zh ? '欧阳上官慕容司徒诸葛端木小舟' : 'Maximiliana Wolfeschlegelsteinhausenbergerdorff',
    board: zh
      ? '二〇二六年秋冬新品上市跨部门联合推进看板（研发、市场、销售、生产、财务）'
      : 'Autumn and winter product launch of all departments: R&D, marketing, sales, production, finance',
    column: zh
      ? '等待总部法务与海外合规团队共同确认之后才能继续的事项'
      : 'Waiting for legal and overseas compliance before anything goes on',
    label: zh ? '需要海外合规团队书面确认之后才能对外发布' : 'Needs a written confirmation of overseas compliance',
    title: zh
      ? '请各部门负责人在本周五下班之前把各自负责的上市准备事项逐条核对并在本看板更新状态未完成的请写明原因以及预计完成时间'.repeat(
          3,
        )
      : 'Every head of department checks every preparation for the launch before Friday evening and writes down what is not done, why, and when it will be. '.repeat(
          3,
        ),
    link: `https://example.com/${'a-very-long-path/'.repeat(12)}index.html?from=board`,
  }
}

/** A file with a card of every excess: a title, an address, sixty labels; and columns that are full, over-full and empty. */
export function excessOf(locale: 'en' | 'zh-CN'): Buffer {
  const { column, label, title, link } = longNames(locale)
  const zh = locale === 'zh-CN'
  const labels = Array.from({ length: 60 }, (_, i) => (i === 0 ? label : `${zh ? '标签' : 'Label '}${i}`)).join(',')
  const rows = [
    [zh ? '标题' : 'Title', zh ? '列' : 'Column', zh ? '标签' : 'Labels'],
    [title, column, label],
    [link, column, ''],
    [zh ? '六十个标签' : 'Sixty labels', column, labels],
  ]
  return Buffer.from(rows.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n'))
}
