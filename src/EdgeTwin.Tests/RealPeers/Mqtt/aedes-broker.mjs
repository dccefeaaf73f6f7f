// A broker of MQTT 3.1.1 that keeps everything in memory: node aedes-broker.mjs PORT. It is resolved from node_modules
// at the repository's root.
import { createServer } from 'node:net';
import { Aedes } from 'aedes';

const broker = await Aedes.createBroker();
createServer(broker.handle).listen(Number(process.argv[2]), '127.0.0.1');
