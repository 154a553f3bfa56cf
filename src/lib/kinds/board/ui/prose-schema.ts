/**
 * What a description may hold: paragraphs, three headings, lists, quotations, code, links, strong and emphasised text.
 * Blocks and marks are named as in Automerge's rich text; what another version writes beside them is kept as it is.
 */
import { SchemaAdapter } from '@automerge/prosemirror'
import { levelOf } from '#lib/kernel/formatted.ts'
import { hrefOf, linkMark } from '#lib/kinds/prose/link-mark.ts'
import { ENDS_LINE } from './pasted-prose.ts'
import { safeHref } from './safe-href.ts'

export const proseSchema = new SchemaAdapter({
  nodes: {
    doc: { content: 'block+' },
    paragraph: {
      automerge: { block: 'paragraph' },
      content: 'inline*',
      group: 'block',
      parseDOM: [{ tag: 'p' }, { tag: `br[${ENDS_LINE}]`, closeParent: true }],
      toDOM: () => ['p', 0],
    },
    unknownBlock: {
      automerge: { unknownBlock: true },
      content: 'block+',
      group: 'block',
      toDOM: () => ['div', 0],
    },
    heading: {
      automerge: {
        block: 'heading',
        attrParsers: {
          fromAutomerge: ({ attrs }) => ({ level: levelOf(attrs['level']) }),
          fromProsemirror: ({ attrs }) => ({ level: levelOf(attrs['level']) }),
        },
      },
      attrs: { level: { default: 1 } },
      content: 'inline*',
      group: 'block',
      defining: true,
      parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: levelOf(level) } })),
      // The page has its own first and second headings.
      toDOM: ({ attrs }) => [`h${levelOf(attrs['level']) + 3}`, { 'data-level': levelOf(attrs['level']) }, 0],
    },
    blockquote: {
      automerge: { block: 'blockquote' },
      content: 'block+',
      group: 'block',
      defining: true,
      parseDOM: [{ tag: 'blockquote' }],
      toDOM: () => ['blockquote', 0],
    },
    code_block: {
      automerge: { block: 'code-block' },
      content: 'text*',
      marks: '',
      group: 'block',
      code: true,
      defining: true,
      parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }],
      toDOM: () => ['pre', ['code', 0]],
    },
    ordered_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ol' }],
      toDOM: () => ['ol', 0],
    },
    bullet_list: {
      content: 'list_item+',
      group: 'block',
      parseDOM: [{ tag: 'ul' }],
      toDOM: () => ['ul', 0],
    },
    list_item: {
      automerge: {
        block: { within: { ordered_list: 'ordered-list-item', bullet_list: 'unordered-list-item' } },
      },
      content: 'paragraph block*',
      defining: true,
      parseDOM: [{ tag: 'li' }],
      toDOM: () => ['li', 0],
    },
    text: { group: 'inline' },
  },
  marks: {
    link: {
      automerge: {
        markName: 'link',
        parsers: {
          fromAutomerge: (mark) => ({ href: hrefOf(mark), title: null }),
          fromProsemirror: ({ attrs }) => linkMark(String(attrs['href'] ?? '')),
        },
      },
      attrs: { href: {}, title: { default: null } },
      inclusive: false,
      parseDOM: [
        {
          tag: 'a[href]',
          getAttrs: (element) => {
            const href = safeHref(element.getAttribute('href') ?? '')
            return href === null ? false : { href, title: null }
          },
        },
      ],
      // A colleague's device may have written any address: only a harmless one becomes a link.
      toDOM: ({ attrs }) => {
        const href = safeHref(String(attrs['href'] ?? ''))
        return href === null
          ? ['span', { class: 'unsafe-link' }, 0]
          : ['a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, 0]
      },
    },
    em: {
      automerge: { markName: 'em' },
      parseDOM: [{ tag: 'em' }, { tag: 'i' }],
      toDOM: () => ['em', 0],
    },
    strong: {
      automerge: { markName: 'strong' },
      parseDOM: [{ tag: 'strong' }, { tag: 'b' }],
      toDOM: () => ['strong', 0],
    },
    code: {
      automerge: { markName: 'code' },
      parseDOM: [{ tag: 'code' }],
      toDOM: () => ['code', 0],
    },
  },
})
