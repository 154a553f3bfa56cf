/** The server that y-websocket brings for Yjs 13, in memory as it comes. */
import { WebSocketServer } from 'ws'
import { setupWSConnection } from 'y-websocket/bin/utils'
import { announce } from './announce.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', setupWSConnection)
server.on('listening', () => announce(server.address()))
