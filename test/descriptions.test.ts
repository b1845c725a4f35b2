import type { INodePropertyOptions } from 'n8n-workflow';

import { operations } from '../nodes/Wan27/operations';
import { credential, everyParameter, trigger, wan as description } from './descriptions/parameters';

const parameters = everyParameter(description.properties);
const triggerParameters = everyParameter(trigger.properties);

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
	expect(credential.properties.map(({ name }) => name)).toEqual([
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
