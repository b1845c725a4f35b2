import { shown } from './figures';
import { isReached, type Goal, type Row } from './part';

/**
 * The rows as a table of plain text.
 * @param parts rows by the name of their part
 */
export function table(parts: Record<string, readonly Row[]>): string {
	const lines = Object.entries(parts).flatMap(([part, rows]) =>
		rows.map((row) => [
			part,
			row.what,
			withUnit(row.value, row.unit),
			row.goal === undefined ? '' : goalText(row.goal, row.unit),
			verdict(row),
			row.from,
		]),
	);
	const all = [['Part', 'Measured', 'Figure', 'Goal', 'Reached', 'From'], ...lines];
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

function withUnit(value: number, unit: string): string {
	return `${shown(value)} ${unit}`;
}

/** A goal in words. */
export function goalText(goal: Goal, unit: string): string {
	return 'atMost' in goal ? `≤ ${goal.atMost} ${unit}` : `≥ ${goal.atLeast} ${unit}`;
}

function verdict(row: Row): string {
	const reached = isReached(row);
	if (reached === undefined) return '';
	return reached ? 'yes' : 'NO';
}
