import type { Book, Stored } from './store';
import { cellsOf, HEADINGS } from './table';

/** Everything that was measured, as a page: a table for each part, with its date and commit. */
export function page(
	{ title, about, json }: Pick<Book, 'title' | 'about' | 'json'>,
	parts: Readonly<Record<string, Stored>>,
): string {
	const sections = Object.entries(parts).map(([name, { date, commit, machine, rounds, rows }]) => {
		const { cpu, cores, memoryGiB, node, n8n } = machine;
		const all = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map((row) => cellsOf(row, '**no**'))];
		const table = all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
		return `## ${name}\n\n${date}, commit ${commit}, ${rounds} rounds; ${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}, n8n ${n8n}\n\n${table}\n`;
	});
	return `# ${title}\n\n${about} The raw figures are in [${json}](${json}).\n\n${sections.join('\n')}`;
}
