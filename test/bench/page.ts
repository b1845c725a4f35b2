import { shown } from './figures';
import type { Profile } from './part';
import type { ResultFiles, Stored } from './store';
import { cellsOf, HEADINGS } from './table';

/** Everything that was measured, as a page: a table for each part, with its date and commit. */
export function page(
	{ title, about, json }: Pick<ResultFiles, 'title' | 'about' | 'json'>,
	parts: Readonly<Record<string, Stored>>,
): string {
	const sections = Object.entries(parts).map(([name, part]) => {
		const { date, commit, machine, rounds, rows, profile } = part;
		const { cpu, cores, memoryGiB, node, n8n } = machine;
		const figures = tableOf(
			HEADINGS,
			rows.map((row) => cellsOf(row, '**no**')),
		);
		const functions = profile === undefined ? '' : `\n${profileOf(profile)}`;
		return `## ${name}\n\n${date}, commit ${commit}, ${rounds} ${rounds === 1 ? 'round' : 'rounds'}; ${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}, ${n8n}\n\n${figures}${functions}`;
	});
	return `# ${title}\n\n${about} The raw figures are in [${json}](${json}).\n\n${sections.join('\n')}`;
}

function tableOf(headings: readonly string[], rows: readonly (readonly string[])[]): string {
	const lines = [headings, headings.map(() => '---'), ...rows];
	return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** The functions, each with its own time: where it was called by code of this package, and in all. */
function profileOf({ about, functions }: Profile): string {
	const ms = (value: number): string => `${shown(value)} ms`;
	const rows = functions.map(({ name, file, own, self }) => [
		`\`${name}\``,
		file,
		ms(own),
		ms(self),
	]);
	const headings = [
		'Function',
		'File',
		'Itself, below code of ours',
		'Itself, in all of the block',
	];
	return `${about}:\n\n${tableOf(headings, rows)}`;
}
