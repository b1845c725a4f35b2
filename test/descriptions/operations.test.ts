import { operations } from '../../nodes/Wan27/operations';
import { everyParameter, trigger, wan as description } from './parameters';

it('offers these parameters in each operation', () => {
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
});

it('knows the trigger by its name and the address that it listens at', () => {
	expect(trigger.name).toBe('runflowTrigger');
	expect(trigger.webhooks).toMatchObject([
		{ name: 'default', httpMethod: 'POST', path: 'webhook' },
	]);
});
