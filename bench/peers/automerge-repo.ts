/** automerge-repo's server as its documentation sets it up: WebSocket adapter, NodeFS storage, announces nothing by itself. */
import { Repo, type PeerId } from '@automerge/automerge-repo'
import { WebSocketServerAdapter } from '@automerge/automerge-repo-network-websocket'
import { NodeFSStorageAdapter } from '@automerge/automerge-repo-storage-nodefs'
import { WebSocketServer } from 'ws'
import { announce } from './announce.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
// One class, of which `ws` declares a type for ES modules and another for CommonJS.
type Sockets = ConstructorParameters<typeof WebSocketServerAdapter>[0]
new Repo({
  network: [new WebSocketServerAdapter(server as unknown as Sockets)],
  storage: new NodeFSStorageAdapter(process.env['DATA_DIR']),
  peerId: 'server' as PeerId,
  sharePolicy: async () => false,
})
server.on('listening', () => announce(server.address()))
