/** One thing of a section: its text, and how early it is worth telling; smaller is earlier. */
export interface Item {
  readonly text: string;
  readonly rank: number;
}

/** A part of a document that may be cut: whatever is around its items, and what stands there for those that do not fit. */
export interface Section {
  readonly open: string;
  readonly items: readonly Item[];
  readonly close: string;
  /** What is said of so many items that were cut; shorter than `room` characters. */
  readonly more: (count: number) => string;
  /** At most so many characters for the items, so that others get their turn. */
  readonly share?: number;
  /** Put around the items that are shown, where that depends on them, such as a fence. */
  readonly wrap?: (body: string) => string;
}

const room = 200;

/**
 * Sections in at most `limit` characters (UTF-16 units): those that come first take first; in each, items of a smaller rank stay longer, and
 * what stays keeps its order. The heads of all sections are always there.
 */
export function fitted(sections: readonly Section[], limit: number): string {
  const frame = (section: Section) => section.open.length + section.close.length + (section.wrap?.('').length ?? 0) + room;
  let left = limit - sections.reduce((sum, section) => sum + frame(section), 0);
  return sections
    .map((section) => {
      const { body, cut } = chosen(section, Math.max(0, Math.min(left, section.share ?? left)));
      left -= body.length - (section.wrap?.('').length ?? 0);
      return `${section.open}${body}${cut === 0 ? '' : section.more(cut)}${section.close}`;
    })
    .join('');
}

/** The items that fit, in their order, wrapped; and how many do not. */
function chosen({ items, wrap = (body) => body }: Section, budget: number): { body: string; cut: number } {
  const ranked = items.map((item, index) => ({ ...item, index })).sort((a, b) => a.rank - b.rank || a.index - b.index);
  const kept: typeof ranked = [];
  let used = 0;
  for (const item of ranked) {
    if (used + item.text.length > budget) break;
    used += item.text.length;
    kept.push(item);
  }
  const joined = () =>
    wrap(
      [...kept]
        .sort((a, b) => a.index - b.index)
        .map(({ text }) => text)
        .join(''),
    );
  // What is put around may have to grow with what is inside.
  while (kept.length > 0 && joined().length - wrap('').length > budget) kept.pop();
  return { body: kept.length === 0 ? '' : joined(), cut: items.length - kept.length };
}
