import pc from 'picocolors';

/** How a terminal, or a file, wants text: colours, and the columns of a line; undefined means lines are never cut. */
export interface Style {
  readonly color: boolean;
  readonly width?: number;
}

type Paint = Record<'green' | 'yellow' | 'red' | 'cyan' | 'bold' | 'dim', (text: string) => string>;

/** The colours of a style; none of them changes a text without colour. */
export function paints(style: Style): Paint {
  const { green, yellow, red, cyan, bold, dim } = pc.createColors(style.color);
  return { green, yellow, red, cyan, bold, dim };
}

/** Text of a server or a file, made harmless for a terminal: whatever could move a cursor or hide something is shown instead. */
export function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (character) => {
    if (character === '\n') return '\\n';
    if (character === '\t') return '\\t';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A line cut to the width of a terminal, before it is coloured. */
export function cut(text: string, style: Style): string {
  if (style.width === undefined || text.length <= style.width) return text;
  return `${text.slice(0, Math.max(1, style.width - 1))}…`;
}

/** `1 team`, `2 teams`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
