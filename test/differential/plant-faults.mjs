// Plants one-line faults in the kernel and shows that the differential test catches each: `npm run faults`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileKernel } from '../../.ci/compile-kernel.mjs';

const root = join(import.meta.dirname, '..', '..');

/** What goes wrong, the file, the text that stands there once, the text instead. */
const FAULTS = [
  [
    'CT-8: a change forgets connections',
    'phase.ts',
    'c.flags = (c.flags & ~PLAIN) | RECHECK;\n    } else if (c.state >=',
    'c.state = FREE;\n    } else if (c.state >=',
  ],
  [
    'CT-9: untracked flows keep their rules',
    'phase.ts',
    'c.rule = NONE;\n      c.replyRule = NONE;\n      c.flags = (c.flags & ~PLAIN) | RECHECK;',
    '',
  ],
  ['CT-10: tracked flows stay tracked', 'phase.ts', '| RECHECK;\n    } else', '| 0;\n    } else'],
  [
    'CT-11: a narrowed flow is cut',
    'untracked.ts',
    'return rule == NONE ? DROP_NO_RULE : beginInferred',
    'return rule != NONE ? DROP_NO_RULE : beginInferred',
  ],
  [
    'SG-21: a change a packet late',
    'judge.ts',
    'row.clockNs >= phaseEndsNs',
    'row.clockNs > phaseEndsNs',
  ],
  ['CT-7: paths are not looked at', 'paths.ts', 'return path != 0 &&', 'return path == 99 &&'],
  [
    'CT-23: load balancer limits left out',
    'connection.ts',
    'if (c.flags & VIA_LOAD_BALANCER)',
    'if (c.flags & 128)',
  ],
  [
    'CT-19: one place too many',
    'allowance.ts',
    'if (allowance.used + wanted > maxTracked) return',
    'if (allowance.used >= maxTracked + wanted) return',
  ],
  ['CT-7: one entry for DynamoDB', 'paths.ts', 'PATH_DYNAMODB ? 2 : 1', 'PATH_DYNAMODB ? 1 : 1'],
  ['CT-19: places are not given back', 'allowance.ts', '.instance).used -=', '.instance).used +='],
  [
    'CT-16: every error is related',
    'related.ts',
    'if (related == RELATED_ALL) return true',
    'if (related != 99) return true',
  ],
  [
    'NF-1: services are ranges',
    'exempt.ts',
    'if (exempt == EXEMPT_SERVICES) return',
    'if (exempt == 99) return',
  ],
  [
    'port range: one short',
    'rule-list.ts',
    'port - from <= load<u32>(entry, ENTRY_TO) - from',
    'port - from < load<u32>(entry, ENTRY_TO) - from',
  ],
  [
    'covering prefixes: only the longest',
    'rule-image.ts',
    'i < count; i++) {\n      const peer = wordAt(peers, i);',
    'i < 1; i++) {\n      const peer = wordAt(peers, i);',
  ],
  [
    'rule of the longest prefix instead of the first',
    'rule-image.ts',
    'PEER_FIRST) >= first) return first;',
    'PEER_FIRST) < first && first != NONE) return first;',
  ],
  [
    'untracked: any-peer rule not asked for',
    'rule-image.ts',
    'return rules != 0 && firstOfRules',
    'return rules == 0 || firstOfRules',
  ],
  [
    'lone prefix: not compared',
    'prefix-trie.ts',
    'return differs != 0 ? load',
    'return differs == 1 ? load',
  ],
  [
    'trie: leaves counted one short',
    'prefix-trie.ts',
    'const upTo = ((<u64>2) << bit) - 1',
    'const upTo = ((<u64>1) << bit) - 1',
  ],
  [
    'expiry one nanosecond late',
    'connection.ts',
    'now - c.lastSeen >= idleNs(c, number)',
    'now - c.lastSeen > idleNs(c, number)',
  ],
  [
    'history one nanosecond long',
    'connection.ts',
    'idleNs(c, scopeInterface(c.scope)) < historyNs',
    'idleNs(c, scopeInterface(c.scope)) <= historyNs',
  ],
  [
    'udp stream after one turn',
    'tracked.ts',
    'if (c.turns == 0) c.turns = 1;',
    'if (false) c.turns = 1;',
  ],
  [
    'pings live as long as other protocols',
    'security-groups.ts',
    'icmp ? LIVE_ICMP : LIVE_OTHER',
    'LIVE_OTHER',
  ],
  ['ports of a reply not reversed', 'flow-key.ts', 'direction << 4', '0'],
  ['addresses of a reply not reversed', 'flow-key.ts', '& outwards;\n  const lo', ';\n  const lo'],
  [
    'pings both ways are one flow',
    'flow-key.ts',
    'isIcmpRequest(v6, type) == (direction == EGRESS)',
    'true',
  ],
  [
    'reply direction mistaken',
    'tracked.ts',
    'c.direction != direction',
    'c.direction == direction',
  ],
  ['icmp error in the same direction', 'related.ts', 'visit.direction ^ 1', 'visit.direction'],
  ['icmp error to anybody', 'related.ts', 'row.quoteSourceLo != row.destinationLo', 'false'],
  [
    'denied opening refreshed by its answers',
    'denied.ts',
    'if (tcp || row.protocol == UDP) visit.port',
    'c.lastSeen = row.clockNs;\n  if (tcp || row.protocol == UDP) visit.port',
  ],
  ['SYN does not clear a denial', 'denied.ts', 'if (opens) return false;', ''],
  [
    'TIME_WAIT not reopened',
    'security-groups.ts',
    'c.state == TIME_WAIT || c.state == CLOSE',
    'c.state == CLOSE',
  ],
  [
    'swapped packet not asked about',
    'untracked.ts',
    '(!opens && startsUntracked(',
    '(false && startsUntracked(',
  ],
  [
    'mid-stream by the swapped packet only',
    'midstream.ts',
    'let rule = ruleFor(visit, row.destinationPort);',
    'let rule = NONE;',
  ],
  ['CT-18: early fragments do not wait', 'fragments.ts', 'visit.datagram = FRAGMENT_WAITS;', ''],
  [
    'CT-18: early fragments wait for none at the receiver',
    'judge.ts',
    'route.datagram | (visit.datagram << 1)',
    'route.datagram | ((visit.datagram & FRAGMENT_WAITS) << 1)',
  ],
  ['later fragments judged alone', 'fragments.ts', '!isExpired(note, row.clockNs)', 'false'],
  [
    'short path asks nobody',
    'record.ts',
    '!isMulticast(visit.v6, row.sourceHi, row.sourceLo)',
    'true',
  ],
  ['SYN with FIN opens', 'protocol.ts', '(SYN | ACK | RST | FIN)', '(SYN | ACK | RST)'],
  ['FIN is forgotten', 'tcp.ts', 'on(ESTABLISHED, EITHER, FIN, FIN_WAIT);', ''],
  ['time runs backwards', 'frame.ts', 'clock = max<i64>(clock, time)', 'clock = time'],
  ['VPC router: half its addresses', 'exempt.ts', 'min<u32>(hostBits, 2)', 'min<u32>(hostBits, 1)'],
  [
    'delegated prefixes not held',
    'interfaces.ts',
    'return delegated && holder == 0',
    'return false && holder == 0',
  ],
  ['no destination check', 'judge.ts', '!(ingress && broadcast)', '!ingress'],
  [
    'the sweep forgets live connections',
    'connection-table.ts',
    'forgottenNs <= now',
    'forgottenNs <= now + 40_000_000_000',
  ],
  [
    'accounts: replies count as requests',
    'account.ts',
    'if (c.direction == direction)',
    'if (c.direction < 2)',
  ],
  [
    'accounts: what stays untracked does not count',
    'untracked.ts',
    'countPacket(note, row,',
    '// ',
  ],
  [
    'the short way: a denied UDP opener is told that it follows',
    'known.ts',
    'original && c.state == DENIED_UDP',
    'original && c.state == DENIED_TCP',
  ],
  [
    'the short way: untracked replies go by the egress rule',
    'known.ts',
    'if (direction != EGRESS) rule = c.replyRule;',
    '',
  ],
  [
    'the short way: denials outlive a change of rules',
    'phase.ts',
    '} else if (c.state >= DENIED_TCP) {\n      c.flags &= ~PLAIN;',
    '} else if (c.state >= DENIED_TCP) {',
  ],
  [
    'the short way: fragments are read as whole packets',
    'plain.ts',
    '(second & 0xff3f) == 0',
    '(second & 0xff1f) == 0',
  ],
  ['traces: both interfaces in one place', 'trace.ts', 'entry += TRACE_SECOND;', ''],
];

const KERNEL_TESTS = ['differential', 'judge-again', 'accounts', 'connections'].map(
  (name) => `test/differential/${name}.test.ts`,
);

const folder = mkdtempSync(join(tmpdir(), 'sgsim-faults-'));
let missed = 0;
try {
  const sound = await compile('sound', join(root, 'src', 'kernel'));
  if (!passes(sound)) throw new Error('the kernel fails without any fault');
  for (const [name, file, there, instead] of FAULTS) {
    const copy = join(folder, 'kernel');
    rmSync(copy, { recursive: true, force: true });
    cpSync(join(root, 'src', 'kernel'), copy, { recursive: true });
    const source = readFileSync(join(copy, file), 'utf8');
    if (source.split(there).length !== 2)
      throw new Error(`${name}: not there exactly once in ${file}`);
    writeFileSync(join(copy, file), source.replace(there, instead));
    const caught = !passes(await compile('faulty', copy));
    if (!caught) missed++;
    console.log(`${caught ? 'caught' : 'MISSED'}  ${file}: ${name}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${FAULTS.length - missed} of ${FAULTS.length} faults caught`);
process.exitCode = missed === 0 ? 0 : 1;

async function compile(name, source) {
  const output = join(folder, `${name}.wasm`);
  writeFileSync(output, await compileKernel(source));
  return output;
}

function passes(kernel) {
  const { status } = spawnSync(
    join(root, 'node_modules', '.bin', 'vitest'),
    // What is built on verdicts has worlds of its own, of which ten thousand would take hours.
    ['run', ...KERNEL_TESTS, '--bail', '1'],
    {
      cwd: root,
      env: { ...process.env, KERNEL: kernel, WORLDS: '10000' },
      stdio: 'ignore',
    },
  );
  return status === 0;
}
