import * as v from 'valibot'
import { mutation } from '../../kernel/define-kind.ts'
import { str } from '../../kernel/immutable-string.ts'
import { write } from '../../kernel/write.ts'
import type { WorkspaceDraft } from './schema.ts'

const Id = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/))
const Name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200))

export const mutations = {
  renameWorkspace: mutation({
    on: 'root',
    args: v.object({ name: Name }),
    run(d: WorkspaceDraft, { name }) {
      write(d, 'name', str(name))
    },
  }),
  introducePerson: mutation({
    on: 'root',
    args: v.object({ person: Id, name: Name, locale: v.picklist(['zh-CN', 'en']) }),
    run(d: WorkspaceDraft, { person, name, locale }) {
      const known = d.people[person]
      if (known) {
        write(known, 'name', str(name))
        write(known, 'locale', str(locale))
      } else {
        // A colour that every device derives alike.
        d.people[person] = { name: str(name), locale: str(locale), color: parseInt(person.slice(0, 2), 16) % 12 }
      }
    },
  }),
  nameScope: mutation({
    on: 'root',
    args: v.object({ scope: Id, name: Name }),
    run(d: WorkspaceDraft, { scope, name }) {
      const known = d.scopes[scope]
      if (known) write(known, 'name', str(name))
      else d.scopes[scope] = { name: str(name) }
    },
  }),
  nameDevice: mutation({
    on: 'root',
    args: v.object({ device: Id, name: Name }),
    run(d: WorkspaceDraft, { device, name }) {
      const known = d.devices[device]
      if (known) write(known, 'name', str(name))
      else d.devices[device] = { name: str(name) }
    },
  }),
}
