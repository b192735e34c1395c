import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_TRACKING, type TrackingOptions } from '../../src/model/tracking.js';
import type { NetworkInterface, VpcDescription } from '../../src/model/vpc.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { world } from '../differential/world.js';
import { type Comparison, compare } from './compare.js';
import { netfilterMissing } from './netfilter.js';
import { ROLES, worldOfHosts } from './recorded-world.js';
import { busiestHosts, recordedCaptures, recordedTraffic } from './recorded.js';
import { hastyTraffic, slowTraffic } from './traffic.js';
import { udpTurns, udpTurnsWorld } from './udp-turns.js';

// `npm run oracle` asks about more than 200,000 packets and prints what came of them.
const FULL = process.env.ORACLE === 'full';
const SEED = Number(process.env.SEED ?? 20_261_124);
const HASTY = FULL ? { worlds: 24, frames: 12_000 } : { worlds: 2, frames: 4000 };
const SLOW = FULL ? { worlds: 12, scenes: 100 } : { worlds: 1, scenes: 60 };
const RECORDED = FULL ? { every: 1, roles: ROLES } : { every: 10, roles: ROLES.slice(0, 1) };

/** As near as our settings come to Linux's own. */
const LIKE_LINUX = { ...DEFAULT_TRACKING, midstream: 'pickup', denied: 'forget' } as const;
const SETTINGS: readonly TrackingOptions[] = [LIKE_LINUX, DEFAULT_TRACKING];

const missing = netfilterMissing();
const title = 'verdicts of Linux netfilter';
describe.skipIf(missing !== undefined)(
  missing === undefined ? title : `${title} (skipped: ${missing})`,
  { timeout: 900_000 },
  () => {
    it.each(['like Linux', 'as sgsim does'])('random worlds, settings %s', async (name) => {
      const tracking = SETTINGS[name === 'like Linux' ? 0 : 1]!;
      const worlds = fc.sample(world, { numRuns: HASTY.worlds, seed: SEED }).map(plainWorld);
      const all: Comparison[] = [];
      for (const [i, description] of worlds.entries()) {
        all.push(await compare(description, hastyTraffic(SEED + i, HASTY.frames), tracking));
      }
      conclude(name, all);
    });

    it('random worlds with idle limits', async () => {
      const worlds = fc.sample(world, { numRuns: SLOW.worlds, seed: SEED + 1 }).map(slowWorld);
      const all: Comparison[] = [];
      for (const [i, description] of worlds.entries()) {
        const traffic = slowTraffic(SEED + i, SLOW.scenes);
        all.push(await compare(description, traffic, LIKE_LINUX, { clock: true }));
      }
      conclude('idle limits', all);
    });

    it.runIf(FULL)('UDP streams (CT-12)', async () => {
      const options = { clock: true, udpStream: true };
      const all = await compare(udpTurnsWorld(), udpTurns(), LIKE_LINUX, options);
      conclude('udp streams', [all]);
      expect(all.compared).toBe(udpTurns().frames.length);
    });

    it('recorded captures', async () => {
      const all: Comparison[] = [];
      const names = recordedCaptures().filter((_, i) => i % RECORDED.every === 0);
      for (const name of names) {
        const traffic = recordedTraffic(name);
        if (traffic === undefined || traffic.frames.length === 0) continue;
        const { frames, linkType } = traffic;
        const hosts = await busiestHosts(encodePcap(frames, { nanoseconds: true, linkType }), 2);
        if (hosts.length === 0) continue;
        for (const role of RECORDED.roles) {
          const comparison = await compare(worldOfHosts(hosts, role), traffic, LIKE_LINUX);
          const differences = comparison.differences.map((text) => `${name} ${role}: ${text}`);
          all.push({ ...comparison, differences });
        }
      }
      conclude('recorded', all, 0.5);
    });

    it('a difference is noticed', async () => {
      const [description] = fc.sample(world, { numRuns: 1, seed: SEED }).map(plainWorld);
      const traffic = hastyTraffic(SEED, 2000);
      const { differences } = await compare(description!, traffic, LIKE_LINUX, { related: false });
      expect(differences.length).toBeGreaterThan(0);
      for (const text of differences) expect(text).toMatch(/quoting: we related, linux drop/u);
    });
  },
);

/** Interfaces that security groups filter, told by their addresses. */
function plainWorld(description: VpcDescription): VpcDescription {
  return {
    ...description,
    interfaces: description.interfaces
      .filter(({ groupIds }) => groupIds.length > 0)
      .map(withoutMac),
  };
}

function withoutMac(eni: NetworkInterface): NetworkInterface {
  const plain: { -readonly [Key in keyof NetworkInterface]: NetworkInterface[Key] } = { ...eni };
  delete plain.mac;
  return { ...plain, delegated: [] };
}

/** Linux calls a UDP flow a stream by the clock on the wall, so that one limit serves both. */
function slowWorld(description: VpcDescription): VpcDescription {
  const plain = plainWorld(description);
  const interfaces = plain.interfaces.map((eni) => ({
    ...eni,
    idleSeconds: { ...eni.idleSeconds, udp: 60, udpStream: 60 },
  }));
  return { ...plain, interfaces, paths: [] };
}

/** A comparison that sets too much aside would say little: at least `share` is to be compared. */
function conclude(name: string, all: readonly Comparison[], share = 0.6): void {
  const sum = (of: (each: Comparison) => number): number =>
    all.reduce((total, each) => total + of(each), 0);
  const setAside = new Map<string, number>();
  for (const each of all) {
    for (const [why, count] of each.setAside) setAside.set(why, (setAside.get(why) ?? 0) + count);
  }
  const compared = sum((each) => each.compared);
  const aside = [...setAside.values()].reduce((total, count) => total + count, 0);
  const differences = all.flatMap((each) => each.differences);
  if (FULL) {
    const pass = sum(({ agreed }) => agreed.pass);
    const drop = sum(({ agreed }) => agreed.drop);
    console.log(
      `${name}: ${compared} compared, ${pass} pass, ${drop} drop, ${differences.length} differ`,
    );
    for (const [why, count] of setAside) console.log(`  ${count} set aside: ${why}`);
  }
  expect(differences.slice(0, 40)).toEqual([]);
  expect(compared / (compared + aside)).toBeGreaterThan(share);
}
