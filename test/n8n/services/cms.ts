import type { Service, UploadedFile } from './service';

/** A generic CMS that takes the addresses of finished files, or the files themselves. */
export interface Cms extends Service {
	/** The addresses that it was given, in their order. */
	media: unknown[];
	/** The forms with files that it was given, in their order. */
	files: Record<string, string | UploadedFile>[];
}

export function standInForCms(): Cms {
	const media: unknown[] = [];
	const files: Cms['files'] = [];
	return {
		host: 'cms.example.com',
		media,
		files,
		answer: ({ method, path, body, form }) => {
			if (method !== 'POST') return undefined;
			if (path === '/api/media') return { status: 201, body: { id: media.push(body) } };
			if (path !== '/api/files' || form === undefined) return undefined;
			return { status: 201, body: { id: files.push(form) } };
		},
	};
}
