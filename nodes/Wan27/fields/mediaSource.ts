import type { INodeProperties } from 'n8n-workflow';

/**
 * The control for an image, a video or a sound. A resource locator, so that further ways of giving a
 * file stand beside the URL without another parameter.
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
		],
	};
}
