import { expect, test } from 'vitest'
import { pastedLink } from '#lib/ui/pasted-link.ts'

test('the link is found in the message that Bo pasted whole', () => {
  expect(pastedLink('请加入 https://boat.example.com/join#gV_a-9 谢谢')).toBe('https://boat.example.com/join#gV_a-9')
  expect(pastedLink('链接：http://localhost:8080/join#gV_a-9，三天内有效')).toBe('http://localhost:8080/join#gV_a-9')
  expect(pastedLink('Agenda: https://wiki.example.com/#top\nhttps://boat.example.com/link#AbC.')).toBe(
    'https://boat.example.com/link#AbC',
  )
})

test('what holds no link is left as it is, for the message about it', () => {
  expect(pastedLink('  hello ')).toBe('hello')
})
