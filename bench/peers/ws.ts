/** The floor of a relay: every message goes to everybody else, nothing is checked or kept. */
import { WebSocketServer } from 'ws'
import { announce } from './announce.ts'

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
server.on('connection', (socket) => {
  socket.on('message', (message) => {
    for (const other of server.clients) if (other !== socket) other.send(message, { binary: true })
  })
})
server.on('listening', () => announce(server.address()))
