import { Batch, Frame } from './batch';
import { setupInterfaces } from './interfaces';
import { CONTENT_IP, DECAP_AUTO, FLAG_QUOTE, FRAME_SIZE, LINK_UNTIMED, ROW_SIZE } from './layout';
import { ETHERNET, decodeAnyLink } from './link';
import { resetNesting } from './nesting';
import { plainFramesAreRead, readPlain } from './plain';
import { image, imageOf, phaseEnd, phaseHolding, phasesInAll } from './policy';
import { Row, clearRow } from './row';
import { tunnels } from './tunnel';

/** Turns every frame of a batch into a row, in order. */
export function decodeBatch(batch: Batch, rows: usize): void {
  // An instance may decode far ahead of what it judges: mirrored traffic is known by the VPC of the packet's time.
  const changes = (tunnels & DECAP_AUTO) != 0 && phasesInAll() > 1;
  const plain = plainFramesAreRead();
  let clock = batch.clockNs;
  let entry = <usize>batch.table;
  let changesNs = changes ? i64.MIN_VALUE : i64.MAX_VALUE;
  const end = rows + <usize>batch.frames * ROW_SIZE;
  for (let at = rows; at < end; at += ROW_SIZE, entry += FRAME_SIZE) {
    const frame = changetype<Frame>(entry);
    const row = changetype<Row>(at);
    const time = frame.timeNs;
    clock = max<i64>(clock, time);
    if (clock >= changesNs) {
      const phase = phaseHolding(clock, 0);
      setupInterfaces(imageOf(phase));
      changesNs = phaseEnd(phase);
    }
    row.timeNs = time;
    row.clockNs = clock;
    if (plain && (frame.linkType & ~LINK_UNTIMED) == ETHERNET && readPlain(row, frame)) {
      row.shardHash = shardHashOf(row.sourceLo, row.destinationLo);
    } else decodeFrame(row, frame);
  }
  if (changes) setupInterfaces(image);
}

/** Any frame. */
function decodeFrame(row: Row, frame: Frame): void {
  clearRow(row);
  row.capture = frame.capture;
  row.length = frame.wire;
  const at = <usize>frame.at;
  const end = at + frame.captured;
  // Addresses end before some lengths do.
  const wireEnd = at + max<usize>(frame.captured, min<usize>(frame.wire, usize.MAX_VALUE - at));
  resetNesting();
  const content = decodeAnyLink(row, (<u32>frame.linkType) & ~LINK_UNTIMED, at, end, wireEnd);
  row.content = content;
  if (content == CONTENT_IP) row.shardHash = shardHash(row);
}

/**
 * Same for A->B and B->A, for their fragments and for the ICMP errors that quote them. Ports stay out: a later fragment
 * has none.
 */
function shardHash(row: Row): u32 {
  const quoted = (row.flags & FLAG_QUOTE) != 0;
  return quoted
    ? shardHashOf(
        folded(row.quoteSourceHi, row.quoteSourceLo),
        folded(row.quoteDestinationHi, row.quoteDestinationLo),
      )
    : shardHashOf(folded(row.sourceHi, row.sourceLo), folded(row.destinationHi, row.destinationLo));
}

/** Leaves an IPv4 address as it is. */
function folded(hi: u64, lo: u64): u64 {
  return lo ^ (hi * 0x9e3779b97f4a7c15);
}

/** Sum and difference of bits commute, and together tell two numbers apart. */
function shardHashOf(one: u64, other: u64): u32 {
  const x = (one + other) * 0x9e3779b97f4a7c15;
  const y = (one ^ other) * 0xd6e8feb86659fd93;
  return <u32>((x ^ y) >> 32);
}
