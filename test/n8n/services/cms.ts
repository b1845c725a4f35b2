import type { Service } from './service';

/** A generic CMS that takes the addresses of finished files. */
export interface Cms extends Service {
	/** What it was given, in its order. */
	media: unknown[];
}

export function standInForCms(): Cms {
	const media: unknown[] = [];
	return {
		host: 'cms.example.com',
		media,
		answer: ({ method, path, body }) => {
			if (method !== 'POST' || path !== '/api/media') return undefined;
			media.push(body);
			return { status: 201, body: { id: media.length } };
		},
	};
}
