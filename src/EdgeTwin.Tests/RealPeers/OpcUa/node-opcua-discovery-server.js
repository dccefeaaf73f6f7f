// A real discovery server (LDS) for the tests of our registration. Arguments: node_modules, folder, options as JSON: port.
// It says {"ready": url}, and for every line on stdin {"servers": [uri, …]}.
'use strict';
const path = require('path');
const readline = require('readline');
const ua = require(path.join(process.argv[2], 'node-opcua'));
const { OPCUADiscoveryServer } = require(path.join(process.argv[2], 'node-opcua-server-discovery'));

const folder = process.argv[3];
const options = JSON.parse(process.argv[4] || '{}');
const say = answer => process.stdout.write(JSON.stringify(answer) + '\n');

async function main() {
  const clients = new ua.OPCUACertificateManager({
    automaticallyAcceptUnknownCertificate: true, rootFolder: path.join(folder, 'pki'),
  });
  await clients.initialize();
  const certificateFile = path.join(folder, 'lds.pem');
  await clients.createSelfSignedCertificate({
    applicationUri: 'urn:edgetwin:test:lds', subject: '/CN=lds', dns: ['localhost'], ip: ['127.0.0.1'],
    startDate: new Date(Date.now() - 3600000), validity: 30, outputFile: certificateFile,
  });
  const server = new OPCUADiscoveryServer({
    port: options.port,
    hostname: '127.0.0.1',
    alternateHostname: ['127.0.0.1'],
    serverCertificateManager: clients,
    certificateFile,
    serverInfo: { applicationUri: 'urn:edgetwin:test:lds' },
    privateKeyFile: clients.privateKey,
  });
  await server.start();
  say({ ready: options.port });
  readline.createInterface({ input: process.stdin })
    .on('line', () => say({ servers: [...server.registeredServers.values()].map(one => one.serverUri) }))
    .on('close', () => process.exit(0));
}

main().catch(error => { say({ error: String(error && error.stack || error) }); process.exit(1); });
