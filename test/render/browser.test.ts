import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { grant, member, project, team, workspace } from '../../src/core/address.ts';
import { html } from '../../src/render/html.ts';
import type { Report } from '../../src/render/report.ts';
import { largePlan, reportOf, subjects } from '../support/reports.ts';

const executablePath = '/usr/bin/chromium';

function isThere(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const found = isThere(executablePath);
if (!found) console.warn(`HTML reports are not opened in a browser: there is no ${executablePath} (Debian's package chromium)`);

// The sandbox of Chromium cannot be had as root, which is what CI is.
const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const evil = [
  '<script>window.hit = 1</script>',
  '"><img src=https://evil.example/x onerror="window.hit = 1">',
  "' onmouseover='window.hit = 1",
  '</script><svg onload="window.hit = 1">',
  '</style><link rel=stylesheet href=https://evil.example/x.css>',
  '<base href=https://evil.example/>',
  '<meta http-equiv=refresh content="0;url=https://evil.example">',
  'javascript:window.hit=1',
];

describe.skipIf(!found)('an HTML report in Chromium', () => {
  let folder: string;
  let context: BrowserContext;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zenform-browser-'));
    context = await chromium.launchPersistentContext(join(folder, 'profile'), { executablePath, args });
  });
  afterAll(async () => {
    await context?.close();
    await rm(folder, { recursive: true, force: true });
  });

  interface Opened {
    readonly page: Page;
    /** What was asked for besides the page itself, said on the console, or thrown. */
    readonly noise: readonly string[];
    /** From asking for the page until it can be read and used. */
    readonly ms: number;
  }

  async function open(report: Report, colorScheme: 'light' | 'dark' = 'light'): Promise<Opened> {
    const file = join(folder, `${subjects.indexOf(report.subject)}.html`);
    await writeFile(file, html(report));
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme });
    const noise: string[] = [];
    const url = pathToFileURL(file).href;
    page.on('request', (request) => request.url() === url || request.url() === 'data:,' || noise.push(request.url()));
    page.on('console', (message) => noise.push(message.text()));
    page.on('pageerror', (error) => noise.push(String(error)));
    const start = performance.now();
    await page.goto(url);
    // Two frames: the first one is drawn when the second begins.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    return { page, noise, ms: performance.now() - start };
  }

  const seen = (page: Page) => page.locator('.tree li[data-action]:visible').count();
  const background = (page: Page) => page.evaluate('getComputedStyle(document.body).backgroundColor');

  it.each(subjects)('of %s runs nothing and asks for nothing, whatever things are called', async (subject) => {
    const { page, noise } = await open(reportOf(evil, subject));
    for (const row of await page.locator('.tree .row:visible').all()) await row.hover();
    expect(await page.evaluate("'hit' in window ? 'hit' : location.protocol")).toBe('file:');
    expect(noise).toEqual([]);
    await page.close();
  });

  it('opens 5,000 changes in less than two seconds, and searches them', async () => {
    const report = largePlan(5000, 20);
    const { page, noise, ms } = await open(report);
    console.info(`5,000 changes: ${Math.round(html(report).length / 1024)} KB, open after ${Math.round(ms)} ms`);
    expect(ms).toBeLessThan(2000);
    expect(await page.locator('#found').textContent()).toBe('5000 of 5000 changes');
    await page.locator('#search').fill('person4711@');
    expect(await page.locator('#found').textContent()).toBe('1 of 5000 changes');
    expect(await seen(page)).toBe(1);
    expect(await page.locator('.tree li[data-action]:visible').textContent()).toContain('person4711@acme.example');
    expect(noise).toEqual([]);
    await page.close();
  });

  it('is searched by several words, by address, and filtered by what happens', async () => {
    const { page } = await open(largePlan(60, 4));
    await page.locator('#search').fill('WORKSPACE-1/ person1@');
    const addresses = await page
      .locator('.tree li[data-action]:visible')
      .evaluateAll((all) => all.map((one) => one.dataset.address));
    const scope = project(workspace('workspace-1'), 'project-1');
    expect(addresses).toEqual([grant(scope, 'Project Developer', member('person1@acme.example'))]);
    await page.locator('#search').fill('');
    expect(await seen(page)).toBe(60);
    await page.locator('input[value=create]').uncheck();
    expect(await page.locator('.tree .delete:visible').count()).toBe(await seen(page));
    await page.close();
  });

  it('shows what does not change when asked', async () => {
    const { page } = await open(reportOf(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 'plan'));
    const kept = page.locator(`li[data-address="${team('h')}"]`);
    expect(await kept.isVisible()).toBe(false);
    await page.keyboard.press('u');
    await kept.waitFor({ state: 'visible', timeout: 5000 });
    await page.keyboard.press('u');
    await kept.waitFor({ state: 'hidden', timeout: 5000 });
    await page.close();
  });

  it('is used from the keyboard alone', async () => {
    const { page } = await open(largePlan(30, 2));
    const focused = () => page.evaluate("document.activeElement?.closest('li')?.dataset.address ?? document.activeElement?.id");
    await page.keyboard.press('/');
    expect(await focused()).toBe('search');
    await page.keyboard.type('admin1');
    expect(await seen(page)).toBe(1);
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('organization');
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('member/admin1@acme.example');
    await page.keyboard.press('k');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    expect(await seen(page)).toBe(0);
    await page.keyboard.press('e');
    expect(await seen(page)).toBe(1);
    await page.keyboard.press('Escape');
    expect(await seen(page)).toBe(30);
    await page.keyboard.press('c');
    expect(await seen(page)).toBe(0);
    await page.close();
  });

  it('is light or dark as the system is, and as one wants it', async () => {
    const { page } = await open(largePlan(3, 1), 'dark');
    const dark = await background(page);
    await page.keyboard.press('t');
    const light = await background(page);
    expect(light).not.toBe(dark);
    await page.locator('#theme').click();
    expect(await background(page)).toBe(dark);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await background(page)).toBe(dark);
    await page.close();
  });

  it('is printed unfolded and without what one cannot press on paper', async () => {
    const { page } = await open(largePlan(30, 2), 'dark');
    await page.keyboard.press('c');
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print' });
    expect(await seen(page)).toBe(30);
    expect(
      await page.locator('.tools, .keys, #theme').evaluateAll((all) => all.filter((one) => one.checkVisibility()).length),
    ).toBe(0);
    expect(await background(page)).toBe('rgb(255, 255, 255)');
    expect((await page.pdf()).length).toBeGreaterThan(1000);
    await page.close();
  });
});
