import type { IDataObject } from 'n8n-workflow';

import { assetReference, type Asset } from '../../../shared/api/files/asset';

/**
 * An asset as an item: what another node needs of it.
 * @param known values of fields that Runflow leaves out, by Runflow's names
 */
export function assetJson(
	{ id, url, record }: Pick<Asset, 'id' | 'url'> & Partial<Asset>,
	known: IDataObject = {},
): IDataObject {
	const { name, mime_type, size_bytes } = { ...known, ...record };
	return {
		id,
		reference: assetReference(id),
		url: url ?? null,
		name: name ?? null,
		mime_type: mime_type ?? null,
		size_bytes: size_bytes ?? null,
	};
}
