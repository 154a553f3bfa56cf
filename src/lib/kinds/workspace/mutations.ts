import * as v from 'valibot'
import { Id, Words } from '../../kernel/args.ts'
import { mutation } from '../../kernel/define-kind.ts'
import { str, type ImmutableString } from '../../kernel/immutable-string.ts'
import { write } from '../../kernel/write.ts'
import { deviceKinds, type WorkspaceDraft } from './schema.ts'

const Name = Words(200)

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
    run: (d: WorkspaceDraft, { scope, name }) => call(d.scopes, scope, name),
  }),
  nameDevice: mutation({
    on: 'root',
    args: v.object({
      device: Id,
      name: v.optional(Name),
      kind: v.optional(v.picklist(deviceKinds)),
      browser: v.optional(Name),
    }),
    run(d: WorkspaceDraft, { device, name, kind, browser }) {
      const known = d.devices[device]
      if (!known)
        d.devices[device] = {
          name: str(name ?? ''),
          ...(kind && { kind: str(kind) }),
          ...(browser && { browser: str(browser) }),
        }
      else {
        if (name !== undefined) write(known, 'name', str(name))
        if (kind !== undefined) write(known, 'kind', str(kind))
        if (browser !== undefined) write(known, 'browser', str(browser))
      }
    },
  }),
  /** Whom an invitation is for: two could not be told apart by what the log says of them. */
  nameInvite: mutation({
    on: 'root',
    args: v.object({ invite: Id, name: Name }),
    run: (d: WorkspaceDraft, { invite, name }) => call(d.invites, invite, name),
  }),
}

function call(named: Record<string, { name: ImmutableString }>, id: string, name: string): void {
  const known = named[id]
  if (known) write(known, 'name', str(name))
  else named[id] = { name: str(name) }
}
