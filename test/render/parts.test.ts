import { describe, expect, it } from 'vitest';
import type { Address } from '../../src/core/address.ts';
import type { Event } from '../../src/core/event.ts';
import { commandLine } from '../../src/render/command-line.ts';
import { countText, diagnosticsText } from '../../src/render/diagnostics.ts';
import { jsonText } from '../../src/render/json.ts';
import { cut, safe, widthOf, wrapped } from '../../src/render/paint.ts';
import { advance, initial, liveLine, logLine } from '../../src/render/progress.ts';

const place = { file: 'configs/teams.yaml', line: 12, column: 5 };

describe('diagnostics', () => {
  it('begin with their place, as compilers write it, and end with what to do', () => {
    const diagnostics = [
      {
        code: 'schema-unknown-key',
        severity: 'error',
        summary: '`x` is unknown',
        hint: 'did you mean `y`?',
        place,
        related: [place],
      },
      { code: 'expired', severity: 'note', summary: 'gone' },
    ] as const;
    expect(
      diagnosticsText(diagnostics, { color: false }),
    ).toBe(`configs/teams.yaml:12:5: error[schema-unknown-key]: \`x\` is unknown
    also at configs/teams.yaml:12:5
    did you mean \`y\`?
note[expired]: gone
`);
    expect(countText(diagnostics)).toBe('1 error');
  });
});

describe('text for terminals', () => {
  it('is measured in columns', () => {
    expect(widthOf('日本e\u0301')).toBe(5);
    expect(cut('日本語', 5)).toBe('日本…');
    expect(cut('abcdef', 6)).toBe('abcdef');
    expect(wrapped(['aa', 'bb', 'cc'], 7)).toEqual(['aa, bb,', 'cc']);
  });

  it('keeps its letters and spells out what is not seen', () => {
    expect(safe('Zoë “x” 日本')).toBe('Zoë “x” 日本');
    expect(safe('\u0007\u200b\ud800')).toBe('\\u0007\\u200b\\ud800');
  });

  it('is harmless in JSON, and still the same JSON', () => {
    const document = { a: 'x\u009b2J\u202ey\n\u{e0041}', b: ['é'] };
    const text = jsonText(document);
    expect(JSON.parse(text)).toEqual(document);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('a command line to go on with', () => {
  it('has the same files and target, quoted for a shell, and no values of variables', () => {
    const selection = { file: ['a b', "it's"], var: ['token=hush'], emulator: true, base: 'HEAD~1', only: ['team/*'] } as const;
    expect(commandLine('apply', selection)).toBe(
      `zenform apply -f 'a b' -f 'it'\\''s' --var token=… --emulator --only 'team/*' --base HEAD~1`,
    );
  });
});

describe('a diagnostic', () => {
  const words = 'the key that was given is not known there, and that may have several reasons, of which some are told here';
  const one = {
    code: 'unauthorized',
    severity: 'error',
    summary: words,
    hint: words,
    place: { file: 'a.yaml', line: 3, column: 7 },
  } as const;

  it.each([20, 60, 80, 200])('is broken between words on a terminal of %i columns, behind its indentation', (width) => {
    const lines = diagnosticsText([one], { color: false, width }).trimEnd().split('\n');
    // What has no place to break stays whole, for example the code.
    for (const line of lines) if (line.trim().includes(' ')) expect(line.length, line).toBeLessThan(Math.max(width, 33));
    const told = lines.map((line) => line.trim()).join(' ');
    expect(told).toBe(`a.yaml:3:7: error[unauthorized]: ${words} ${words}`);
    expect(diagnosticsText([one], { color: true, width })).toContain('error[unauthorized]');
  });

  it('is never broken in a log', () => {
    expect(diagnosticsText([one], { color: false })).toBe(`a.yaml:3:7: error[unauthorized]: ${words}\n    ${words}\n`);
  });
});

describe('progress', () => {
  const address = 'workspace/prod' as Address;
  const run = (...events: readonly Event[]) =>
    events.reduce((state, event) => advance(state, event, 0), { ...initial, steps: 40 });

  it('is one line that fits, with phase, counts and what is worked on', () => {
    const state = run(
      { event: 'phase', phase: 'execute' },
      { event: 'step', status: 'failed', step: 's1', address, message: 'no' },
      { event: 'step', status: 'started', step: 's2', address },
    );
    expect(liveLine(state, 80)).toBe('Applying 1/40, 1 failed: workspace/prod');
    expect(liveLine(state, 20)).toHaveLength(19);
    const waiting = advance(state, { event: 'wait', address, status: 'pending', seconds: 12, limit: 600 }, 0);
    expect(liveLine(waiting, 100)).toContain('waiting for workspace/prod: pending for 12 s of at most 600 s');
  });

  it('tells the pace after two seconds, and the time left where the whole is known', () => {
    const request: Event = { event: 'request', server: 'control-plane', method: 'GET', path: '/teams', status: 200, ms: 3 };
    const done: Event = { event: 'step', status: 'applied', step: 's', address };
    const timed = (events: readonly (readonly [Event, number])[]) =>
      events.reduce((state, [event, at]) => advance(state, event, at), { ...initial, steps: 40 });
    const reading = timed([[{ event: 'phase', phase: 'read' }, 1000], ...[1500, 3000].map((at) => [request, at] as const)]);
    expect(liveLine(reading, 80)).toBe('Reading the organization, 2 requests, 1.0/s');
    const applying = timed([
      [{ event: 'phase', phase: 'execute' }, 0],
      ...Array.from({ length: 10 }, () => [done, 5000] as const),
    ]);
    expect(liveLine(applying, 80)).toBe('Applying 10/40, 2.0/s, about 15 s left: workspace/prod');
    const again = [
      [{ event: 'phase', phase: 'verify' }, 5000],
      [request, 405_000],
    ] as const;
    const verifying = again.reduce((state, [event, at]) => advance(state, event, at), reading);
    expect(liveLine(verifying, 80)).toBe('Reading again, to verify, 1 requests, 0.0/s, about 7 min left');
    for (const width of [60, 80, 200]) expect(liveLine(verifying, width).length).toBeLessThan(width);
  });

  it('counts requests of a phase anew', () => {
    const request: Event = { event: 'request', server: 'control-plane', method: 'GET', path: '/teams', status: 200, ms: 3 };
    const state = run({ event: 'phase', phase: 'read' }, request, request, { event: 'read', kind: 'team', count: 7 });
    expect(liveLine(state, 80)).toBe('Reading the organization, 7 found, 2 requests');
    expect(liveLine(advance(state, { event: 'phase', phase: 'verify' }, 0), 80)).toBe('Reading again, to verify');
  });

  it('is few lines in a log, and requests only when asked for', () => {
    const request: Event = { event: 'request', server: 'control-plane', method: 'GET', path: '/teams', status: 200, ms: 3 };
    expect(logLine(request, false)).toBeUndefined();
    expect(logLine(request, true)).toBe('    GET /teams on control-plane: 200 in 3 ms');
    expect(logLine({ event: 'step', status: 'failed', step: 's', address, message: 'a\u001bb' }, false)).toBe(
      '  failed workspace/prod: a\\u001bb',
    );
  });
});
