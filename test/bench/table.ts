import { shown } from './figures';
import { isReached, type Goal, type Row } from './part';

/**
 * The rows as a table of plain text.
 * @param parts rows by the name of their part
 */
export function table(parts: Record<string, readonly Row[]>): string {
	const lines = Object.entries(parts).flatMap(([part, rows]) =>
		rows.map((row) => [part, ...cellsOf(row, 'NO')]),
	);
	const all = [['Part', ...HEADINGS], ...lines];
	const widths = (all[0] ?? []).map((_, column) =>
		Math.max(...all.map((cells) => cells[column]?.length ?? 0)),
	);
	return all
		.map((cells) =>
			cells
				.map((cell, column) => cell.padEnd(widths[column] ?? 0))
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/** What the cells of a row are. */
export const HEADINGS = ['Measured', 'Figure', 'Goal', 'Reached', 'From'];

/**
 * The cells of a row.
 * @param no what stands where a goal is not reached
 */
export function cellsOf(row: Row, no: string): string[] {
	const { what, value, unit, goal, from } = row;
	const reached = isReached(row);
	return [
		what,
		`${shown(value)} ${unit}`,
		goal === undefined ? '' : goalText(goal, unit),
		reached === undefined ? '' : reached ? 'yes' : no,
		from,
	];
}

function goalText(goal: Goal, unit: string): string {
	return 'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≥ ${goal.atLeast} ${unit}`;
}
