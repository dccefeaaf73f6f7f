// An edge node made with the public package sparkplug-client.
// Arguments: folder of node_modules, port, edge node, device.
// Publishes its births, then a line "born"; ends with its standard input.
const [modules, port, edgeNode, device] = process.argv.slice(2);
const client = require(`${modules}/sparkplug-client`).newClient({
  serverUrl: `mqtt://127.0.0.1:${port}`, username: 'u', password: 'p', groupId: 'plant', edgeNode,
  clientId: `edge-${edgeNode}`, version: 'spBv1.0', publishDeath: true,
});
client.on('error', () => { });
client.on('birth', () => {
  const timestamp = Date.now();
  client.publishNodeBirth({ timestamp, metrics: [{ name: 'n', type: 'int', value: 1 }] });
  client.publishDeviceBirth(device, { timestamp, metrics: [{ name: 'd', type: 'int', value: 2 }] });
  process.stdout.write('born\n');
});
process.stdin.on('close', () => { client.stop(); process.exit(0); }).resume();
