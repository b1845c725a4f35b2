import type { NoCase, Times } from './cases';
import { FAULTS, type FaultKind } from './faults';
import { PROMISES } from './invariants';
import { LEFT_OUT, REQUESTS, type PackageRequest } from './requests';
import { isBroken, type Verdict } from './verdict';

/** What stands above the tables. */
export interface Heading {
	date: string;
	commit: string;
}

/** The whole matrix as a page: a table for each request, a row for each fault, or for faults of which the same comes. */
export function matrixPage(
	{ date, commit }: Heading,
	verdicts: readonly Verdict[],
	none: readonly NoCase[],
): string {
	const broken = verdicts.filter(isBroken);
	return `${[
		'# What comes of every fault',
		`Written by \`npm run attack:faults\`, ${date}, commit ${commit}: ${verdicts.length} cases, ${broken.length} of them with a promise broken or not carried out. Each request that the package makes meets each fault, with each completion and each On Error setting that it is sent with, in n8n's real engine against the sandbox; two items or more go together, and the fault meets the second one where a request is for one of them; the trigger gets the callback of one run.`,
		'In every case:',
		Object.values(PROMISES)
			.map((promise) => `- ${promise}`)
			.join('\n'),
		...GLOSSARY,
		...REQUESTS.map((request) =>
			section(
				request,
				verdicts.filter((verdict) => verdict.case.request === request),
				none.filter((one) => one.request === request),
			),
		),
		'## Not in the matrix',
		LEFT_OUT.map(({ request, why }) => `- ${request}: ${why}.`).join('\n'),
	].join('\n\n')}\n`;
}

const GLOSSARY = [
	'How to read the tables:',
	[
		'_once_: the fault comes one time; _for good_: until the user does something about it',
		'_result_: the item comes out as if nothing had been',
		'_error, no run_: nothing is paid, Retry starts the run',
		'_error, run ID given_: there is a run, the error names it, and Retry looks it up',
		'_not known whether there is a run_: the error says so, and Retry finds it, or starts it where there is none',
		'_waits on_: the execution stays suspended and goes on as soon as Runflow answers again',
		'_Runs_: how many Runflow has accepted in the end, after Retry too; _Starts_: how often the workflow was started',
		'an error ends the node, is an item, or leaves by the error output, as On Error says: the words are the same',
	]
		.map((line) => `- ${line}`)
		.join('\n'),
];

function section(
	request: PackageRequest,
	verdicts: readonly Verdict[],
	none: readonly NoCase[],
): string {
	const rows = merged(
		FAULTS.flatMap((fault) => {
			const own = verdicts.filter((verdict) => verdict.case.fault === fault);
			return own.length === 0 ? [] : [row(request, fault, own)];
		}),
	);
	const columns = [
		'Fault',
		...(request.isRepeated ? ['Once', 'For good'] : ['Outcome']),
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
		`## ${request.title}`,
		`\`${request.sent}\`, ${request.when}.${settings}${onError}${items}`,
		[columns, columns.map(() => '---'), ...rows]
			.map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
			.join('\n'),
		...leftOut(none),
	].join('\n\n');
}

/** Faults of which the same comes, in one row. */
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
	verdicts: readonly Verdict[],
): string[] {
	const times: Times[] = isRepeated ? ['once', 'for good'] : ['once'];
	const messages = [...new Set(verdicts.flatMap(({ message }) => message ?? []))].sort();
	return [
		fault.title,
		...times.map((one) => outcomes(verdicts.filter((verdict) => verdict.case.times === one))),
		[...new Set(verdicts.map(({ accepted }) => accepted))].sort().join(', '),
		messages.map((message) => `_${message}_`).join('; '),
	];
}

/** What came of cases that differ in their settings; these are named where it matters. */
function outcomes(verdicts: readonly Verdict[]): string {
	const distinct = [...new Set(verdicts.map(saidOf))];
	if (distinct.length === 1) return distinct[0] ?? '';
	return distinct
		.map((outcome) => {
			const own = verdicts.filter((verdict) => saidOf(verdict) === outcome);
			const others = verdicts.filter((verdict) => saidOf(verdict) !== outcome);
			return `${outcome} (${settingsOf(own, others)})`;
		})
		.join('; ');
}

/** The settings that tell cases from others, as short as they can be said. */
function settingsOf(own: readonly Verdict[], others: readonly Verdict[]): string {
	const completions = new Set(own.map((verdict) => verdict.case.completion ?? ''));
	const isByCompletion = others.every(
		(verdict) => !completions.has(verdict.case.completion ?? 'immediately'),
	);
	if (isByCompletion) return [...completions].join(', ');
	const onErrors = new Set(own.map((verdict) => verdict.case.onError ?? ''));
	const isByOnError = others.every((verdict) => !onErrors.has(verdict.case.onError ?? ''));
	if (isByOnError) return `On Error: ${[...onErrors].join(', ')}`;
	return own
		.map(({ case: { completion, onError } }) => `${completion ?? ''}, ${onError ?? ''}`)
		.join('; ');
}

function saidOf({ outcome, broken, failed }: Verdict): string {
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
