// A host application made of two public packages: mqtt (the connection) and sparkplug-payload (the codec).
// Arguments: folder of node_modules; port of the broker, or 0 for the codec alone.
// It writes a line of JSON per event: {"topic","retain","qos","payload"} for what it hears, {"id",…} for each answer.
// It reads a line of JSON per command: {"id","op",…} with op decode, recode, publish, command, close.
const [modules, port] = process.argv.slice(2);
const { encodePayload, decodePayload } = require(`${modules}/sparkplug-payload`).get('spBv1.0');

const view = new DataView(new ArrayBuffer(8));

// Numbers as text, so that 64 bits survive JSON; floating point also as its bits.
function plain(type, value) {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'Float': view.setFloat32(0, value); return view.getUint32(0).toString(16);
    case 'Double': view.setFloat64(0, value); return view.getBigUint64(0).toString(16);
    case 'Int64': return BigInt.asIntN(64, BigInt(value.toString())).toString(); // the package reads it as unsigned
    case 'UInt32': return String(Number(value) >>> 0); // the package reads it as if it were signed
    case 'Bytes': case 'File': return Buffer.from(value).toString('hex');
    case 'Boolean': case 'String': case 'Text': case 'UUID': case 'DataSet': return value;
    case 'Template': return {
      isDefinition: value.isDefinition, templateRef: value.templateRef || null, metrics: value.metrics.map(one),
    };
    default: return value.toString();
  }
}

const properties = (of) => Object.fromEntries(
  Object.entries(of ?? {}).map(([key, { type, value }]) => [key, `${type}:${value}`]));

const one = (metric) => ({
  name: metric.name ?? null,
  alias: metric.alias === undefined ? null : metric.alias.toString(),
  timestamp: metric.timestamp === undefined ? null : metric.timestamp.toString(),
  type: metric.type ?? null,
  historical: metric.isHistorical ?? false,
  isNull: metric.value === null, // the package gives no more than that
  value: plain(metric.type, metric.value),
  properties: properties(metric.properties),
});

function shown(payload) {
  return {
    timestamp: payload.timestamp === undefined ? null : payload.timestamp.toString(),
    seq: payload.seq === undefined ? null : payload.seq.toString(),
    body: payload.body && payload.body.length ? Buffer.from(payload.body).toString() : null,
    metrics: payload.metrics.map(one),
  };
}

const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);
let client;

function act({ id, op, hex, topic, text, retain, payload }) {
  const given = () => decodePayload(Buffer.from(hex, 'hex'));
  switch (op) {
    case 'decode': return say({ id, payload: shown(given()) });
    case 'recode': return say({ id, hex: Buffer.from(encodePayload(given())).toString('hex') });
    case 'publish': return client.publish(topic, text, { qos: 1, retain: retain ?? false }, () => say({ id }));
    case 'command': return client.publish(topic, Buffer.from(encodePayload(payload)), { qos: 0 }, () => say({ id }));
    default: return client ? client.end(false, () => process.exit(0)) : process.exit(0);
  }
}

require('readline').createInterface({ input: process.stdin })
  .on('line', (line) => {
    const command = JSON.parse(line);
    try { act(command); } catch (error) { say({ id: command.id, error: String(error) }); }
  })
  .on('close', () => process.exit(0));

if (port === '0') {
  say({ ready: true });
} else {
  client = require(`${modules}/mqtt`).connect(`mqtt://127.0.0.1:${port}`, { clientId: 'host', reconnectPeriod: 50 });
  let ready = false;
  client.on('connect', () => client.subscribe('spBv1.0/#', { qos: 0 }, () => {
    if (!ready) say({ ready: true });
    else say({ again: true });
    ready = true;
  }));
  client.on('error', () => { });
  client.on('message', (name, message, packet) => {
    if (name.startsWith('spBv1.0/STATE/')) return;
    let payload;
    try {
      payload = shown(decodePayload(message));
    } catch (error) {
      if (/\/[ND]CMD\//.test(name)) return; // a test sends commands that are none
      throw error;
    }
    say({ topic: name, retain: packet.retain, qos: packet.qos, payload });
  });
}
