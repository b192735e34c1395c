import { CAPTURE_FROM, CAPTURE_INTERFACE, CAPTURE_SIZE, CAPTURE_TO } from './layout';
import { captureCount, captures } from './policy';
import { Row } from './row';

/** What clocks may differ by, and what a packet may be under way, when a capture begins or ends. */
const SLACK_NS: i64 = 100_000_000;

/**
 * Whether a packet between two interfaces was recorded where it arrived while its sender's interface was recorded too: it
 * was judged, at both, when it left.
 */
export function isRecordedTwice(row: Row, sender: u32, receiver: u32): bool {
  if (captures == 0) return false;
  if (load<u32>(captureAt(row.capture), CAPTURE_INTERFACE) != receiver) return false;
  for (let i: u32 = 0; i < captureCount; i++) {
    const capture = captureAt(i);
    if (load<u32>(capture, CAPTURE_INTERFACE) != sender) continue;
    if (row.timeNs + SLACK_NS < load<i64>(capture, CAPTURE_FROM)) continue;
    if (row.timeNs - SLACK_NS <= load<i64>(capture, CAPTURE_TO)) return true;
  }
  return false;
}

function captureAt(index: u32): usize {
  return captures + <usize>index * CAPTURE_SIZE;
}
