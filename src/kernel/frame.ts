import { Batch, Frame } from './batch';
import { setupInterfaces } from './interfaces';
import { CONTENT_IP, DECAP_AUTO, FLAG_QUOTE, FRAME_SIZE, LINK_UNTIMED, ROW_SIZE } from './layout';
import { decodeLink } from './link';
import { image, imageOf, phaseEnd, phaseHolding, phasesInAll } from './policy';
import { Row, clearRow } from './row';
import { tunnels } from './tunnel';

/** Turns every frame of a batch into a row, in order. */
export function decodeBatch(batch: Batch, rows: usize): void {
  // An instance may decode far ahead of what it judges: mirrored traffic is known by the VPC of the packet's time.
  const changes = (tunnels & DECAP_AUTO) != 0 && phasesInAll() > 1;
  decodeFrames(batch, rows, changes);
  if (changes) setupInterfaces(image);
}

function decodeFrames(batch: Batch, rows: usize, changes: bool): void {
  let clock = batch.clockNs;
  let entry = <usize>batch.table;
  let changesNs = changes ? i64.MIN_VALUE : i64.MAX_VALUE;
  const count = batch.frames;
  for (let i: u32 = 0; i < count; i++, rows += ROW_SIZE, entry += FRAME_SIZE) {
    const frame = changetype<Frame>(entry);
    const row = changetype<Row>(rows);
    clearRow(row);
    const time = frame.timeNs;
    clock = max<i64>(clock, time);
    if (clock >= changesNs) {
      const at = phaseHolding(clock, 0);
      setupInterfaces(imageOf(at));
      changesNs = phaseEnd(at);
    }
    row.timeNs = time;
    row.clockNs = clock;
    row.capture = frame.capture;
    row.length = frame.wire;
    const at = <usize>frame.at;
    const end = at + frame.captured;
    // Addresses end before some lengths do.
    const wireEnd = at + max<usize>(frame.captured, min<usize>(frame.wire, usize.MAX_VALUE - at));
    const content = decodeLink(row, (<u32>frame.linkType) & ~LINK_UNTIMED, at, end, wireEnd);
    row.content = content;
    if (content == CONTENT_IP) row.shardHash = shardHash(row);
  }
}

/**
 * Same for A->B and B->A, for their fragments and for the ICMP errors that quote them. Ports stay out: a later fragment
 * has none. The sum commutes; xor would send every A->A flow to one shard.
 */
function shardHash(row: Row): u32 {
  const quoted = (row.flags & FLAG_QUOTE) != 0;
  const sourceHi = quoted ? row.quoteSourceHi : row.sourceHi;
  const sourceLo = quoted ? row.quoteSourceLo : row.sourceLo;
  const destinationHi = quoted ? row.quoteDestinationHi : row.destinationHi;
  const destinationLo = quoted ? row.quoteDestinationLo : row.destinationLo;
  return <u32>((mix(sourceHi, sourceLo) + mix(destinationHi, destinationLo)) >> 32);
}

function mix(hi: u64, lo: u64): u64 {
  let x = (hi ^ rotl<u64>(lo, 29)) * 0x9e3779b97f4a7c15;
  x ^= x >> 32;
  return x * 0xd6e8feb86659fd93;
}
