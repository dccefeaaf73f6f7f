// A real OPC UA server for the tests of our client: one JSON command per line on stdin, one JSON answer per line on stdout.
// Arguments: node_modules, folder, then options as JSON: port, certificates (name of the set of own certificates),
// namespaces (URIs in their order), trustAll, anonymous, ramp (as the command, from the first moment),
// types ('definitions', or 'dictionary' as servers before 1.04): a variable of a structure of its own.
'use strict';
const path = require('path');
const fs = require('fs');
const readline = require('readline');
const ua = require(path.join(process.argv[2], 'node-opcua'));

const folder = process.argv[3];
const options = JSON.parse(process.argv[4] || '{}');
const say = answer => process.stdout.write(JSON.stringify(answer) + '\n');
const nodes = new Map();
let server, clientCertificates, ramp;

async function start() {
  clientCertificates = new ua.OPCUACertificateManager({
    automaticallyAcceptUnknownCertificate: !!options.trustAll,
    rootFolder: path.join(folder, 'pki-' + (options.certificates || 'a')),
  });
  await clientCertificates.initialize();
  const users = new ua.OPCUACertificateManager({
    automaticallyAcceptUnknownCertificate: true, name: 'users', rootFolder: path.join(folder, 'pki-users'),
  });
  await users.initialize();
  server = new ua.OPCUAServer({
    port: options.port || 0,
    host: '127.0.0.1',
    hostname: '127.0.0.1',
    alternateHostname: ['127.0.0.1', 'localhost'],
    resourcePath: options.path || '/peer',
    serverInfo: { applicationUri: 'urn:edgetwin:test:peer', productUri: 'urn:peer' },
    buildInfo: { productName: 'peer', buildNumber: '1', buildDate: new Date(2026, 0, 1) },
    serverCertificateManager: clientCertificates,
    userCertificateManager: users,
    certificateFile: path.join(folder, (options.certificates || 'a') + '.pem'),
    privateKeyFile: clientCertificates.privateKey,
    securityPolicies: ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss']
      .map(name => ua.SecurityPolicy[name]),
    securityModes: [ua.MessageSecurityMode.None, ua.MessageSecurityMode.Sign, ua.MessageSecurityMode.SignAndEncrypt],
    allowAnonymous: options.anonymous !== false,
    userManager: { isValidUser: (name, password) => name === 'user1' && password === 'pass1' },
    serverCapabilities: {
      maxSessions: 50,
      maxBrowseContinuationPoints: options.continuationPoints || 10,
      operationLimits: options.limits || {},
    },
    nodeset_filename: [
      ua.nodesets.standard, ...(options.types ? [path.join(__dirname, 'peer-types.NodeSet2.xml')] : []),
    ],
    isAuditing: false,
  });
  await server.initialize();
  fill(server.engine.addressSpace);
  if (options.types) addStructures(server.engine.addressSpace, options.types === 'dictionary');
  if (options.ramp) commands.ramp({ interval: options.ramp });
  await server.start();
  return server.endpoints[0].endpointDescriptions()[0].endpointUrl;
}

function fill(space) {
  for (const uri of options.namespaces || ['urn:peer:plant']) space.registerNamespace(uri);
  const plant = space.getNamespace('urn:peer:plant');
  const root = plant.addFolder(space.rootFolder.objects, { browseName: 'Plant', nodeId: 's=Plant' });
  const add = (name, dataType, value, more) => {
    const node = plant.addVariable({
      componentOf: root, browseName: name, nodeId: 's=' + name, dataType, minimumSamplingInterval: 0,
      value: { dataType, ...value }, ...more,
    });
    nodes.set(name, { node, dataType });
    return node;
  };
  add('Flow', 'Double', { value: 1.5 });
  add('Count', 'Int32', { value: 7 });
  add('Text', 'String', { value: 'abc' });
  add('Array', 'Int32', { value: new Int32Array([1, 2, 3, 4, 5]), arrayType: ua.VariantArrayType.Array },
    { valueRank: 1, arrayDimensions: [5] });
  const stored = add('Stored', 'Double', { value: 0 });
  space.installHistoricalDataNode(stored, { maxOnlineValues: 5000 });
  plant.addAnalogDataItem({
    componentOf: root, browseName: 'Analog', nodeId: 's=Analog', dataType: 'Double',
    engineeringUnitsRange: { low: 0, high: 200 }, engineeringUnits: ua.standardUnits.degree_celsius,
    value: { dataType: 'Double', value: 20 }, minimumSamplingInterval: 0,
  });
  nodes.set('Analog', { node: space.findNode(`ns=${plant.index};s=Analog`), dataType: 'Double' });
  const method = plant.addMethod(root, {
    browseName: 'Add', nodeId: 's=Add',
    inputArguments: ['a', 'b'].map(name => ({ name, dataType: ua.DataType.Double })),
    outputArguments: [{ name: 'sum', dataType: ua.DataType.Double }],
  });
  method.bindMethod((inputs, context, done) => done(null, {
    statusCode: ua.StatusCodes.Good,
    outputArguments: [{ dataType: ua.DataType.Double, value: inputs[0].value + inputs[1].value }],
  }));
  const many = plant.addFolder(root, { browseName: 'Many', nodeId: 's=Many' });
  for (let i = 0; i < (options.many || 0); i++) {
    plant.addVariable({
      componentOf: many, browseName: 'v' + i, nodeId: 's=v' + i, dataType: 'Double',
      value: { dataType: 'Double', value: i },
    });
  }
  // A way round in a circle.
  many.addReference({ referenceType: 'Organizes', nodeId: root.nodeId });
}

function addStructures(space, hidesDefinitions) {
  const index = space.getNamespaceIndex('urn:peer:types');
  const batch = space.findNode(`ns=${index};i=3002`);
  const make = (name, kind, route) => space.constructExtensionObject(batch, {
    name, kind, limits: { low: -1, high: 1 }, route: route.map(([x, y]) => ({ x, y })),
  });
  const plant = space.getNamespace('urn:peer:plant');
  const node = plant.addVariable({
    componentOf: `ns=${plant.index};s=Plant`, browseName: 'Batch', nodeId: 's=Batch', dataType: batch,
    minimumSamplingInterval: 0,
    value: { dataType: 'ExtensionObject', value: make('first', 1, [[1, 2], [3, 4]]) },
  });
  nodes.set('Batch', { node, dataType: 'ExtensionObject', make: ({ name, kind, route }) => make(name, kind, route) });
  if (!hidesDefinitions) return;
  for (const type of [3001, 3002, 3003].map(i => space.findNode(`ns=${index};i=${i}`))) {
    const read = type.readAttribute.bind(type);
    type.readAttribute = (context, attribute, ...more) => attribute === ua.AttributeIds.DataTypeDefinition
      ? new ua.DataValue({ statusCode: ua.StatusCodes.BadAttributeIdInvalid })
      : read(context, attribute, ...more);
  }
}

const set = (name, value, status) => {
  const { node, dataType, make } = nodes.get(name);
  node.setValueFromSource({ dataType, value: make ? make(value) : value }, status ? ua.StatusCodes[status] : ua.StatusCodes.Good);
};

const commands = {
  // With a pause behind it in which the server's sampling sees the value.
  set: async ({ name, value, status, pause }) => {
    set(name, value, status);
    if (pause) await new Promise(done => setTimeout(done, pause));
  },
  add: ({ name, value }) => {
    const space = server.engine.addressSpace;
    const plant = space.getNamespace('urn:peer:plant');
    nodes.set(name, {
      dataType: 'Double',
      node: plant.addVariable({
        componentOf: `ns=${plant.index};s=Plant`, browseName: name, nodeId: 's=' + name, dataType: 'Double',
        value: { dataType: 'Double', value }, minimumSamplingInterval: 0,
      }),
    });
  },
  // A new value of Count every few milliseconds, so that a loss would be seen as a hole in the numbers.
  ramp: ({ interval }) => {
    if (ramp) clearInterval(ramp);
    let n = 0;
    ramp = interval ? setInterval(() => set('Count', ++n), interval) : undefined;
  },
  event: ({ text }) => server.engine.addressSpace.rootFolder.objects.server.raiseEvent('BaseEventType', {
    message: { dataType: 'LocalizedText', value: { text } },
    severity: { dataType: 'UInt16', value: 500 },
  }),
  killSessions: ({ keepSubscriptions }) => {
    for (const session of [...Object.values(server.engine._sessions)])
      server.engine.closeSession(session.authenticationToken, !keepSubscriptions, 'Terminated');
  },
  // Forgets the Publish requests that it has, unanswered, as a network that loses messages does.
  starve: () => {
    for (const session of Object.values(server.engine._sessions))
      session.publishEngine._publish_request_queue.length = 0;
  },
  killSubscriptions: () => {
    for (const session of Object.values(server.engine._sessions))
      for (const subscription of [...session.publishEngine.subscriptions]) session.deleteSubscription(subscription.id);
  },
  trust: async ({ file }) => {
    const der = fs.readFileSync(file);
    await clientCertificates.trustCertificate(der);
  },
  sessions: () => ({ count: server.engine.currentSessionCount }),
  stop: async () => { await server.shutdown(50); },
};

readline.createInterface({ input: process.stdin }).on('line', async line => {
  try {
    const command = JSON.parse(line);
    say({ ok: true, ...(await commands[command.op](command)) });
  } catch (error) {
    say({ error: String(error && error.stack || error) });
  }
}).on('close', () => process.exit(0));

start().then(url => say({ ready: true, url }), error => {
  say({ error: String(error && error.stack || error) });
  process.exit(1);
});
