import { expect, it } from 'vitest';
import type { CaptureSource } from '../../src/capture/source.js';
import { loadVpc } from '../../src/documents/load.js';
import { encodePcap } from '../../src/generate/pcap.js';
import { inputError } from '../../src/model/diagnostic.js';
import { DEFAULT_TRACKING } from '../../src/model/tracking.js';
import { resolveTimeline } from '../../src/policy/timeline.js';
import { replay } from '../../src/replay/replay.js';

const VPC = `
groups: { sg-a: {} }
interfaces: { eni-a: { addresses: [10.0.1.20], groups: [sg-a] } }
`;

// A source without a size goes to the pool when there is more than one worker.
it.each([1, 2])(
  'a source that fails in the middle ends the replay, workers: %i',
  async (workers) => {
    const header = encodePcap([]);
    let at = 0;
    const source: CaptureSource = {
      name: 'failing.pcap',
      read: (target) => {
        const piece = header.subarray(at, at + target.length);
        if (piece.length === 0) {
          return Promise.reject(inputError('capture-file', 'failing.pcap', 'EIO'));
        }
        target.set(piece);
        at += piece.length;
        return Promise.resolve(piece.length);
      },
      close: () => {},
    };
    const timeline = resolveTimeline(loadVpc([{ name: 'vpc.yaml', text: VPC }]).description);
    await expect(
      replay(() => timeline, [source], { tracking: DEFAULT_TRACKING, workers }),
    ).rejects.toThrow('error[capture-file] failing.pcap: EIO');
  },
);
