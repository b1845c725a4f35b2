import { choicesOf, EVERYTHING } from './parameters';

/** Path, type, default, what the editor gets of the type, and the values to choose from. */
type Row = [string, string, unknown, (object | undefined)?, unknown[]?];

/**
 * What users' workflows store, and the editor fills in: a contract. Nothing is renamed without a new version of the node.
 * Which operation has which of it: models.ts. A new parameter is a new row, where it is in the node's order.
 */
const STORED: Record<string, Row[]> = {
	'Wan 2.7': [
		['operation', 'options', 'proEdit', undefined, ['imageToVideo', 'proEdit', 'textToVideo']],
		['prompt', 'string', '', { rows: 4 }],
		['mediaNotice', 'notice', ''],
		['image', 'resourceLocator', { mode: 'url', value: '' }],
		['endImage', 'resourceLocator', { mode: 'url', value: '' }],
		['video', 'resourceLocator', { mode: 'url', value: '' }],
		['audio', 'resourceLocator', { mode: 'url', value: '' }],
		['resolution', 'options', '', undefined, ['1080p', '720p', '']],
		['duration', 'number', 5, { minValue: 2, maxValue: 15, numberPrecision: 0 }],
		['completion', 'options', 'polling', undefined, ['immediately', 'callback', 'polling']],
		['callbackNotice', 'notice', ''],
		['downloadOutputs', 'boolean', true],
		['simplify', 'boolean', true],
		['options', 'collection', {}],
		['options.additionalInput', 'json', '{}'],
		['options.assetReference', 'options', 'asset', undefined, ['asset', 'signedUrl']],
		['options.callbackUrl', 'string', ''],
		['options.clientReference', 'string', ''],
		['options.idempotencyKey', 'string', ''],
		['options.maximumWait', 'number', 0, { minValue: 0 }],
		[
			'options.metadata',
			'fixedCollection',
			{},
			{ multipleValues: true, multipleValueButtonText: 'Add Entry' },
		],
		['options.metadata.entry.name', 'string', ''],
		['options.metadata.entry.value', 'string', ''],
		['options.metadataJson', 'json', '{}'],
		['options.negativePrompt', 'string', '', { rows: 2 }],
		['options.splitOutputs', 'boolean', true],
		['options.pollingInterval', 'number', 0, { minValue: 0 }],
		['options.promptExpansion', 'boolean', true],
		['options.outputPropertyName', 'string', 'data'],
		['options.safetyChecker', 'boolean', true],
		['options.seed', 'number', 0, { minValue: 0, maxValue: 2147483647, numberPrecision: 0 }],
		[
			'images',
			'fixedCollection',
			{ image: [{ source: { __rl: true, mode: 'url', value: '' } }] },
			{ multipleValues: true, multipleValueButtonText: 'Add Image', sortable: true },
		],
		['images.image.source', 'resourceLocator', { mode: 'url', value: '' }],
		[
			'imageSize',
			'options',
			'',
			undefined,
			[
				'',
				'custom',
				'landscape_16_9',
				'landscape_4_3',
				'portrait_16_9',
				'portrait_4_3',
				'square',
				'square_hd',
			],
		],
		['imageWidth', 'number', 1024, { minValue: 768, maxValue: 2048, numberPrecision: 0 }],
		['imageHeight', 'number', 1024, { minValue: 768, maxValue: 2048, numberPrecision: 0 }],
		['numberOfImages', 'number', 1, { minValue: 1, maxValue: 4, numberPrecision: 0 }],
		['aspectRatio', 'options', '', undefined, ['', '16:9', '4:3', '3:4', '9:16', '1:1']],
		['requestOptions', 'collection', {}],
		['requestOptions.batching', 'fixedCollection', { batch: {} }, { multipleValues: false }],
		['requestOptions.batching.batch.batchSize', 'number', 50, { minValue: 1 }],
		['requestOptions.batching.batch.batchInterval', 'number', 1000, { minValue: 0 }],
		['requestOptions.allowUnauthorizedCerts', 'boolean', false],
		['requestOptions.proxy', 'string', ''],
		['requestOptions.timeout', 'number', 10000, { minValue: 1 }],
	],
	Runflow: [
		['resource', 'options', 'run', undefined, ['account', 'asset', 'model', 'run']],
		['operation', 'options', 'getBalance', undefined, ['getBalance']],
		['operation', 'options', 'upload', undefined, ['get', 'upload']],
		['assetId', 'string', ''],
		['binaryPropertyName', 'string', 'data'],
		['operation', 'options', 'run', undefined, ['getAll', 'run']],
		['returnAll', 'boolean', false],
		['limit', 'number', 50, { minValue: 1 }],
		['filters', 'collection', {}],
		['filters.search', 'string', ''],
		['simplify', 'boolean', true],
		['model', 'resourceLocator', { mode: 'list', value: '' }],
		['inputMode', 'options', 'fields', undefined, ['fields', 'json']],
		[
			'inputFields',
			'resourceMapper',
			{ mappingMode: 'defineBelow', value: null },
			{
				loadOptionsDependsOn: ['model.value'],
				resourceMapper: {
					resourceMapperMethod: 'readForm',
					mode: 'add',
					valuesLabel: 'Input Fields',
					fieldWords: { singular: 'field', plural: 'fields' },
					supportAutoMap: false,
				},
			},
		],
		['inputJson', 'json', '{}'],
		['completion', 'options', 'polling', undefined, ['immediately', 'callback', 'polling']],
		['callbackNotice', 'notice', ''],
		['downloadOutputs', 'boolean', true],
		['options', 'collection', {}],
		['options.additionalInput', 'json', '{}'],
		['options.assetReference', 'options', 'asset', undefined, ['asset', 'signedUrl']],
		['options.callbackUrl', 'string', ''],
		['options.clientReference', 'string', ''],
		['options.idempotencyKey', 'string', ''],
		['options.maximumWait', 'number', 0, { minValue: 0 }],
		[
			'options.metadata',
			'fixedCollection',
			{},
			{ multipleValues: true, multipleValueButtonText: 'Add Entry' },
		],
		['options.metadata.entry.name', 'string', ''],
		['options.metadata.entry.value', 'string', ''],
		['options.metadataJson', 'json', '{}'],
		['options.splitOutputs', 'boolean', true],
		['options.pollingInterval', 'number', 0, { minValue: 0 }],
		['options.outputPropertyName', 'string', 'data'],
		[
			'operation',
			'options',
			'get',
			undefined,
			['get', 'getCallbackDeliveries', 'getAll', 'redeliverCallback'],
		],
		['runId', 'resourceLocator', { mode: 'list', value: '' }],
		['options.waitUntilFinished', 'boolean', true],
		['filters.clientReference', 'string', ''],
		['filters.clientReferencePrefix', 'string', ''],
		['filters.createdAfter', 'dateTime', ''],
		['filters.createdBefore', 'dateTime', ''],
		[
			'filters.statuses',
			'multiOptions',
			[],
			undefined,
			['cancelled', 'dispatching', 'failed', 'partial_succeeded', 'queued', 'running', 'succeeded'],
		],
		['requestOptions', 'collection', {}],
		['requestOptions.batching', 'fixedCollection', { batch: {} }, { multipleValues: false }],
		['requestOptions.batching.batch.batchSize', 'number', 50, { minValue: 1 }],
		['requestOptions.batching.batch.batchInterval', 'number', 1000, { minValue: 0 }],
		['requestOptions.allowUnauthorizedCerts', 'boolean', false],
		['requestOptions.proxy', 'string', ''],
		['requestOptions.timeout', 'number', 10000, { minValue: 1 }],
	],
	'Runflow Trigger': [
		[
			'events',
			'multiOptions',
			['finished'],
			undefined,
			[
				'finished',
				'run.completed',
				'run.partial_succeeded',
				'run.failed',
				'run.cancelled',
				'batch',
			],
		],
		['acceptUnsigned', 'boolean', false],
		['unsignedNotice', 'notice', ''],
		['options', 'collection', {}],
		['options.downloadOutputs', 'boolean', true],
		['options.fullRun', 'boolean', true],
		[
			'options.metadata',
			'fixedCollection',
			{},
			{ multipleValues: true, multipleValueButtonText: 'Add Entry' },
		],
		['options.metadata.entry.name', 'string', ''],
		['options.metadata.entry.value', 'string', ''],
		['options.splitOutputs', 'boolean', true],
		['options.outputPropertyName', 'string', 'data'],
		['options.includeRequestId', 'boolean', true],
		['options.simplify', 'boolean', true],
		[
			'options.statuses',
			'multiOptions',
			[],
			undefined,
			['cancelled', 'failed', 'partial_succeeded', 'succeeded'],
		],
	],
	'Runflow API': [
		['apiKey', 'string', '', { password: true }],
		['baseUrl', 'string', 'https://api.runflow.io'],
		['callbackSecrets', 'string', '', { password: true }],
		['organizationId', 'string', ''],
	],
};

it.each(Object.entries(STORED))(
	'%s stores what it has always stored, each with its row of STORED',
	(owner, rows) => {
		const all = EVERYTHING.filter(([of]) => of === owner).map(([, { path, property }]): Row => {
			const { type, typeOptions, default: usual } = property;
			const values = choicesOf(property).map(({ value }) => value);
			const row: Row = [path, type, usual];
			if (typeOptions !== undefined || values.length > 0) row.push(typeOptions);
			if (values.length > 0) row.push(values);
			return row;
		});
		// Several operations have some of them.
		const texts = new Set(all.map((row) => JSON.stringify(row)));
		expect([...texts].map((text) => JSON.parse(text) as unknown)).toEqual(
			JSON.parse(JSON.stringify(rows)),
		);
	},
);
