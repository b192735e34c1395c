// The HTML report as a browser shows it.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolder } from '../cli/folder.js';
import { TINY_CAPTURE } from '../cli/tiny.js';
import { TYPICAL } from '../report/outcome-typical.js';
import { anyFlow } from '../report/html/flow-sample.js';
import { pageOf } from '../report/html/page-sample.js';
import { type OpenedPage, chromiumAbsent, openPage, startChromium } from './chromium.js';

const demo = fileURLToPath(new URL('../../fixtures/demo', import.meta.url));
const DEMO = ['-r', join(demo, 'capture.pcap'), '--vpc', join(demo, 'vpc')];
const folder = createFolder();

interface Tally {
  readonly packets: number;
  readonly bytes: number;
  readonly flows: number;
}
interface Report {
  readonly totals: Tally &
    Readonly<Record<'allowed' | 'dropped' | 'notFiltered' | 'notJudged', Tally>>;
  readonly byCode: readonly (Tally & { readonly code: string })[];
  readonly byRule: readonly (Tally & { readonly text: string })[];
}

const number = (text: string): number => Number(text.replaceAll(',', ''));
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
const lastNumber = (text: string): number => number(/[\d,]+$/.exec(text.trim())![0]);
const values = ({ packets, bytes, flows }: Tally): number[] => [packets, bytes, flows];

/** Numbers of a row of the table of verdicts: packets, bytes, flows. */
async function figuresOf(page: Page, row: string): Promise<number[]> {
  const cells = await page.locator(`.totals ${row} td`).allTextContents();
  return [cells[0]!, cells[2]!, cells[3]!].map(number);
}

/** What the page does after a frame or two; a machine that is busy takes longer. */
const soon = <T>(get: () => T) => expect.poll(get, { timeout: 20_000 });

const rowsOf = (page: Page) => page.locator('#flow-grid .rows .row');

describe.skipIf(chromiumAbsent)('the page of the demo', () => {
  let browser: Browser;
  let report: Report;
  let opened: OpenedPage;
  beforeAll(async () => {
    browser = await startChromium();
    const args = ['replay', ...DEMO, '--json', '--top', '1000', '--html', 'demo.html'];
    const { stdout, stderr, status } = await folder.run(args);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    report = JSON.parse(stdout) as Report;
    opened = await openPage(browser, join(folder.path, 'demo.html'));
  }, 60_000);
  afterAll(() => browser.close());

  it('has the numbers of --json', async () => {
    const { page } = opened;
    const { totals, byCode, byRule } = report;
    expect(await figuresOf(page, '[data-verdict=allow]')).toEqual(values(totals.allowed));
    expect(await figuresOf(page, '[data-verdict=drop]')).toEqual(values(totals.dropped));
    expect(await figuresOf(page, '[data-verdict=not-filtered]')).toEqual(
      values(totals.notFiltered),
    );
    expect(await figuresOf(page, '[data-verdict=not-judged]')).toEqual(values(totals.notJudged));
    expect(await figuresOf(page, '[data-verdict=sum]')).toEqual(values(totals));
    expect(await page.locator('.totals [data-code]').count()).toBe(byCode.length);
    for (const tally of byCode) {
      expect(await figuresOf(page, `[data-code=${tally.code}]`)).toEqual(values(tally));
    }
    const rules = await page.locator('#rules-table tbody tr').all();
    const told = await Promise.all(
      rules.map(async (rule) => {
        const cells = await rule.locator('td').allTextContents();
        return [await rule.locator('th .mono').textContent(), number(cells[0]!), number(cells[1]!)];
      }),
    );
    expect(told).toEqual(byRule.map(({ text, packets, flows }) => [text, packets, flows]));
  });

  it('adds up to them over time, in pairs and in flows', async () => {
    const { page } = opened;
    const { allowed, dropped, notFiltered, notJudged } = report.totals;
    const wanted = [allowed, dropped].map(({ packets }) => packets);
    const cellsOverTime = (await page.locator('.over-time tbody td').allTextContents()).map(number);
    const columns = [0, 1, 2, 3].map((column) =>
      sum(cellsOverTime.filter((_, i) => i % 4 === column)),
    );
    expect(columns).toEqual([...wanted, notFiltered.packets, notJudged.packets]);

    const corner = page.locator('.matrix tfoot td').last();
    expect((await corner.locator('.n').allTextContents()).map(lastNumber)).toEqual(wanted);
    const cells = page.locator('.matrix tbody td:not(.sum)');
    for (const [i, kind] of (['allow', 'drop'] as const).entries()) {
      const numbers = (await cells.locator(`.n.${kind}`).allTextContents()).map(lastNumber);
      expect(sum(numbers)).toBe(wanted[i]);
    }

    const flows = JSON.parse((await page.locator('#flow-data').textContent())!) as Readonly<
      Record<'packets' | 'bytes' | 'allowed' | 'dropped' | 'counted', readonly number[]>
    >;
    expect([sum(flows.allowed), sum(flows.dropped)]).toEqual(wanted);
    expect(sum(flows.counted)).toBe(report.totals.flows);
  });

  it('tells the same moment by moment, with the arrow keys', async () => {
    const { page } = opened;
    const plots = page.locator('#plots');
    // Narrow, so that there are few bars.
    await page.setViewportSize({ width: 380, height: 900 });
    await soon(async () => Number(await plots.getAttribute('aria-valuemax'))).toBeLessThan(80);
    await plots.focus();
    await page.keyboard.press('Home');
    const bars = Number(await plots.getAttribute('aria-valuemax'));
    const sums = [0, 0];
    for (let bar = 0; bar < bars; bar++) {
      const text = (await page.locator('#plot-readout').textContent())!;
      const [, allowed, dropped] = /: ([\d,]+) packets? allowed, ([\d,]+) dropped$/.exec(text)!;
      sums[0]! += number(allowed!);
      sums[1]! += number(dropped!);
      await page.keyboard.press('ArrowRight');
    }
    await page.setViewportSize({ width: 1280, height: 900 });
    const { allowed, dropped } = report.totals;
    expect(sums).toEqual([allowed.packets, dropped.packets]);
  });

  it('tells of the moment that is pointed at', async () => {
    const { page } = opened;
    const readout = page.locator('#plot-readout');
    await page.locator('#plots').blur();
    await soon(() => readout.textContent()).toMatch(/^Each bar is /);
    await page.locator('.plot').first().hover();
    await soon(() => readout.textContent()).toMatch(/^\d\d:\d\d:\d\d.* allowed, \d+ dropped$/);
  });

  it('answers why with a click, as sgsim why does', async () => {
    const { page } = opened;
    const { stdout } = await folder.run(['why', ...DEMO, '--dropped', '--json', '--top', '50']);
    const { answers } = JSON.parse(stdout) as { answers: { rendered: string; reason: string }[] };
    const shown = page.locator('.answer');
    expect(await shown.locator('pre').allTextContents()).toEqual(
      answers.map(({ rendered }) => rendered),
    );
    const first = shown.first();
    expect(await first.locator('.steps').isVisible()).toBe(false);
    await first.locator('summary').first().click();
    expect(await first.locator('.steps').isVisible()).toBe(true);
    expect(await first.locator('.facts').textContent()).toContain(answers[0]!.reason);
    await first.locator('.plain summary').click();
    expect(await first.locator('pre').isVisible()).toBe(true);
  });

  it('searches, chooses and sorts flows', async () => {
    const { page } = opened;
    const told = page.locator('.controls .told');
    const all = await told.textContent();
    await page.locator('#flow-search').fill('tcp/5432 DB');
    await soon(() => told.textContent()).toMatch(/^\d+ of /);
    for (const to of await rowsOf(page).locator('.to').allTextContents()) {
      expect(to).toMatch(/:5432$/);
    }
    await page.locator('#flow-search').fill('no such thing');
    await soon(() => told.textContent()).toMatch(/^0 of /);
    expect(await rowsOf(page).count()).toBe(0);
    await page.locator('#flow-search').fill('');
    await soon(() => told.textContent()).toBe(all);

    await page.getByText('with drops').click();
    for (const dropped of await rowsOf(page).locator('.dropped').allTextContents()) {
      expect(number(dropped)).toBeGreaterThan(0);
    }
    await page.locator('.head .dropped button').click();
    expect(await page.locator('.head .dropped').getAttribute('aria-sort')).toBe('descending');
    const drops = (await rowsOf(page).locator('.dropped').allTextContents()).map(number);
    expect(drops).toEqual(drops.toSorted((a, b) => b - a));
    await page.locator('.head .dropped button').click();
    expect(await page.locator('.head .dropped').getAttribute('aria-sort')).toBe('ascending');
    await page.getByText('all', { exact: true }).click();
    await page.locator('.head .time button').click();
  });

  it('shows the verdict of a flow at each interface, by click and by key', async () => {
    const { page } = opened;
    const row = rowsOf(page).filter({ hasText: '10.0.2.30:5432' }).first();
    const ends = [await row.locator('.from').textContent(), await row.locator('.to').textContent()];
    await row.click();
    const detail = page.locator('#flow-detail');
    expect(await detail.locator('h3').textContent()).toBe(`${ends.join(' → ')} tcp`);
    const at = await detail.locator('.at li').allTextContents();
    expect(at).toHaveLength(2);
    expect(at[0]).toContain('(web) egress: rule a rule allows it');
    expect(at[1]).toContain('(db) ingress: rule a rule allows it');

    await page.locator('#flow-grid').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const active = page.locator(
      `#${(await page.locator('#flow-grid').getAttribute('aria-activedescendant'))!}`,
    );
    expect(await active.getAttribute('aria-rowindex')).toBe('4');
    expect(await detail.locator('h3').textContent()).toContain(
      (await active.locator('.from').textContent())!,
    );
    await page.keyboard.press('End');
    const last = number((await page.locator('.controls .told').textContent())!.split(' ')[0]!);
    await soon(() => page.locator('.row.active').getAttribute('aria-rowindex')).toBe(
      String(last + 1),
    );
    await page.keyboard.press('Escape');
    expect(await detail.textContent()).toBe('');
  });

  it('lets the keyboard skip to the report and open an answer', async () => {
    const { page } = await openPage(browser, join(folder.path, 'demo.html'));
    await page.keyboard.press('Tab');
    expect(await page.locator('.skip:focus').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.locator('.answer summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('.answer').first().getAttribute('open')).toBe('');
    await page.context().close();
  });

  it('shows rules alone that were never used', async () => {
    const { page } = opened;
    const visible = page.locator('#rules-table tbody tr:visible');
    expect(await visible.count()).toBe(report.byRule.length);
    await page.locator('#unused-only').check();
    expect(await visible.count()).toBe(report.byRule.filter(({ packets }) => packets === 0).length);
    await page.locator('#unused-only').uncheck();
  });

  it('is dark or light as the system is, or as the button says', async () => {
    for (const colorScheme of ['dark', 'light'] as const) {
      const { page } = await openPage(browser, join(folder.path, 'demo.html'), { colorScheme });
      const isDark = async (): Promise<boolean> => (await page.evaluate<number>(BRIGHTNESS)) < 128;
      expect(await isDark()).toBe(colorScheme === 'dark');
      await page.locator('#theme').click();
      expect(await isDark()).toBe(false);
      await page.locator('#theme').click();
      expect(await isDark()).toBe(true);
      await page.context().close();
    }
  });

  it('fits any width', async () => {
    for (const width of [380, 800, 1400]) {
      await opened.page.setViewportSize({ width, height: 900 });
      await soon(() => opened.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });

  it('prints a bounded number of flows', async () => {
    const { page } = opened;
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#flow-grid').isVisible()).toBe(false);
    expect(await page.locator('.printed tbody tr:visible').count()).toBe(50);
    expect((await page.locator('.printed caption').textContent())!.trim()).toMatch(
      /^The first 50 of /,
    );
    await page.emulateMedia({ media: 'screen' });
  });

  it('tells all but plots and the whole table without a script', async () => {
    const { page } = await openPage(browser, join(folder.path, 'demo.html'), {
      javaScriptEnabled: false,
    });
    expect(await figuresOf(page, '[data-verdict=sum]')).toEqual(values(report.totals));
    await page.locator('.answer summary').first().click();
    expect(await page.locator('.answer .steps').first().isVisible()).toBe(true);
    expect(await page.locator('.printed').isVisible()).toBe(true);
    expect(await page.locator('.needs-script:visible').count()).toBe(0);
    await page.context().close();
  });

  it('did nothing else: no error, no request', () => expect(opened.faults).toEqual([]));

  it('takes hostile names for names', async () => {
    const evil =
      '</script><script>alert(1)</script><img src=x onerror=alert(2)>"\'`&lt;\u202e\u0000';
    const vpc = {
      Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }],
      SecurityGroups: [
        {
          ...{ GroupId: `sg-${evil}`, GroupName: evil, Description: evil, VpcId: 'vpc-1' },
          IpPermissions: [
            {
              ...{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443 },
              IpRanges: [{ CidrIp: '203.0.113.0/24', Description: evil }],
              PrefixListIds: [{ PrefixListId: `pl-${evil}` }],
            },
          ],
          IpPermissionsEgress: [],
        },
      ],
      NetworkInterfaces: [
        {
          ...{ NetworkInterfaceId: `eni-${evil}`, VpcId: 'vpc-1', Description: evil },
          TagSet: [{ Key: 'Name', Value: evil }],
          PrivateIpAddresses: [{ PrivateIpAddress: '10.0.1.20', Primary: true }],
          Groups: [{ GroupId: `sg-${evil}` }],
        },
      ],
    };
    folder.write('evil.json', JSON.stringify(vpc));
    const capture = folder.write('<img src=x onerror=alert(3)>.pcap', TINY_CAPTURE);
    const run = await folder.run([
      'replay',
      '-r',
      capture,
      '--vpc',
      'evil.json',
      '--html',
      'evil.html',
    ]);
    expect(run.status, run.stderr).toBe(0);
    const { page, faults } = await openPage(browser, join(folder.path, 'evil.html'));
    expect(await page.locator('img, script:not([type])').count()).toBe(1);
    const seen = evil.replace('\u202e', '\ufffd').replace('\u0000', '\ufffd');
    expect(await page.locator('.about').textContent()).toContain(
      '<img src=x onerror=alert(3)>.pcap',
    );
    expect(await page.locator('.matrix tbody th').allTextContents()).toContain(seen);
    for (const summary of await page.locator('summary').all()) await summary.click();
    await rowsOf(page).first().click();
    expect(await page.locator('#flow-detail .at').textContent()).toContain(`eni-${seen} (${seen})`);
    expect(faults).toEqual([]);
    await page.context().close();
  });

  it('scrolls through 100,000 flows with few of them in the page', async () => {
    const some = fc.sample(anyFlow, { numRuns: 1000, seed: 1 });
    const flows = Array.from({ length: 100_000 }, (_, i) => ({
      ...some[i % 1000]!,
      firstFrame: i + 1,
    }));
    const path = join(folder.path, 'large.html');
    writeFileSync(path, pageOf({ outcome: TYPICAL, flows }));
    const { page, faults } = await openPage(browser, path);
    expect(await page.locator('#flow-grid').getAttribute('aria-rowcount')).toBe('100001');
    for (const share of [0, 0.5, 0.25, 1]) {
      await page.evaluate(
        `{ const view = document.querySelector('#flow-grid .view'); view.scrollTop = view.scrollHeight * ${share}; }`,
      );
      const first = Math.round(share * 100_000);
      const index = async (): Promise<number> =>
        Number(await rowsOf(page).first().getAttribute('aria-rowindex'));
      await soon(async () => Math.abs((await index()) - first)).toBeLessThan(40);
      expect(await rowsOf(page).count()).toBeLessThan(60);
    }
    await page.locator('#flow-search').fill('sgr-1 tcp');
    const told = page.locator('.controls .told');
    await soon(() => told.textContent()).toMatch(/^[\d,]+ of 100,000$/);
    expect(await rowsOf(page).count()).toBeLessThan(60);
    expect(faults).toEqual([]);
    await page.context().close();
  });
});

/** Of the page's ground, from 0 to 255; it runs in the page. */
const BRIGHTNESS = `(() => {
  const canvas = new OffscreenCanvas(1, 1).getContext('2d');
  canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
  canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data[0];
})()`;
