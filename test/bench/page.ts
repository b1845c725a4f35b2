import type { Stored } from './store';
import { cellsOf, HEADINGS } from './table';

/** Everything that was measured, as a page: a table for each part, with its date and commit. */
export function page(parts: Readonly<Record<string, Stored>>): string {
	const sections = Object.entries(parts).map(([name, { date, commit, machine, rounds, rows }]) => {
		const { cpu, cores, memoryGiB, node, n8n } = machine;
		const all = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map((row) => cellsOf(row, '**no**'))];
		const table = all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
		return `## ${name}\n\n${date}, commit ${commit}, ${rounds} rounds; ${cores} cores (${cpu}), ${memoryGiB} GiB, Node ${node}, n8n ${n8n}\n\n${table}\n`;
	});
	return `# What was measured\n\nWritten by \`npm run bench\`; each part anew by its name, as \`npm run bench -- created\`. The raw figures are in [bench.json](bench.json).\n\n${sections.join('\n')}`;
}
