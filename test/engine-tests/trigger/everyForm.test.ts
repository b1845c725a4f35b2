import type { IDataObject, INodeParameters, INodeProperties } from 'n8n-workflow';

import { everyParameter, trigger, type Placed } from '../../descriptions/parameters';
import { formsOf, sampleOf } from '../validation/forms';
import { PARAMETERS, useTrigger } from './context';

/**
 * Each form in which a value can come is entered into each parameter of the trigger: it is read as what it plainly means,
 * or refused by name, at publishing or at a callback. A filter that finds nothing never lets everything through.
 */
const bench = useTrigger();

const HOLDERS: ReadonlySet<string> = new Set(['collection', 'fixedCollection', 'notice']);

const entry = (name: unknown, value: unknown) =>
	({ options: { metadata: { entry: [{ name, value }] } } }) as INodeParameters;

interface Scene {
	value?: unknown;
	place?: (raw: unknown) => INodeParameters;
	/** Whether nothing would mean everything. */
	isFilter?: true;
}

const SCENES: Record<string, Scene> = {
	events: { value: ['run.completed', 'run.cancelled'], isFilter: true },
	'options.statuses': { value: ['failed', 'succeeded'], isFilter: true },
	'options.metadata.entry.name': {
		value: 'order',
		place: (raw) => entry(raw, '1001'),
		isFilter: true,
	},
	'options.metadata.entry.value': {
		value: '1001',
		place: (raw) => entry('order', raw),
		isFilter: true,
	},
	'options.downloadOutputs': { value: true },
	'options.fullRun': { value: true },
	'options.includeRequestId': { value: true },
	'options.simplify': { value: true },
	'options.splitOutputs': { value: true },
	'options.outputPropertyName': {
		place: (raw) =>
			({ options: { downloadOutputs: true, outputPropertyName: raw } }) as INodeParameters,
	},
};

const SHOWN = everyParameter(trigger.properties).filter(
	({ property }) => !HOLDERS.has(property.type),
);

/** Callbacks of two runs: one that the filters above let through, and one that they do not. */
let callbacks: IDataObject[] = [];
beforeEach(async () => {
	await bench.run('succeeded', { metadata: { order: '1001' } });
	await bench.run('partial_succeeded', { metadata: { order: '1002' } });
	callbacks = bench.host.executions.flatMap(({ items }) => items.map(({ json }) => json));
	expect(callbacks).toHaveLength(2);
});

type Seen = { refused: string } | { seen: string };

async function tryOne({ path, property }: Placed, raw: unknown): Promise<Seen> {
	const own = SCENES[path]?.place?.(raw) ?? placed(path, raw);
	bench.host.reset();
	// Without a secret, what Accept Unsigned Callbacks says is seen.
	if (path === 'acceptUnsigned')
		bench.host.credential = { ...bench.host.credential, callbackSecrets: '' };
	bench.host.parameters = { ...PARAMETERS, ...own };
	const names = namesOf(path, property);
	const published = await bench.host
		.hook('create', 'trigger')
		.catch((error: unknown) => String(error));
	if (
		published !== true &&
		names.some((name) => String(published).includes(name)) &&
		!String(published).includes('Fill in Callback')
	) {
		return { refused: String(published) };
	}
	const statuses: number[] = [];
	for (const callback of callbacks) statuses.push((await bench.send(callback)).status);
	const started = bench.host.executions.map(({ items }) =>
		items.map(({ json, binary }) => [
			json.run_id ?? json.id,
			Object.keys(json),
			Object.keys(binary ?? {}),
		]),
	);
	const isRefused = statuses.every((status) => status === 503) && started.length === 0;
	if (isRefused && bench.host.logs.every((line) => names.some((name) => line.includes(name)))) {
		return { refused: bench.host.logs.join() };
	}
	return { seen: JSON.stringify([String(published), statuses, started]) };
}

function placed(path: string, raw: unknown): INodeParameters {
	const [name = '', inner, ...deeper] = path.split('.');
	if (deeper.length > 0) throw new Error(`Say in SCENES where ${path} stands`);
	return { [name]: inner === undefined ? raw : { [inner]: raw } } as INodeParameters;
}

/** The displayed names of a parameter and of what it is in, but Options. */
function namesOf(path: string, { displayName }: INodeProperties): string[] {
	const holders = everyParameter(trigger.properties).filter(
		(other) => other.path !== 'options' && path.startsWith(`${other.path}.`),
	);
	return [displayName, ...holders.map(({ property }) => property.displayName)];
}

let forms = 0;

it.each(SHOWN)('$path', async (parameter) => {
	const { path, property } = parameter;
	const { value = sampleOf(property), isFilter = false } = SCENES[path] ?? {};
	const set = await tryOne(parameter, value);
	if ('refused' in set) throw new Error(`Say in SCENES how ${path} is set: ${set.refused}`);
	const left = await tryOne(parameter, property.type === 'multiOptions' ? [] : '');
	const problems: string[] = [];
	for (const { raw, means, what } of formsOf(property, value)) {
		forms += 1;
		const came = await tryOne(parameter, raw);
		if ('refused' in came) continue;
		const isLeftOut = 'seen' in left && came.seen === left.seen;
		const isRight =
			means === 'value' ? came.seen === set.seen : means !== 'wrong' && !isFilter && isLeftOut;
		if (!isRight) problems.push(`${path} = ${what} (${means}) gives ${came.seen}, set ${set.seen}`);
	}
	expect(problems).toEqual([]);
});

it('has tried every parameter', () => {
	console.info(`${SHOWN.length} parameters, ${forms} forms`);
});
