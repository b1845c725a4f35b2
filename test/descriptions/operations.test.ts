import { missingOf } from './complements';
import { MODELS, modelOf, OPERATIONS } from './models';
import { everyParameter, trigger, wan as description } from './parameters';

it('has the operations of MODELS in models.ts', () => {
	expect(OPERATIONS.map(([, value]) => value).sort()).toEqual(Object.keys(MODELS).sort());
});

/** What every operation offers, in the collection Options too. */
const SHARED_OPTIONS = [
	'additionalInput',
	'assetReference',
	'outputPropertyName',
	'callbackUrl',
	'clientReference',
	'idempotencyKey',
	'includeInputFields',
	'maximumWait',
	'metadata',
	'metadata.entry.name',
	'metadata.entry.value',
	'metadataJson',
	'pollingInterval',
	'splitOutputs',
];
const SHARED = ['callbackNotice', 'completion', 'downloadOutputs', 'simplify', 'options'];

it.each(OPERATIONS)(
	'offers in %s what its row of MODELS lists, and what all share',
	(_name, value) => {
		const { fields, shownIf = [], options } = modelOf(value);
		const paths = everyParameter(
			description.properties.filter(({ displayOptions }) =>
				displayOptions?.show?.operation?.includes(value),
			),
		).map(({ path }) => path);
		expect(paths.sort()).toEqual(
			[
				...SHARED,
				...[...SHARED_OPTIONS, ...options].map((name) => `options.${name}`),
				...fields,
				...shownIf.flatMap((choice) => choice.fields),
			].sort(),
		);
	},
);

it.each(OPERATIONS)('has what belongs to %s outside its own file', (name, value) => {
	expect(missingOf(name, value)).toEqual([]);
});

it('knows the trigger by its name and the address that it listens at', () => {
	expect(trigger.name).toBe('runflowTrigger');
	expect(trigger.webhooks).toMatchObject([
		{ name: 'default', httpMethod: 'POST', path: 'webhook' },
	]);
});
