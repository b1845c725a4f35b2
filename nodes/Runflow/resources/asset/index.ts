import type { Resource } from '../../../shared/properties/resource';
import { get } from './get';
import { upload } from './upload';

/** Files that Runflow keeps, for models to take. */
export const asset: Resource = {
	option: { name: 'Asset', value: 'asset', description: 'Files for models, stored by Runflow' },
	operations: [get, upload],
	initial: upload.option.value,
};
