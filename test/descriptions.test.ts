import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { RunflowApi } from '../credentials/RunflowApi.credentials';
import { RunflowTrigger } from '../nodes/RunflowTrigger/RunflowTrigger.node';
import { operations } from '../nodes/Wan27/operations';
import { Wan27 } from '../nodes/Wan27/Wan27.node';

/** Every parameter of a list, those inside collections too, with the path by which a workflow stores it. */
function everyParameter(
	properties: INodeProperties[],
	path = '',
): { path: string; property: INodeProperties }[] {
	return properties.flatMap((property) => {
		const own = `${path}${property.name}`;
		const children = (property.options ?? []).flatMap((option) => {
			if ('values' in option) {
				return everyParameter(option.values, `${own}.${option.name}.`);
			}
			return 'type' in option ? everyParameter([option], `${own}.`) : [];
		});
		return [{ path: own, property }, ...children];
	});
}

const { description } = new Wan27();
const parameters = everyParameter(description.properties);
const trigger = new RunflowTrigger().description;
const triggerParameters = everyParameter(trigger.properties);
const named = [...parameters, ...triggerParameters].map(
	({ path, property }) => [path, property] as const,
);

describe('every parameter', () => {
	it.each(named)(
		'%s has a title, a description that adds to it, and no full stop after one sentence',
		(_path, property) => {
			const ownWords = property.description ?? '';
			if (!['operation', 'options'].includes(property.name) && property.type !== 'notice') {
				expect(ownWords.length).toBeGreaterThan(10);
			}
			const sentences = ownWords.split(/\. (?=[A-Z])/);
			expect(ownWords.endsWith('.')).toBe(sentences.length > 1);
			expect(property.displayName).toMatch(/^[A-Z(]/);
			if (property.type === 'boolean') expect(ownWords).toMatch(/^Whether /);
			const { placeholder } = property;
			if (placeholder !== undefined && !placeholder.startsWith('Add '))
				expect(placeholder).toMatch(/^e\.g\. /);
		},
	);
});

it('stores these names: a contract, never renamed without a node version', () => {
	const byOperation = operations.map(({ option }) => option.value).sort();
	expect(byOperation).toEqual(['imageToVideo', 'proEdit']);
	const options = [
		'additionalInput',
		'assetReference',
		'binaryPropertyName',
		'callbackUrl',
		'clientReference',
		'idempotencyKey',
		'maximumWait',
		'metadata',
		'metadata.entry.name',
		'metadata.entry.value',
		'metadataJson',
		'negativePrompt',
		'pollingInterval',
		'promptExpansion',
		'safetyChecker',
		'seed',
	];
	const shared = [
		'callbackNotice',
		'completion',
		'downloadOutputs',
		'simplify',
		'options',
		...options.map((name) => `options.${name}`),
	];
	const paths = (operation: string) =>
		everyParameter(
			description.properties.filter(({ displayOptions }) =>
				displayOptions?.show?.operation?.includes(operation),
			),
		)
			.map(({ path }) => path)
			.sort();
	expect(paths('proEdit')).toEqual(
		[
			...shared,
			'imageHeight',
			'imageSize',
			'imageWidth',
			'images',
			'images.image.source',
			'numberOfImages',
			'prompt',
		].sort(),
	);
	expect(paths('imageToVideo')).toEqual(
		[
			...shared,
			'audio',
			'duration',
			'endImage',
			'image',
			'mediaNotice',
			'prompt',
			'resolution',
			'video',
		].sort(),
	);
	const values = (path: string) =>
		parameters
			.filter((parameter) => parameter.path === path)
			.flatMap(({ property }) =>
				(property.options as INodePropertyOptions[]).map(({ value }) => value),
			);
	expect(new Set(values('completion'))).toEqual(new Set(['callback', 'immediately', 'polling']));
	expect(new Set(values('options.assetReference'))).toEqual(new Set(['asset', 'signedUrl']));
	expect(values('resolution')).toEqual(['1080p', '720p', '']);
	expect(values('imageSize')).toEqual([
		'',
		'custom',
		'landscape_16_9',
		'landscape_4_3',
		'portrait_16_9',
		'portrait_4_3',
		'square',
		'square_hd',
	]);
	// Named as n8n itself reads them.
	expect(
		everyParameter(description.properties.filter(({ name }) => name === 'requestOptions')).map(
			({ path }) => path,
		),
	).toEqual([
		'requestOptions',
		'requestOptions.batching',
		'requestOptions.batching.batch.batchSize',
		'requestOptions.batching.batch.batchInterval',
		'requestOptions.allowUnauthorizedCerts',
		'requestOptions.proxy',
		'requestOptions.timeout',
	]);
	expect(new RunflowApi().properties.map(({ name }) => name)).toEqual([
		'apiKey',
		'baseUrl',
		'callbackSecrets',
		'organizationId',
	]);
});

it('stores these names of the trigger: a contract, never renamed without a node version', () => {
	expect(triggerParameters.map(({ path }) => path).sort()).toEqual([
		'acceptUnsigned',
		'events',
		'options',
		'options.binaryPropertyName',
		'options.downloadOutputs',
		'options.fullRun',
		'options.includeRequestId',
		'options.metadata',
		'options.metadata.entry.name',
		'options.metadata.entry.value',
		'options.splitOutputs',
		'options.statuses',
		'unsignedNotice',
	]);
	const values = (path: string) =>
		triggerParameters
			.filter((parameter) => parameter.path === path)
			.flatMap(({ property }) =>
				(property.options as INodePropertyOptions[]).map(({ value }) => value),
			);
	expect(values('events')).toEqual([
		'batch',
		'run.cancelled',
		'run.completed',
		'run.failed',
		'run.partial_succeeded',
	]);
	expect(values('options.statuses')).toEqual([
		'cancelled',
		'failed',
		'partial_succeeded',
		'succeeded',
	]);
	expect(trigger.name).toBe('runflowTrigger');
	expect(trigger.webhooks).toMatchObject([
		{ name: 'default', httpMethod: 'POST', path: 'webhook' },
	]);
});

it('never takes unsigned callbacks unless the user says so, and does so by no expression', () => {
	const [accept] = triggerParameters.filter(({ path }) => path === 'acceptUnsigned');
	expect(accept?.property).toMatchObject({ default: false, noDataExpression: true });
});

it('is no tool for agents: nothing calls a trigger', () => {
	expect(trigger.usableAsTool).toBeUndefined();
});

it('shows the options in alphabetical order', () => {
	for (const { property } of [...parameters, ...triggerParameters]) {
		if (property.type !== 'collection') continue;
		const titles = (property.options as INodeProperties[]).map(({ displayName }) => displayName);
		expect(titles).toEqual([...titles].sort((a, b) => a.localeCompare(b)));
	}
});

it('names every operation in the subtitle', () => {
	for (const { option } of operations) expect(description.subtitle).toContain(option.name);
});

it('keeps secrets out of sight', () => {
	const hidden = new RunflowApi().properties
		.filter(({ typeOptions }) => typeOptions?.password === true)
		.map(({ name }) => name);
	expect(hidden).toEqual(['apiKey', 'callbackSecrets']);
});

it('tests the key without following redirects, which would take the key along', () => {
	expect(new RunflowApi().test.request).toMatchObject({
		url: '/v1/auth/me',
		disableFollowRedirect: true,
	});
});
