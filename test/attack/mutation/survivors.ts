import type { TestedMutant } from './score';

/** How much of a change is shown, in characters. */
const LONGEST = 160;

/** What no test has found, as a list for people: the place, the original code and the code that replaced it. */
export function survivorsPage(survivors: TestedMutant[], leftOut: Map<string, string[]>): string {
	const lines = survivors.map(({ id, at, mutant, status }) => {
		const { file, original, replacement } = mutant;
		const out = leftOut.get(id) ?? [];
		const notes = [
			...(status === 'NoCoverage' ? ['no test runs it'] : []),
			...(out.length > 0 ? [`time was up before ${out.join(', ')}`] : []),
		];
		const note = notes.length === 0 ? '' : ` (${notes.join('; ')})`;
		return `- ${file}:${at}: ${code(original)} → ${code(replacement)}${note}`;
	});
	const list = lines.length === 0 ? ['None, but for those that are explained.'] : lines;
	return ['# Changes that no test has found', '', ...list, ''].join('\n');
}

function code(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	const shown = line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
	return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}
