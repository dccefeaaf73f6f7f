// Fetches the parts of EdgeTwin that ship as npm packages (package.json at the repository's root). Called by the build
// only when node_modules does not hold what package-lock.json asks for. Two builds may call it at the same time: the
// first to create the lock file fetches, the others wait for it and find the work done. With --peers it
// fetches the real peers of the tests as well (devDependencies); a build that follows keeps them.
import { execSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.edgetwin-stamp');
const lock = join(root, '.fetch-parts.lock');
const longestWaitSeconds = 600;
const wantsPeers = process.argv.includes('--peers');
const peersMark = '\npeers\n';

// Binaries for platforms that EdgeTwin does not run on: five sixths of what the packages weigh.
const unused = [
  'onnxruntime-node/bin/napi-v6/darwin',
  'onnxruntime-node/bin/napi-v6/win32',
  'com.github.asus4.onnxruntime/Plugins',
];

function isCurrent() {
  if (!existsSync(stamp)) return false;
  const held = readFileSync(stamp, 'utf8');
  const wanted = readFileSync(join(root, 'package-lock.json'), 'utf8');
  return held === wanted + peersMark || (held === wanted && !wantsPeers);
}

/** Removes a lock whose owner is gone, as after a build that was killed. */
function dropAbandonedLock() {
  let owner;
  try {
    owner = Number(readFileSync(lock, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (!owner) return;
  try {
    process.kill(owner, 0);
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true });
  }
}

async function takeLock() {
  for (let second = 0; second < longestWaitSeconds; second++) {
    try {
      const file = openSync(lock, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    await delay(1000);
    dropAbandonedLock();
  }
  throw new Error(`another build has held ${lock} for ${longestWaitSeconds} s; delete the file if no build is running`);
}

await takeLock();
try {
  if (!isCurrent()) {
    const scope = wantsPeers ? '--include=dev' : '--omit=dev';
    execSync(`npm ci --ignore-scripts --no-audit --no-fund ${scope}`, { cwd: root, stdio: 'inherit' });
    for (const folder of unused) rmSync(join(modules, folder), { recursive: true, force: true });
    writeFileSync(stamp, readFileSync(join(root, 'package-lock.json'), 'utf8') + (wantsPeers ? peersMark : ''));
  }
  const now = new Date();
  utimesSync(stamp, now, now);
} finally {
  rmSync(lock, { force: true });
}
