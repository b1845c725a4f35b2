/** One change to the code, identified without its line number, which moves. */
export interface Mutant {
	file: string;
	/** The whole line that the change begins in, without the space around it. */
	line: string;
	/** What stood there. */
	original: string;
	/** The code that replaces it. */
	replacement: string;
	/** How many changes before it, in the file, are the same in all this. */
	nth: number;
}

/** Where a change is: from 0. */
export interface Location {
	start: { line: number; column: number };
	end: { line: number; column: number };
}

/** What Stryker reports about a change. */
export interface Planned {
	id: string;
	file: string;
	location: Location;
	replacement: string;
}

/** One name for each change, the same for as long as it is the same change. */
export function keyOf({ file, line, original, replacement, nth }: Mutant): string {
	return JSON.stringify([file, line, original, replacement, nth]);
}

/** In: Stryker's changes, and the text of each file. Out: the same in the same order, identified without line numbers. */
export function describeAll(planned: Planned[], textOf: (file: string) => string): Mutant[] {
	const seen = new Map<string, number>();
	return planned.map(({ file, location, replacement }) => {
		const lines = textOf(file).split('\n');
		const mutant = {
			file,
			line: (lines[location.start.line] ?? '').trim(),
			original: cut(lines, location),
			replacement,
			nth: 0,
		};
		const key = keyOf(mutant);
		const nth = seen.get(key) ?? 0;
		seen.set(key, nth + 1);
		return { ...mutant, nth };
	});
}

function cut(lines: string[], { start, end }: Location): string {
	const from = lines.slice(start.line, end.line + 1);
	const last = from.length - 1;
	from[last] = (from[last] ?? '').slice(0, end.column);
	from[0] = (from[0] ?? '').slice(start.column);
	return from.join('\n');
}
