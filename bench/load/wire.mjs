// Loaded before the built service (`node --import`): connections to a host of the lab go to the port where the lab really
// listens for it, as ports such as 443 are not for everybody. Nothing else of the service is changed.
import { syncBuiltinESMExports } from 'node:module'
import net from 'node:net'

/** Port by `address port`. */
const places = JSON.parse(process.env.LAB_PLACES)
const { connect } = net

net.connect = (options, ...rest) => {
  const port = places[`${options.host} ${options.port}`]
  return connect(port === undefined ? options : { ...options, host: '127.0.0.1', port }, ...rest)
}
syncBuiltinESMExports()
