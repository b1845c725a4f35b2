import { createRequire } from 'node:module';

import { operations } from '../../nodes/Wan27/operations';
import { expectOperationWording } from './option';
import { choicesOf, EVERYTHING, groupsOf, trigger } from './parameters';

const require = createRequire(__filename);

/** The very function that n8n's lint asks, from wherever it is installed. */
const { titleCase } = [
	'@n8n/scan-community-package/package.json',
	'eslint-plugin-n8n-nodes-base',
].reduce(
	(from, module) => createRequire(from.resolve(module)),
	require,
)('title-case') as { titleCase: (words: string) => string };

/**
 * Every text that people read on a parameter, with what it belongs to. Runflow's own spellings stay unchanged.
 */
const NAMES = EVERYTHING.filter(([, { property }]) => property.type !== 'notice').flatMap(
	([owner, { path, property }]) => [
		[`${owner} ${path}`, property.displayName] as const,
		...choicesOf(property).map(({ name }) => [`${owner} ${path}`, name] as const),
		...groupsOf(property).map(({ displayName }) => [`${owner} ${path}`, displayName] as const),
	],
);

/** Written small on purpose: that is how everybody writes them. */
const AS_THEY_ARE = ['1080p', '720p'];

describe('names', () => {
	it.each(NAMES)('%s: %s is in Title Case, as n8n has it', (_where, name) => {
		if (!AS_THEY_ARE.includes(name)) expect(name).toBe(titleCase(name));
		expect(name).toBe(name.trim().replace(/\s+/g, ' '));
		// Abbreviations are always in capitals.
		expect(name).not.toMatch(/\b(Id|Url|Json|Api|Ssl|Hd|Ai)\b/);
	});
});

const DESCRIBED = EVERYTHING.map(
	([owner, { path, property }]) => [`${owner} ${path}`, property] as const,
);

/** A name that leaves nothing to say. */
const SAY_IT_ALL = new Set(['Operation', 'Options', 'Resource']);

const sentences = (words: string): string[] => words.split(/(?<=[.!?]) (?=[A-Z\d])/);

/** n8n's rule: a full stop only where there is more than one sentence. */
function expectWellPut(words: string): void {
	expect(words).toBe(words.trim().replace(/\s+/g, ' '));
	expect(words).toMatch(/^[A-Z\d]/);
	expect(words.endsWith('.')).toBe(sentences(words).length > 1);
	expect(words).not.toMatch(/[!`<>]|\b(please|simply|just)\b/i);
	// Keep it short: n8n shows it in a small bubble.
	expect(words.length).toBeLessThanOrEqual(240);
}

describe('descriptions', () => {
	it.each(DESCRIBED)('%s', (_where, { displayName, type, description = '' }) => {
		if (type === 'notice' || (SAY_IT_ALL.has(displayName) && description === '')) return;
		expectWellPut(description);
		expect(description.toLowerCase()).not.toBe(displayName.toLowerCase());
		expect(description.startsWith('Whether ')).toBe(type === 'boolean');
	});

	it.each(DESCRIBED.filter(([, { type }]) => type === 'notice'))('%s', (_where, property) => {
		const words = property.displayName.replace(/<\/?(code|i)>/g, '');
		expectWellPut(words);
	});

	it.each(
		DESCRIBED.flatMap(([where, { hint, modes = [] }]) =>
			[hint, ...modes.map((mode) => mode.hint)].flatMap((words) =>
				words === undefined ? [] : [[where, words]],
			),
		),
	)('%s: %s (hint)', (_where, words) => {
		expectWellPut(words);
	});
});

describe('placeholders', () => {
	it.each(DESCRIBED)('%s', (_where, { type, placeholder, typeOptions, modes = [] }) => {
		const isList = type === 'collection' || type === 'fixedCollection';
		if (isList) {
			expect(placeholder).toMatch(/^Add [A-Z]\w+$/);
			if (typeOptions?.multipleValues === true) {
				expect(typeOptions.multipleValueButtonText).toBe(placeholder);
			}
		} else if (placeholder !== undefined) {
			expect(placeholder).toMatch(/^e\.g\. \S/);
		}
		for (const mode of modes) {
			expect(mode.placeholder).toMatch(mode.type === 'list' ? /^Select an? \w+…$/ : /^e\.g\. \S/);
		}
		// An empty field shows what to enter; one that has a default shows it.
		if (type === 'json') expect(placeholder).toBeDefined();
	});

	it.each(DESCRIBED.filter(([, { type, default: own }]) => type === 'string' && own === ''))(
		'%s: an empty text field has one',
		(_where, { placeholder, name }) => {
			// What an organization's id looks like is not documented.
			if (name !== 'organizationId') expect(placeholder).toBeDefined();
		},
	);
});

/** Orders that mean something, with the reason; everything else is alphabetical. */
const ORDERS: Record<string, string> = {
	'Runflow Trigger events': 'most users need the first one; n8n lists them in its panel of nodes',
	'Wan 2.7 completion': 'the recommended one is first',
	'Runflow completion': 'the recommended one is first',
};

describe('lists', () => {
	const lists: [string, string[]][] = EVERYTHING.flatMap(([owner, { path, property }]) => {
		const names =
			property.type === 'collection'
				? (property.options ?? []).map((option) =>
						'displayName' in option ? option.displayName : option.name,
					)
				: choicesOf(property).map(({ name }) => name);
		return names.length > 1 ? [[`${owner} ${path}`, names] as [string, string[]]] : [];
	});

	it.each(lists)('%s is in alphabetical order', (where, names) => {
		if (where in ORDERS) return;
		// Digits first, as n8n's lint sorts them.
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b)));
	});

	it('has exceptions only for existing lists', () => {
		const known = lists.map(([where]) => where);
		expect(Object.keys(ORDERS).filter((where) => !known.includes(where))).toEqual([]);
	});

	/** Names that say all there is to say. */
	const PLAIN = new Set([
		'1080p',
		'720p',
		'Landscape 16:9',
		'Landscape 4:3',
		'Portrait 3:4',
		'Portrait 9:16',
		'Square',
		'Square 1:1',
		'Cancelled',
		'Dispatching',
		'Failed',
		'Partially Succeeded',
		'Queued',
		'Running',
		'Succeeded',
	]);
	const choices = EVERYTHING.flatMap(([owner, { path, property }]) =>
		choicesOf(property).map((choice) => [`${owner} ${path} ${choice.name}`, choice] as const),
	);

	it.each(choices)('%s has a description unless its name says enough', (_where, choice) => {
		const { name, description } = choice;
		if (description === undefined && !PLAIN.has(name)) {
			throw new Error(`Describe ${name}, or add it to PLAIN if its name says everything`);
		}
		if (description !== undefined && PLAIN.has(name)) {
			throw new Error(`Leave the description of ${name} out, or take it out of PLAIN`);
		}
		if (description !== undefined) expectWellPut(description);
	});
});

describe('operations', () => {
	it.each(operations.map(({ option }) => [option.name, option] as const))(
		'%s has an action: sentence case, no articles, and what it works on',
		(_name, option) => {
			expectOperationWording(option);
		},
	);

	it('do not accept expressions, like other parameters that must not depend on data', () => {
		const fixed = EVERYTHING.filter(([, { property }]) => property.noDataExpression === true).map(
			([, { path }]) => path,
		);
		expect([...new Set(fixed)].sort()).toEqual([
			'acceptUnsigned',
			'inputFields',
			'inputMode',
			'operation',
			'requestOptions.allowUnauthorizedCerts',
			'resource',
		]);
	});
});

describe('the panel of the trigger', () => {
	const { eventTriggerDescription, triggerPanel } = trigger;
	if (typeof triggerPanel !== 'object') throw new Error('There is no panel');
	const { header, activationHint, executionsHelp } = triggerPanel;

	it.each([
		['while it listens', eventTriggerDescription, /Test URL/],
		['above', header, /Test URL/],
		['below', activationHint, /Production URL/],
	])('says what to do: %s', (_where, words, url) => {
		const text = typeof words === 'string' ? words : '';
		expectWellPut(text);
		expect(text).toMatch(url);
	});

	it.each(['active', 'inactive'] as const)('explains both URLs: %s', (state) => {
		const help = (executionsHelp as Record<typeof state, string>)[state];
		expect(help).toMatch(/^<b>Paste the URL<\/b>.*<b>To test<\/b>.*Test URL.*Production URL/);
	});
});
