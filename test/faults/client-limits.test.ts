import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { connect, failure, type Reply, token, turn, workspaceUrl } from './client-fake.ts';

describe('how much at once', () => {
  it('no more requests than allowed are in flight, over all servers', async () => {
    let flying = 0;
    let most = 0;
    const { client } = connect(
      async () => {
        most = Math.max(most, ++flying);
        await turn();
        flying--;
        return { json: 1 };
      },
      { concurrency: 3 },
    );
    await Promise.all(
      Array.from({ length: 30 }, (_, n) => (n % 2 ? client.controlPlane : client.workspace(workspaceUrl)).get('/x')),
    );
    expect(most).toBe(3);
  });

  it('one at a time is enough to log in everywhere', async () => {
    const { client } = connect(({ path }) => (path.endsWith('/login') ? token() : { json: 1 }), { concurrency: 1 }, true);
    expect(await Promise.all([client.workspace(workspaceUrl).get('/x'), client.controlPlane.get('/x')])).toEqual([1, 1]);
  });

  it('no second holds more starts than the rate, though timers are early and late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 40 }),
        fc.array(fc.integer({ min: -3, max: 900 }), { minLength: 1 }),
        async (rate, errors) => {
          const time = { now: 5000, sleeps: 0 };
          const sleep = async (ms: number) => {
            await turn();
            time.now += Math.max(1, ms + (errors[time.sleeps++ % errors.length] ?? 0));
          };
          const starts: number[] = [];
          const { client } = connect(
            () => {
              starts.push(time.now);
              return { json: 1 };
            },
            { rate, clock: { now: () => time.now, sleep } },
          );
          await Promise.all(Array.from({ length: 60 }, () => client.controlPlane.get('/x')));
          for (const start of starts)
            expect(starts.filter((at) => at >= start && at <= start + 1000).length).toBeLessThanOrEqual(rate);
        },
      ),
      {
        numRuns: 60,
        examples: [
          [1, [0]],
          [4, [0]],
        ],
      },
    );
  });
});

describe('errors', () => {
  const decoded = async (reply: Reply) => {
    const { errorClass, serverMessage } = await failure(connect(() => ({ status: 409, ...reply })).client.controlPlane.get('/x'));
    return [errorClass, serverMessage];
  };

  it.each([
    ['A', { json: { detail: ['EntityExistsError', 'it is there'] } }, 'EntityExistsError', /it is there/],
    ['B', { json: ['ValueError', 'too long'] }, 'ValueError', /too long/],
    ['C', { json: { detail: 'Not Found' } }, undefined, /Not Found/],
    ['D text', { text: 'slow down' }, undefined, /slow down/],
    ['D object', { json: { error: 'slow down' } }, undefined, /slow down/],
    ['E', { json: { detail: [{ loc: ['body', 'name'], msg: 'required', type: 'missing' }] } }, undefined, /body\.name.*required/],
    ['F', { json: { error: 'invalid_grant', error_description: 'no such key' } }, 'invalid_grant', /no such key/],
    ['nothing', { text: '' }, undefined, /./],
    [
      'a page',
      { text: `<html><title>x</title><h1>Bad  gateway</h1>${'y'.repeat(9000)}` },
      undefined,
      /^(?!.*<h1>)(?=.*Bad gateway).{10,350}$/,
    ],
  ] as const)('of form %s are read', async (_, reply, errorClass, words) => {
    const [name, message] = await decoded(reply);
    expect([name, message]).toEqual([errorClass, expect.stringMatching(words)]);
  });

  it('of any form at all are errors of the API, in one line', async () => {
    const detail = fc.oneof(
      fc.jsonValue(),
      fc.record({ detail: fc.jsonValue() }),
      fc.record({ error: fc.jsonValue(), error_description: fc.jsonValue() }),
    );
    const odd = fc.constantFrom({ detail: [{ msg: { toString: 1 } }] }, [{ toString: 1 }], {
      detail: [[{ toString: 1 }], { loc: [{ toString: 1 }] }],
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 5, arbitrary: detail }, { weight: 1, arbitrary: odd }), async (json) => {
        const [name, message] = await decoded({ json });
        expect(message).toMatch(/^[^\r\n]{1,600}$/);
        expect(['string', 'undefined']).toContain(typeof name);
      }),
    );
  });
});
