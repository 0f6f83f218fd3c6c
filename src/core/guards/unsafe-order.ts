import { rightText } from '../access/holdings.ts';
import { type Address, parse } from '../address.ts';
import type { Broken } from '../order.ts';
import { type Refusal, refusal } from './refusal.ts';

/** Where no order of the steps keeps everybody's rights within those before and after, somebody has to accept it: who, what, how long. */
export function unsafeOrderGuard(broken: readonly Broken[]): Refusal[] {
  const people = new Map<Address, string[]>();
  for (const { person, right, against, from, until } of broken) {
    const during = `from step ${from.join(', ')} until step ${until.join(', ')}`;
    const what = rightText(right);
    const text =
      against === 'excess'
        ? `would hold ${what}, which they hold neither before nor after, ${during}`
        : `would be without ${what}, which they hold before and after, for a while between step ${[...from, ...until].join(', ')}`;
    people.set(person, [...(people.get(person) ?? []), text]);
  }
  return [...people].map(([person, texts]) => {
    const parsed = parse(person);
    const name = 'name' in parsed ? parsed.name : person;
    return refusal('unsafe-order', person, {
      summary: `no order of the steps is safe: ${name} ${texts.join('; ')}`,
      why: 'make the change in two pull requests, such as grants first and memberships then; or, if it may be so for that moment',
    });
  });
}
