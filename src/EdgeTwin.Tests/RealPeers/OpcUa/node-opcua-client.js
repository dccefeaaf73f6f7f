// A real OPC UA client that a test drives: one JSON command per line on stdin, one JSON answer per line on stdout.
// Commands name what they want ("op"); values travel as node-opcua prints them, 64-bit integers as [high, low].
'use strict';
const path = require('path');
const readline = require('readline');
const ua = require(path.join(process.argv[2], 'node-opcua'));

const folder = process.argv[3];
let client, session, certificates;
const subscriptions = new Map();
let nextSubscription = 1;

const statusOf = code => (code && code.name) || String(code);
const pause = ms => new Promise(done => setTimeout(done, ms));

function valueOf(variant) {
  if (!variant || variant.value === undefined || variant.value === null) return null;
  const value = variant.value;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  if (ArrayBuffer.isView(value)) return Array.from(value);
  if (Array.isArray(value)) return value.map(item => (item && item.toJSON ? item.toJSON() : item));
  return value.toJSON ? value.toJSON() : value;
}

const dataOf = data => ({
  status: statusOf(data.statusCode),
  bits: data.statusCode.value,
  type: data.value ? ua.DataType[data.value.dataType] : 'Null',
  dimensions: data.value && data.value.dimensions,
  value: valueOf(data.value),
  source: data.sourceTimestamp ? data.sourceTimestamp.toISOString() : null,
  server: data.serverTimestamp ? data.serverTimestamp.toISOString() : null,
});

const variantOf = given => {
  const dataType = ua.DataType[given.type];
  let value = given.value;
  if (dataType === ua.DataType.DateTime) value = new Date(value);
  if (dataType === ua.DataType.ByteString && typeof value === 'string') value = Buffer.from(value, 'hex');
  const arrayType = given.dimensions ? ua.VariantArrayType.Matrix
    : Array.isArray(value) && !['Int64', 'UInt64'].includes(given.type) ? ua.VariantArrayType.Array
      : ua.VariantArrayType.Scalar;
  return new ua.Variant({ dataType, arrayType, dimensions: given.dimensions, value });
};

function userOf(user) {
  if (!user) return { type: ua.UserTokenType.Anonymous };
  if (user.certificate) {
    const fs = require('fs');
    return {
      type: ua.UserTokenType.Certificate,
      certificateData: fs.readFileSync(user.certificate),
      privateKey: fs.readFileSync(user.key, 'utf8'),
    };
  }
  return { type: ua.UserTokenType.UserName, userName: user.name, password: user.password };
}

async function certificatesOf() {
  if (!certificates) {
    certificates = new ua.OPCUACertificateManager({ rootFolder: folder, automaticallyAcceptUnknownCertificate: true });
    await certificates.initialize();
  }
  return certificates;
}

async function clientOf(command) {
  return ua.OPCUAClient.create({
    applicationName: 'node-opcua',
    applicationUri: 'urn:edgetwin:test:node-opcua',
    securityMode: ua.MessageSecurityMode[command.mode || 'None'],
    securityPolicy: ua.SecurityPolicy[command.policy || 'None'],
    endpointMustExist: false,
    clientCertificateManager: await certificatesOf(),
    connectionStrategy: { maxRetry: command.retries || 0, initialDelay: 100, maxDelay: 500 },
    keepSessionAlive: !!command.keepAlive,
    requestedSessionTimeout: command.timeout || 60000,
    defaultSecureTokenLifetime: command.lifetime || 600000,
    transportSettings: command.transport,
    transportTimeout: 15000,
  });
}

function notice(subscription, item, data) {
  subscription.changes.push({ item, ...dataOf(data) });
}

const operations = {
  async endpoints(command) {
    const probe = await clientOf({});
    await probe.connect(command.url);
    const endpoints = await probe.getEndpoints();
    const servers = await probe.findServers();
    await probe.disconnect();
    return {
      endpoints: endpoints.map(e => ({
        url: e.endpointUrl, policy: e.securityPolicyUri, mode: ua.MessageSecurityMode[e.securityMode],
        level: e.securityLevel, certificate: e.serverCertificate ? e.serverCertificate.length : 0,
        tokens: (e.userIdentityTokens || []).map(t => ({ type: ua.UserTokenType[t.tokenType], policy: t.securityPolicyUri })),
      })),
      servers: servers.map(s => s.applicationUri),
    };
  },
  async connect(command) {
    client = await clientOf(command);
    await client.connect(command.url);
    try {
      session = await client.createSession(userOf(command.user));
    } catch (error) {
      await client.disconnect();
      throw error;
    }
    return { session: session.sessionId.toString() };
  },
  async certificate() {
    const probe = await clientOf({});
    await probe.createDefaultCertificate();
    return { der: probe.getCertificate().toString('hex') };
  },
  async disconnect(command) {
    if (session) await session.close(command.keepSubscriptions !== true);
    if (client) await client.disconnect();
    session = client = undefined;
    return {};
  },
  async read(command) {
    const results = await session.read(command.nodes.map(node => ({
      nodeId: node.id, attributeId: node.attribute || ua.AttributeIds.Value, indexRange: node.range && new ua.NumericRange(node.range),
    })), command.maxAge || 0);
    return { results: results.map(dataOf) };
  },
  async write(command) {
    const results = await session.write(command.nodes.map(node => ({
      nodeId: node.id, attributeId: ua.AttributeIds.Value, indexRange: node.range && new ua.NumericRange(node.range),
      value: { value: variantOf(node) },
    })));
    return { results: results.map(statusOf) };
  },
  async call(command) {
    const result = await session.call({
      objectId: command.object, methodId: command.method, inputArguments: command.inputs.map(variantOf),
    });
    return {
      status: statusOf(result.statusCode),
      inputs: (result.inputArgumentResults || []).map(statusOf),
      outputs: (result.outputArguments || []).map(valueOf),
    };
  },
  async browse(command) {
    const result = await session.browse({
      nodeId: command.node, browseDirection: ua.BrowseDirection[command.direction || 'Forward'], includeSubtypes: true,
      referenceTypeId: command.reference, nodeClassMask: command.classes || 0, resultMask: 63,
    });
    let references = result.references || [];
    let point = result.continuationPoint;
    let pages = 1;
    while (point && point.length) {
      const next = await session.browseNext(point, false);
      references = references.concat(next.references || []);
      point = next.continuationPoint;
      pages++;
    }
    return {
      status: statusOf(result.statusCode), pages,
      references: references.map(r => ({ id: r.nodeId.toString(), name: r.browseName.toString(), class: ua.NodeClass[r.nodeClass] })),
    };
  },
  // Walks everything below the root along hierarchical references and reads every attribute of every node.
  async crawl() {
    const seen = new Set(['ns=0;i=84']);
    let wave = ['ns=0;i=84'];
    let bad = 0;
    const classes = {};
    while (wave.length) {
      const found = [];
      for (let i = 0; i < wave.length; i += 100) {
        const results = await session.browse(wave.slice(i, i + 100).map(nodeId => ({
          nodeId, browseDirection: ua.BrowseDirection.Forward, includeSubtypes: true, referenceTypeId: 'i=33',
          nodeClassMask: 0, resultMask: 63,
        })));
        for (let result of results) {
          if (result.statusCode.isNotGood()) bad++;
          let references = result.references || [];
          while (result.continuationPoint && result.continuationPoint.length) {
            result = await session.browseNext(result.continuationPoint, false);
            references = references.concat(result.references || []);
          }
          for (const reference of references) {
            const id = reference.nodeId.toString();
            if (seen.has(id)) continue;
            seen.add(id);
            found.push(id);
            const name = ua.NodeClass[reference.nodeClass];
            classes[name] = (classes[name] || 0) + 1;
          }
        }
      }
      wave = found;
    }
    const attributes = [1, 2, 3, 4];
    const ids = [...seen];
    for (let i = 0; i < ids.length; i += 200) {
      const nodes = ids.slice(i, i + 200).flatMap(nodeId => attributes.map(attributeId => ({ nodeId, attributeId })));
      for (const data of await session.read(nodes)) if (data.statusCode.isNotGood()) bad++;
    }
    return { nodes: seen.size, classes, bad };
  },
  async translate(command) {
    const result = await session.translateBrowsePath(ua.makeBrowsePath(command.start, command.path));
    return { status: statusOf(result.statusCode), targets: (result.targets || []).map(t => t.targetId.toString()) };
  },
  async register(command) {
    const ids = await session.registerNodes(command.nodes);
    await session.unregisterNodes(ids);
    return { ids: ids.map(id => id.toString()) };
  },
  async subscribe(command) {
    const made = await session.createSubscription2({
      requestedPublishingInterval: command.interval || 100, requestedLifetimeCount: command.lifetime || 100,
      requestedMaxKeepAliveCount: command.keepAlive || 10, maxNotificationsPerPublish: command.most || 0,
      publishingEnabled: command.enabled !== false, priority: command.priority || 1,
    });
    const subscription = { made, changes: [], events: [], keepAlives: 0, ended: null, items: [] };
    made.on('keepalive', () => subscription.keepAlives++);
    made.on('terminated', () => { subscription.ended = 'terminated'; });
    made.on('status_changed', code => { subscription.ended = statusOf(code); });
    const key = nextSubscription++;
    subscriptions.set(key, subscription);
    return { key, subscription: made.subscriptionId, interval: made.publishingInterval, lifetime: made.lifetimeCount, keepAlive: made.maxKeepAliveCount };
  },
  async monitor(command) {
    const subscription = subscriptions.get(command.key);
    const statuses = [];
    for (const node of command.nodes) {
      const filter = node.events ? ua.constructEventFilter(node.events)
        : node.deadband === undefined && node.trigger === undefined ? undefined
          : new ua.DataChangeFilter({
            trigger: ua.DataChangeTrigger[node.trigger || 'StatusValue'],
            deadbandType: node.deadband === undefined ? ua.DeadbandType.None : ua.DeadbandType[node.deadbandType || 'Absolute'],
            deadbandValue: node.deadband || 0,
          });
      const item = await subscription.made.monitor(
        { nodeId: node.id, attributeId: node.events ? ua.AttributeIds.EventNotifier : node.attribute || ua.AttributeIds.Value },
        { samplingInterval: node.sampling === undefined ? 0 : node.sampling, queueSize: node.queue || 1, discardOldest: node.discardOldest !== false, filter },
        ua.TimestampsToReturn.Both, ua.MonitoringMode[node.mode || 'Reporting']);
      const key = subscription.items.length;
      item.on('changed', data => (node.events
        ? subscription.events.push(data.map(field => valueOf(field)))
        : notice(subscription, key, data)));
      subscription.items.push(item);
      statuses.push(statusOf(item.statusCode || (item.result && item.result.statusCode)));
    }
    return { statuses };
  },
  // Waits until there are so many changes (or the time is over), then hands them over.
  async changes(command) {
    const subscription = subscriptions.get(command.key);
    const list = command.events ? subscription.events : subscription.changes;
    for (let waited = 0; list.length < (command.count || 1) && waited < (command.wait || 5000); waited += 20) await pause(20);
    return { changes: list.splice(0), keepAlives: subscription.keepAlives, ended: subscription.ended };
  },
  async publishing(command) {
    return { status: statusOf(await subscriptions.get(command.key).made.setPublishingMode(command.enabled)) };
  },
  async unsubscribe(command) {
    await subscriptions.get(command.key).made.terminate();
    return {};
  },
  // Any service by its name, for what the client's own interface does not say.
  async raw(command) {
    const response = await new Promise((done, fail) => session.performMessageTransaction(
      new ua[command.request](command.body), (error, answer) => (error && !answer ? fail(error) : done(answer || error.response))));
    return { response: JSON.parse(JSON.stringify(response)) };
  },
  async stop() {
    process.exitCode = 0;
    setTimeout(() => process.exit(0), 20);
    return {};
  },
};

process.on('uncaughtException', error => process.stdout.write(JSON.stringify({ uncaught: error.message }) + '\n'));
const lines = readline.createInterface({ input: process.stdin });
let queue = Promise.resolve();
lines.on('line', line => {
  queue = queue.then(async () => {
    const command = JSON.parse(line);
    let answer;
    try {
      answer = await operations[command.op](command);
    } catch (error) {
      answer = { error: error.message.split('\n')[0] };
    }
    process.stdout.write(JSON.stringify({ id: command.id, ...answer }) + '\n');
  });
});
lines.on('close', () => queue.then(() => process.exit(0)));
process.stdout.write(JSON.stringify({ ready: true }) + '\n');
