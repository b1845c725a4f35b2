import { createCanvas, drawText, fillRectangle, type Canvas, type Rgb } from './canvas';
import { drawableText, GLYPH } from './font';

/** What is written on a picture or clip of the sandbox. */
export interface Card {
	readonly width: number;
	readonly height: number;
	/** Chooses the colours of the bars, so that two outputs differ at a glance. */
	readonly pattern: number;
	readonly heading: string;
	readonly facts: string;
	readonly text: string;
	readonly footer: string;
}

const BARS = 8;
export const PANEL_COLOR = BARS;
export const TEXT_COLOR = BARS + 1;
const FACTS_COLOR = BARS + 2;
const PANEL_RGB: Rgb = [24, 24, 32];
const TEXT_RGB: Rgb = [255, 255, 255];
const FACTS_RGB: Rgb = [160, 190, 255];

/** Rows of dots from one line to the next. */
const LINE_DOTS = GLYPH.height + 4;
const PADDING_DOTS = 5;
/** So that every size has about the same number of lines. */
const DOTS_A_SIDE = 200;

/**
 * In: what to write. Out: coloured bars, and on a dark panel the heading, the facts, as much of the text as there is
 * room for, and the footer.
 */
export function drawCard(card: Card): Canvas {
	const { width, height, pattern } = card;
	const canvas = createCanvas(width, height, [
		...barColors(pattern),
		PANEL_RGB,
		TEXT_RGB,
		FACTS_RGB,
	]);
	const barWidth = Math.ceil(canvas.stride / BARS);
	for (let bar = 0; bar < BARS; bar += 1) {
		const area = { x: bar * barWidth, y: 0, width: barWidth, height: canvas.rows };
		fillRectangle(canvas, bar, area);
	}
	const grid = gridOf(card);
	const { margin } = grid;
	const panel = { x: margin, y: margin, width: width - 2 * margin, height: height - 2 * margin };
	fillRectangle(canvas, PANEL_COLOR, panel);
	layOut(card, grid).forEach(({ text, color }, line) => {
		drawText(canvas, color, text, placeOf(grid, line));
	});
	return canvas;
}

/** The positions of the characters. */
export interface Grid {
	readonly columns: number;
	readonly lines: number;
	/** The pixels of a dot. */
	readonly dot: number;
	/** Where the panel starts, from each side. */
	readonly margin: number;
}

/**
 * In: the size of a card. Out: the positions of its characters.
 */
export function gridOf({ width, height }: Pick<Card, 'width' | 'height'>): Grid {
	const side = Math.min(width, height);
	const dot = Math.max(1, Math.floor(side / DOTS_A_SIDE));
	const margin = Math.floor(side / 12);
	const unused = 2 * (margin + PADDING_DOTS * dot);
	return {
		columns: Math.floor((width - unused) / ((GLYPH.width + 1) * dot)),
		lines: Math.floor((height - unused) / (LINE_DOTS * dot)),
		dot,
		margin,
	};
}

/**
 * In: a grid and the number of a line. Out: the top left corner of its first character.
 */
export function placeOf(
	{ margin, dot }: Grid,
	line: number,
): { x: number; y: number; dot: number } {
	const start = margin + PADDING_DOTS * dot;
	return { x: start, y: start + line * LINE_DOTS * dot, dot };
}

interface Line {
	readonly text: string;
	readonly color: number;
}

function layOut({ heading, facts, text, footer }: Card, { columns, lines }: Grid): Line[] {
	const top = [
		...wrap(heading, columns).map((line) => ({ text: line, color: FACTS_COLOR })),
		...wrap(facts, columns).map((line) => ({ text: line, color: FACTS_COLOR })),
		{ text: '', color: TEXT_COLOR },
	];
	const room = Math.max(1, lines - top.length - 1);
	const body = cut(wrap(text, columns), room, columns).map((line) => ({
		text: line,
		color: TEXT_COLOR,
	}));
	const space = Array.from({ length: room - body.length }, () => ({ text: '', color: TEXT_COLOR }));
	return [...top, ...body, ...space, { text: footer, color: FACTS_COLOR }];
}

/**
 * In: a text and how many characters a line has. Out: its lines, broken between words where that is possible.
 */
export function wrap(text: string, columns: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const word of drawableText(text).split(' ')) {
		let rest = word;
		if (line !== '' && line.length + 1 + rest.length > columns) {
			lines.push(line);
			line = '';
		}
		while (rest.length > columns) {
			lines.push(rest.slice(0, columns));
			rest = rest.slice(columns);
		}
		if (rest !== '') line = line === '' ? rest : `${line} ${rest}`;
	}
	return line === '' ? lines : [...lines, line];
}

function cut(lines: readonly string[], room: number, columns: number): readonly string[] {
	if (lines.length <= room) return lines;
	const last = (lines[room - 1] ?? '').slice(0, columns - 3);
	return [...lines.slice(0, room - 1), `${last}...`];
}

function barColors(pattern: number): Rgb[] {
	return Array.from({ length: BARS }, (_, bar) => [
		(pattern & 0xff) ^ (bar * 32),
		((pattern >>> 8) & 0xff) ^ (bar * 20),
		(pattern >>> 16) & 0xff,
	]);
}
