import { measureStage } from './micro/measure.js';
import { STAGES } from './micro/stages.js';
import { interquartile, median, spread } from './spread.js';

const ROUNDS = 7;

/** Nanoseconds a packet by stage, kernel and plain program beside each other (benchmark.js); of one stage or of all. */
export async function benchMicro(only?: string): Promise<void> {
  if (only !== undefined && !(only in STAGES)) {
    throw new Error(`${only} is no stage: ${Object.keys(STAGES).join(', ')}`);
  }
  console.log(
    `ns a packet, one thread, ${ROUNDS} rounds in turn (benchmark.js); answers checked\n`,
  );
  console.log('stage      kernel                  plain program              ratio (noise)');
  for (const [name, make] of Object.entries(STAGES)) {
    if (only !== undefined && name !== only) continue;
    const stage = await make();
    const { kernel, naive, ratios } = measureStage(stage, ROUNDS);
    console.log(
      `${name.padEnd(10)} ${spread(kernel).padEnd(23)} ${spread(naive).padEnd(26)} ${median(ratios).toFixed(1)} (${interquartile(ratios).toFixed(1)})  ${stage.naiveText}`,
    );
  }
}
