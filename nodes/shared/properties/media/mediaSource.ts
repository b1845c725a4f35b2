import type { INodeProperties } from 'n8n-workflow';

/** The mode in which a media parameter names a binary field of the incoming item. */
export const BINARY_MODE = 'binary';

/**
 * The control for an image, a video or a sound. A resource locator, so that the ways of giving a file
 * are shown side by side without another parameter.
 */
export function mediaSource(
	words: Pick<INodeProperties, 'displayName' | 'name' | 'placeholder' | 'description'>,
): INodeProperties {
	return {
		...words,
		type: 'resourceLocator',
		default: { mode: 'url', value: '' },
		modes: [
			{
				displayName: 'URL',
				name: 'url',
				type: 'string',
				...(words.placeholder === undefined ? {} : { placeholder: words.placeholder }),
			},
			{
				displayName: 'Binary',
				name: BINARY_MODE,
				type: 'string',
				placeholder: 'e.g. data',
				hint: 'The name of the binary field that contains the file',
			},
		],
	};
}
