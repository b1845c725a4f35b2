import { resources } from '../../nodes/Runflow/resources';
import { choicesOf, EVERYTHING, groupsOf, runflow, trigger, wan, credential } from './parameters';
import { textsOfTheCode, type Text } from './texts';

/**
 * What a message, a description or a line of the log calls by a name is called so in the editor: the names are taken
 * from the descriptions, and any other word with a capital that no sentence starts with is a name that cannot be found.
 */
const OWN = new Set([
	wan.displayName,
	runflow.displayName,
	trigger.displayName,
	credential.displayName,
	...EVERYTHING.flatMap(([, { property }]) => [
		...(property.type === 'notice' ? [] : [property.displayName]),
		...choicesOf(property).map(({ name }) => name),
		...groupsOf(property).map(({ displayName }) => displayName),
		...(property.modes ?? []).map(({ displayName }) => displayName),
	]),
]);

/** What others call by a name, by whose it is. */
const OTHERS: Record<string, string[]> = {
	'n8n’s editor': [
		'Execute step',
		'Executions',
		'HTTP Request',
		'Production URL',
		'Retry',
		'Retry On Fail',
		'Settings',
		'Test URL',
		'Webhook',
	],
	'Runflow’s pages': ['Runs', 'Settings → API Keys'],
	'HTTP and what is sent over it': ['Bearer', 'Runflow-Signature', 'Code', 'Message'],
	'n8n’s name of a variant of the node': ['Tool'],
	'n8n’s name of a result': ['Error'],
	languages: ['Chinese', 'English'],
	'Node’s name for bytes': ['Buffer'],
	'addresses of Wikimedia': ['Special'],
};

const everyText = textsOfTheCode();
/** All but the names themselves, where they are given. */
const texts = everyText.filter(({ names }) => !names);

/** Takes the names out of a text, the longest first. */
function without(names: Iterable<string>, words: string): string {
	return [...names]
		.sort((a, b) => b.length - a.length)
		.reduce((left, name) => left.split(name).join('¤'), words);
}

/** Words of a text that look like a name. */
function unknownNames(words: string, own: ReadonlySet<string>): string[] {
	const left = without([...own, ...Object.values(OTHERS).flat()], words);
	// Not a text for people: an identifier, an HTTP header, a value.
	if (/^[\w./-]*$/.test(words) && !/^[A-Z][a-z]+$/.test(words)) return [];
	// A title alone has no sentence around it that its first word could start.
	if (/^[A-Z][a-z]+( [A-Z][a-z]+)*( \([A-Z][a-z]+\))?$/.test(words)) {
		return left === '¤' ? [] : [words];
	}
	// Of a longer name only a part is known, such as Metadata of Metadata (JSON).
	const [part] = /¤ (API|\([A-Z¤][^)]*\))/.exec(left) ?? [];
	if (part !== undefined) return [part];
	return [...left.matchAll(/(?<before>^|.{1,2})\b(?<word>[A-Z][a-z]+)\b/gsu)].flatMap(
		({ groups: { before = '', word = '' } = {} }) =>
			/^$|[.:!?…•] ?$|^\n|^.\n|["'`>(]$/.test(before) ? [] : [word],
	);
}

/** Where a text calls something by a name that is not known. */
function wrongNames(own: ReadonlySet<string>, among: Text[]): string[] {
	return among.flatMap(({ where, words }) => {
		const unknown = unknownNames(words, own);
		return unknown.length === 0 ? [] : [`${where}: ${words} (${unknown.join(', ')})`];
	});
}

it('reads the texts of the code', () => {
	expect(texts.length).toBeGreaterThan(1000);
	expect(everyText.map(({ words }) => words)).toContain('Put Output in Field');
	const all = texts.map(({ words }) => words);
	expect(all).toContain('To wait longer next time, raise Maximum Wait (Minutes) under Options.');
	expect(all).toContain('The run is not finished after …');
});

it('calls everything by the name that the editor shows', () => {
	expect(wrongNames(OWN, texts)).toEqual([]);
});

it('allows only other names that are used', () => {
	const used = (name: string): boolean => texts.some(({ words }) => words.includes(name));
	expect(
		Object.values(OTHERS)
			.flat()
			.filter((name) => !used(name)),
	).toEqual([]);
});

/** Names that texts mention: each one is reported, in any text, once the editor shows another name. */
const MENTIONED = [
	'API Key',
	'Accept Unsigned Callbacks',
	'Additional Input',
	'Asset',
	'Asset Reference',
	'Audio',
	'Base URL',
	'Batch Interval (Milliseconds)',
	'Batching',
	'Binary',
	'Callback Signing Secrets',
	'Callback URL',
	'Client Reference',
	'Client Reference Starts With',
	'Completion',
	'Created After',
	'Created Before',
	'Download Outputs',
	'Events',
	'Fields',
	'Full Run',
	'Get',
	'Get Callback Deliveries',
	'Idempotency Key',
	'Ignore SSL Issues (Insecure)',
	'Image',
	'Image Height',
	'Image Size',
	'Image Width',
	'Images',
	'Immediately',
	'Include Input Fields',
	'Input',
	'Input Binary Field',
	'Input Fields',
	'Items per Batch',
	'Limit',
	'Maximum Wait (Minutes)',
	'Metadata',
	'Metadata (JSON)',
	'Metadata Filter',
	'One Item per Output',
	'Options',
	'Organization ID',
	'Polling Interval (Seconds)',
	'Pro Edit',
	'Proxy',
	'Put Output in Field',
	'Request Options',
	'Return All',
	'Run',
	'Runflow API',
	'Runflow Trigger',
	'Search',
	'Simplify',
	'Square',
	'Statuses',
	'Timeout (Milliseconds)',
	'Video',
	'Wait Until Finished',
	'Wan 2.7',
	'When Finished, Polling',
	'When Finished, on Callback',
];

it('fails when a mentioned name changes', () => {
	const missed = [...OWN].filter((name) => {
		const others = new Set([...OWN].filter((own) => own !== name));
		const mentions = texts.filter(({ words }) => words.includes(name));
		return wrongNames(others, mentions).length > 0;
	});
	expect(missed.sort()).toEqual(MENTIONED);
});

/** Where a text says where to find something: `X under Y`, `Y → X`. */
it('names existing places in the editor', () => {
	const parents = new Map<string, Set<string>>();
	const note = (parent: string, child: string): void => {
		parents.set(child, (parents.get(child) ?? new Set()).add(parent));
	};
	for (const { option, operations } of resources) {
		for (const operation of operations) note(option.name, operation.option.name);
	}
	for (const [, { property }] of EVERYTHING) {
		for (const option of property.options ?? []) {
			note(property.displayName, 'displayName' in option ? option.displayName : option.name);
		}
	}
	const names = [...OWN]
		.sort((a, b) => b.length - a.length)
		.map((name) => name.replace(/[()]/g, '\\$&'));
	const name = `(${names.join('|')})(?![a-z])`;
	const led: string[] = [];
	for (const { words } of texts) {
		for (const [, child = '', parent = ''] of words.matchAll(
			new RegExp(`${name} under ${name}`, 'g'),
		)) {
			led.push(`${parent} → ${child}`);
		}
		for (const [all] of words.matchAll(new RegExp(`${name} → ${name}`, 'g'))) led.push(all);
	}
	expect([...new Set(led)].sort()).toEqual([
		'Input → JSON',
		'Options → Additional Input',
		'Options → Callback URL',
		'Options → Maximum Wait (Minutes)',
		'Request Options → Ignore SSL Issues (Insecure)',
		'Request Options → Proxy',
		'Request Options → Timeout (Milliseconds)',
		'Run → Get',
	]);
	for (const way of led) {
		const [parent = '', child = ''] = way.split(' → ');
		expect(parents.get(child)).toContain(parent);
	}
});
