import type { NoCase, Times } from './cases';
import { FAULTS, type FaultKind } from './faults';
import { PROMISES } from './invariants';
import { LEFT_OUT, REQUESTS, type PackageRequest } from './requests';
import { isBroken, type CaseResult } from './caseResult';

/** The text above the tables. */
export interface Heading {
	date: string;
	commit: string;
}

/**
 * The whole matrix as a page: a summary, then a folded table for each request, with a row for each fault, or for faults
 * with the same outcomes.
 */
export function matrixPage(
	{ date, commit }: Heading,
	results: readonly CaseResult[],
	none: readonly NoCase[],
): string {
	const broken = results.filter(isBroken);
	return `${[
		'# Every fault and its outcome',
		'For developers: what happens when a request of this package fails?',
		`Written by \`npm run attack:faults\`, ${date}, commit ${commit}: ${results.length} cases, ${broken.length} of them with a promise broken or not carried out.`,
		"Each request of the package meets each fault, with each completion and On Error setting, in n8n's real engine against the sandbox. Two items or more run together. The fault meets the second one where a request is for one item. The trigger gets the callback of one run.",
		'In every case:',
		Object.values(PROMISES)
			.map((promise) => `- ${promise}`)
			.join('\n'),
		...GLOSSARY,
		'## Outcomes by request',
		...REQUESTS.map((request) =>
			section(
				request,
				results.filter((result) => result.case.request === request),
				none.filter((one) => one.request === request),
			),
		),
		'## Not in the matrix',
		LEFT_OUT.map(({ request, why }) => `- ${request}: ${why}.`).join('\n'),
	].join('\n\n')}\n`;
}

const GLOSSARY = [
	'Words in the tables:',
	[
		'_once_: the fault happens one time; _permanent_: until the user fixes it',
		'_result_: the item is the same as without the fault',
		'_error, no run_: nothing is paid, Retry starts the run',
		'_error, run ID given_: there is a run, the error names it, and Retry looks it up',
		'_not known whether there is a run_: the error says so; Retry finds the run, or starts it if there is none',
		'_waits on_: the execution stays suspended and resumes when Runflow answers again',
		'_Runs_: how many Runflow accepted in the end, including Retry; _Starts_: how often the workflow started',
		'an error ends the node, is an item, or leaves by the error output, with the same words',
		'items run at the same time: other runs may give other outcomes',
	]
		.map((line) => `- ${line}`)
		.join('\n'),
];

function section(
	request: PackageRequest,
	results: readonly CaseResult[],
	none: readonly NoCase[],
): string {
	const rows = merged(
		FAULTS.flatMap((fault) => {
			const own = results.filter((result) => result.case.fault === fault);
			return own.length === 0 ? [] : [row(request, fault, own)];
		}),
	);
	const columns = [
		'Fault',
		...(request.isRepeated ? ['Once', 'Permanent'] : ['Outcome']),
		request.by === 'Runflow Trigger' ? 'Starts' : 'Runs',
		'Message',
	];
	const settings =
		request.by === 'Runflow Trigger'
			? ''
			: ` Completion: ${request.completions.join(', ')}${request.notWith === undefined ? '' : ` (${request.notWith})`}.`;
	const onError = request.stopsOnly === undefined ? '' : ` On Error: stop (${request.stopsOnly}).`;
	const items = request.by === 'Runflow Trigger' ? '' : ` Items: ${request.items}.`;
	return [
		`<details>\n<summary>${escaped(request.title)}</summary>`,
		`\`${request.sent}\`, ${request.when}.${settings}${onError}${items}`,
		[columns, columns.map(() => '---'), ...rows]
			.map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
			.join('\n'),
		...leftOut(none),
		'</details>',
	].join('\n\n');
}

/** Faults with the same outcomes, in one row. */
function merged(rows: readonly string[][]): string[][] {
	const faults = new Map<string, string[]>();
	for (const [fault = '', ...cells] of rows) {
		const key = JSON.stringify(cells);
		faults.set(key, [...(faults.get(key) ?? []), fault]);
	}
	return [...faults].map(([cells, titles]) => [
		titles.join(', '),
		...(JSON.parse(cells) as string[]),
	]);
}

function row(
	{ isRepeated }: PackageRequest,
	fault: FaultKind,
	results: readonly CaseResult[],
): string[] {
	const times: Times[] = isRepeated ? ['once', 'for good'] : ['once'];
	const messages = [...new Set(results.flatMap(({ message }) => message ?? []))].sort();
	return [
		fault.title,
		...times.map((one) => outcomes(results.filter((result) => result.case.times === one))),
		[...new Set(results.map(({ accepted }) => accepted))].sort().join(', '),
		messages.map((message) => `_${message}_`).join('; '),
	];
}

/** The outcomes of cases that differ in their settings, which are named where they matter. */
function outcomes(results: readonly CaseResult[]): string {
	const distinct = [...new Set(results.map(textOf))];
	if (distinct.length === 1) return distinct[0] ?? '';
	return distinct
		.map((outcome) => {
			const own = results.filter((result) => textOf(result) === outcome);
			const others = results.filter((result) => textOf(result) !== outcome);
			return `${outcome} (${settingsOf(own, others)})`;
		})
		.join('; ');
}

/** The settings that distinguish some cases from others, as short as possible. */
function settingsOf(own: readonly CaseResult[], others: readonly CaseResult[]): string {
	const completions = new Set(own.map((result) => result.case.completion ?? ''));
	const isByCompletion = others.every(
		(result) => !completions.has(result.case.completion ?? 'immediately'),
	);
	if (isByCompletion) return [...completions].join(', ');
	const onErrors = new Set(own.map((result) => result.case.onError ?? ''));
	const isByOnError = others.every((result) => !onErrors.has(result.case.onError ?? ''));
	if (isByOnError) return `On Error: ${[...onErrors].join(', ')}`;
	return own
		.map(({ case: { completion, onError } }) => `${completion ?? ''}, ${onError ?? ''}`)
		.join('; ');
}

function textOf({ outcome, broken, failed }: CaseResult): string {
	if (failed !== undefined) return `**${outcome}: ${failed}**`;
	return broken.length === 0
		? outcome
		: `**${outcome}: ${broken.map(({ line }) => line).join('; ')}**`;
}

/** Which faults cannot meet the request, and why. */
function leftOut(none: readonly NoCase[]): string[] {
	const reasons = new Map<string, string[]>();
	for (const { fault, part, why } of none) {
		if (part !== undefined) continue;
		reasons.set(why, [...(reasons.get(why) ?? []), fault.title]);
	}
	if (reasons.size === 0) return [];
	const lines = [...reasons].map(([why, titles]) => `${titles.join(', ')}: ${why}`);
	return [`Left out: ${lines.join('; ')}.`];
}

/** Text for a cell of a table. */
function escaped(text: string): string {
	return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
