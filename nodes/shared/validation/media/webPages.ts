/** The kind of page behind an address that returns no file. */
export interface WebPage {
	/** The rest of a sentence that starts with the parameter's displayed name. */
	problem: string;
	/** The address of the file itself, where it follows from that of the page. */
	direct: string | undefined;
}

/** Addresses of one service that show a page, or ask to sign in, instead of giving a file. */
interface Site {
	name: string;
	host: RegExp;
	/** Paths that are certainly no file. All others are left to Runflow. */
	path: RegExp;
	/** A query with which such a path gives the file after all. */
	fileQuery?: RegExp;
	direct?(url: URL): string | undefined;
	/** Whether the file is there, but only for those who are signed in. */
	needsLogin?: true;
}

const ANY = /^/;

const SITES: readonly Site[] = [
	{
		name: 'Google Drive',
		host: /^(?:drive|docs)\.google\.com$/,
		path: /^(?:\/a\/[^/]+)?\/(?:file\/(?:u\/\d+\/)?d\/|open$|drive(?:\/|$)|folderview$)|\/(?:edit|view|preview)$/,
		direct(url) {
			const id = /\/file\/(?:u\/\d+\/)?d\/([\w-]+)/.exec(url.pathname)?.[1];
			const opened = id ?? (url.pathname.endsWith('/open') ? url.searchParams.get('id') : null);
			if (opened === null) return undefined;
			const key = url.searchParams.get('resourcekey');
			const suffix = key === null ? '' : `&resourcekey=${encodeURIComponent(key)}`;
			return `https://drive.google.com/uc?export=download&id=${encodeURIComponent(opened)}${suffix}`;
		},
	},
	{ name: 'Google Photos', host: /^photos\.(?:google\.com|app\.goo\.gl)$/, path: ANY },
	{
		name: 'Dropbox',
		host: /^(?:www\.)?dropbox\.com$/,
		path: /^\/(?:s\/(?!dl\/|raw\/)|sh\/|scl\/|home|preview\/|t\/)/,
		fileQuery: /[?&](?:dl|raw)=1(?:&|$)/,
		direct: (url) =>
			/^\/(?:s|scl\/fi)\//.test(url.pathname) ? withParameter(url, 'dl', '1') : undefined,
	},
	{ name: 'OneDrive', host: /^1drv\.ms$/, path: ANY, fileQuery: /[?&]download=1(?:&|$)/ },
	{
		name: 'OneDrive',
		host: /^onedrive\.live\.com$/,
		path: /^\/(?:|redir(?:\.aspx)?|view\.aspx|edit\.aspx)$/,
		fileQuery: /[?&]download=1(?:&|$)/,
	},
	{
		name: 'SharePoint',
		host: /\.sharepoint\.com$/,
		path: /^\/:[a-z]:\/|\/_layouts\/15\/(?:onedrive|stream|doc2?|viewer)\.aspx$/i,
		fileQuery: /[?&]download=1(?:&|$)/,
		direct: (url) =>
			url.pathname.startsWith('/:f:') || !url.pathname.startsWith('/:')
				? undefined
				: withParameter(url, 'download', '1'),
	},
	{ name: 'iCloud', host: /^(?:(?:www|share)\.)?icloud\.com$/, path: ANY },
	{ name: 'WeTransfer', host: /^we\.tl$/, path: ANY },
	{
		name: 'WeTransfer',
		host: /^(?!download\.)(?:[\w-]+\.)?wetransfer\.com$/,
		path: /^\/downloads\//,
	},
	{
		name: 'Box',
		host: /^(?:[\w-]+\.)*box\.com$/,
		path: /^\/(?:s|v|file|folder)\/[^/]+(?:\/file\/\d+)?$/,
	},
	{ name: 'MEGA', host: /^mega\.(?:nz|io|co\.nz)$/, path: ANY },
	{ name: 'MediaFire', host: /^(?:www\.)?mediafire\.com$/, path: /^\/(?:file|view|folder)\// },
	{
		name: 'GitHub',
		host: /^github\.com$/,
		path: /^\/[^/]+\/[^/]+\/blob\//,
		fileQuery: /[?&]raw=(?:1|true)(?:&|$)/,
		direct: (url) =>
			`https://raw.githubusercontent.com${url.pathname.replace(/^(\/[^/]+\/[^/]+)\/blob/, '$1')}`,
	},
	{ name: 'YouTube', host: /^youtu\.be$/, path: ANY },
	{
		name: 'YouTube',
		host: /^(?:(?:www|m)\.)?youtube\.com$/,
		path: /^\/(?:watch$|shorts\/|live\/|embed\/)/,
	},
	{ name: 'Vimeo', host: /^(?:www\.)?vimeo\.com$/, path: /^\/\d+(?:\/[\da-f]+)?\/?$/ },
	{
		name: 'Instagram',
		host: /^(?:www\.)?instagram\.com$/,
		path: /^\/(?:[\w.]+\/)?(?:p|reel|tv)\/[^/]+\/?$/,
	},
	{
		name: 'TikTok',
		host: /^(?:www\.|m\.)?tiktok\.com$/,
		path: /^\/@[^/]+\/(?:video|photo)\/\d+\/?$/,
	},
	{ name: 'Imgur', host: /^(?:(?:www|m)\.)?imgur\.com$/, path: /^\/(?:(?:a|gallery)\/)?[\w-]+$/ },
	{ name: 'ImgBB', host: /^ibb\.co$/, path: /^\/[\w-]+$/ },
	{
		name: 'Wikimedia',
		host: /\.(?:wikipedia|wikimedia)\.org$/,
		// An article, or the description of a file; other names with a colon may lead to the file.
		path: /^\/wiki\/(?:(?:File|Image|Datei|Bild|Fichier|Archivo|Immagine|Bestand|Plik)(?::|%3A).+|(?!.*(?::|%3A)).+)$/i,
		direct(url) {
			const file = /^\/wiki\/File(?::|%3A)(.+)$/i.exec(url.pathname)?.[1];
			return file === undefined ? undefined : `${url.origin}/wiki/Special:FilePath/${file}`;
		},
	},
	{ name: 'Unsplash', host: /^unsplash\.com$/, path: /^\/photos\/[^/]+$/ },
	{
		name: 'Pexels',
		host: /^(?:www\.)?pexels\.com$/,
		path: /^\/(?:[a-z]{2}-[a-z]{2}\/)?(?:photo|video)\/[^/]+\/?$/,
	},
	{
		name: 'Pixabay',
		host: /^(?:www\.)?pixabay\.com$/,
		path: /^\/(?:[a-z]{2}\/)?(?:photos|images|videos|vectors|illustrations)\/[^/]+\/?$/,
	},
	{ name: 'Flickr', host: /^(?:www\.)?flickr\.com$/, path: /^\/photos\/[^/]+\/\d+/ },
	{ name: 'Giphy', host: /^giphy\.com$/, path: /^\/(?:gifs|clips|stickers)\/[^/]+\/?$/ },
	{ name: 'Pinterest', host: /^pin\.it$/, path: ANY },
	{ name: 'Pinterest', host: /^(?:\w+\.)?pinterest\.[a-z.]{2,6}$/, path: /^\/pin\// },
	{ name: 'X', host: /^(?:www\.|mobile\.)?(?:x|twitter)\.com$/, path: /^\/\w+\/status\/\d+/ },
	{
		name: 'Facebook',
		host: /^(?:www\.|m\.|web\.)?facebook\.com$/,
		path: /^\/(?:photo(?:\.php|\/)?$|watch\/?$|reel\/|share\/|[^/]+\/(?:photos|videos|posts)\/)/,
	},
	{ name: 'Loom', host: /^(?:www\.)?loom\.com$/, path: /^\/(?:share|embed)\/[^/]+$/ },
	{ name: 'Yandex Disk', host: /^disk\.yandex\.[a-z.]{2,6}$/, path: /^\/[idn]\// },
	{ name: 'Canva', host: /^(?:www\.)?canva\.com$/, path: /^\/design\// },
	{ name: 'Figma', host: /^(?:www\.)?figma\.com$/, path: /^\/(?:file|design|proto)\// },
	{
		name: 'Slack',
		host: /^files\.slack\.com$/,
		path: /^\/files-(?:pri|tmb)\//,
		fileQuery: /[?&]pub_secret=/,
		needsLogin: true,
	},
	{ name: 'Slack', host: /^[\w-]+\.slack\.com$/, path: /^\/files\//, needsLogin: true },
	// n8n's editor and its view of binary data. A signed link has another path.
	{
		name: 'n8n',
		host: ANY,
		path: /^(?:\/[^/]+)?\/(?:rest\/binary-data|workflow\/[A-Za-z0-9]{16}(?:\/(?:executions|debug)\b.*)?)$/,
		needsLogin: true,
	},
];

/**
 * The page that an address certainly shows in place of a file, such as the preview of a shared file; undefined for all
 * others. An address that gives the file itself must never be taken for a page.
 */
export function findWebPage(address: string): WebPage | undefined {
	const url = new URL(address);
	const site = SITES.find(
		({ host, path, fileQuery }) =>
			host.test(url.hostname) && path.test(url.pathname) && !(fileQuery?.test(url.search) ?? false),
	);
	if (site === undefined) return undefined;
	const problem = site.needsLogin
		? `is a link of ${site.name} that opens only after signing in`
		: `is a page of ${site.name}, not the file itself`;
	return { problem, direct: site.direct?.(url) };
}

function withParameter(url: URL, name: string, value: string): string {
	const other = new URL(url);
	other.searchParams.set(name, value);
	return other.href;
}
