import type { IDataObject } from 'n8n-workflow';

import { assetReference, type Asset } from '../../../shared/api/files/asset';

/** An asset as an item: what another node needs of it. */
export function assetJson({
	id,
	url,
	record,
}: Pick<Asset, 'id' | 'url'> & Partial<Asset>): IDataObject {
	return {
		id,
		reference: assetReference(id),
		url: url ?? null,
		name: record?.name ?? null,
		mime_type: record?.mime_type ?? null,
		size_bytes: record?.size_bytes ?? null,
	};
}
