import { ASSETS_PATH, readAsset, readAssetReference } from '../../../shared/api/files/asset';
import type { Operation } from '../../../shared/properties/operation';
import { apiRouting } from '../../../shared/run/apiRouting';
import { isFailure } from '../../../shared/run/read/itemErrors';
import { invalid, isEmpty, show, valid, type Rule } from '../../../shared/validation/result';
import type { Setting } from '../../../shared/validation/settings';
import { plainText, unquoted } from '../../../shared/values/text';
import { assetJson } from './assetJson';

/** The id of an asset, or the reference with it. */
const assetId: Rule<string> = (value) => {
	if (isEmpty(value)) return invalid('is empty', 'Give the ID or the reference of an asset.');
	const words = unquoted(plainText(value) ?? '');
	const id = readAssetReference(words) ?? words;
	return /^[^/\s]+$/.test(id) && !/^\.{1,2}$/.test(id)
		? valid(id)
		: invalid(
				`must be the ID of an asset, but is ${show(value)}`,
				'Give only the ID, or the reference that starts with runflow://assets/.',
			);
};

const ASSET_ID: Setting<string> = {
	path: 'assetId',
	title: 'Asset',
	rule: assetId,
	otherwise: '',
	mustFind: true,
};

/** One asset. @see docs/runflow-api.md, "Upload" */
export const get: Operation = {
	option: {
		name: 'Get',
		value: 'get',
		action: 'Get asset',
		description: 'Get an uploaded file by its ID, with a new link',
		routing: apiRouting({
			method: 'GET',
			url: '/v1/assets/{id}',
			async execute({ settings, call }) {
				const chosen = settings({ id: ASSET_ID });
				if (isFailure(chosen)) return chosen;
				const { id } = chosen;
				const asset = await call(
					{ method: 'GET', url: `${ASSETS_PATH}/${encodeURIComponent(id)}` },
					({ body }) => readAsset(body),
					{
						what: 'an asset',
						scope: 'assets:read',
						notFound: `Runflow has no asset with the ID ${id}, or it belongs to another organization. Check the ID, the API key and the Organization ID in the Runflow API credential.`,
					},
				);
				return isFailure(asset) ? asset : [{ json: assetJson(asset) }];
			},
		}),
	},
	fields: [
		{
			displayName: 'Asset',
			name: 'assetId',
			type: 'string',
			required: true,
			default: '',
			placeholder: 'e.g. runflow://assets/0199a3f2-7c1e-7b4e-9d55-2f6f0c1a8e10',
			description: 'The asset to get, by its reference or its ID',
		},
	],
	options: [],
};
