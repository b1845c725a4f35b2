import { findWebPage } from '../../../../../nodes/shared/validation/media/webPages';

const DRIVE = 'https://drive.google.com/uc?export=download&id=1AbC-d_9';

/** The address of a page, the name of its site and, where the address says it, the address of the file. */
const PAGES: [string, string, string?][] = [
	['https://drive.google.com/file/d/1AbC-d_9/view?usp=sharing', 'Google Drive', DRIVE],
	['https://drive.google.com/file/u/0/d/1AbC-d_9/edit', 'Google Drive', DRIVE],
	['https://drive.google.com/open?id=1AbC-d_9', 'Google Drive', DRIVE],
	['https://drive.google.com/a/acme.example/file/d/1AbC-d_9', 'Google Drive', DRIVE],
	[
		'https://drive.google.com/file/d/1AbC-d_9/view?usp=sharing&resourcekey=0-x',
		'Google Drive',
		`${DRIVE}&resourcekey=0-x`,
	],
	['https://drive.google.com/drive/folders/1AbC-d_9', 'Google Drive'],
	['https://docs.google.com/document/d/1AbC-d_9/edit#heading', 'Google Drive'],
	['https://photos.app.goo.gl/abc', 'Google Photos'],
	['https://photos.google.com/share/abc', 'Google Photos'],
	[
		'https://www.dropbox.com/s/abc/shoe.png?dl=0',
		'Dropbox',
		'https://www.dropbox.com/s/abc/shoe.png?dl=1',
	],
	[
		'https://www.dropbox.com/scl/fi/abc/shoe.png?rlkey=k&st=s&dl=0',
		'Dropbox',
		'https://www.dropbox.com/scl/fi/abc/shoe.png?rlkey=k&st=s&dl=1',
	],
	[
		'https://www.dropbox.com/scl/fi/abc/shoe.png?rlkey=k',
		'Dropbox',
		'https://www.dropbox.com/scl/fi/abc/shoe.png?rlkey=k&dl=1',
	],
	['https://www.dropbox.com/scl/fo/abc/x?rlkey=k&dl=0', 'Dropbox'],
	['https://www.dropbox.com/home/Photos', 'Dropbox'],
	['https://1drv.ms/i/s!abc', 'OneDrive'],
	['https://onedrive.live.com/?id=1&cid=2', 'OneDrive'],
	[
		'https://acme-my.sharepoint.com/:i:/g/personal/anna/abc?e=x',
		'SharePoint',
		'https://acme-my.sharepoint.com/:i:/g/personal/anna/abc?e=x&download=1',
	],
	['https://acme.sharepoint.com/:f:/s/shop/abc', 'SharePoint'],
	['https://acme.sharepoint.com/sites/x/_layouts/15/onedrive.aspx?id=1', 'SharePoint'],
	['https://www.icloud.com/iclouddrive/0abc#shoe', 'iCloud'],
	['https://share.icloud.com/photos/0abc', 'iCloud'],
	['https://we.tl/t-abc', 'WeTransfer'],
	['https://wetransfer.com/downloads/abc/def', 'WeTransfer'],
	['https://app.box.com/s/abc', 'Box'],
	['https://acme.app.box.com/file/123', 'Box'],
	['https://mega.nz/file/abc#key', 'MEGA'],
	['https://www.mediafire.com/file/abc/shoe.png/file', 'MediaFire'],
	[
		'https://github.com/acme/shop/blob/main/img/shoe.png',
		'GitHub',
		'https://raw.githubusercontent.com/acme/shop/main/img/shoe.png',
	],
	['https://youtu.be/abc', 'YouTube'],
	['https://www.youtube.com/watch?v=abc', 'YouTube'],
	['https://vimeo.com/123456', 'Vimeo'],
	['https://www.instagram.com/p/abc/', 'Instagram'],
	['https://www.tiktok.com/@acme/video/123', 'TikTok'],
	['https://imgur.com/abc', 'Imgur'],
	['https://imgur.com/a/abc', 'Imgur'],
	['https://ibb.co/abc', 'ImgBB'],
	[
		'https://commons.wikimedia.org/wiki/File:Shoe.png',
		'Wikimedia',
		'https://commons.wikimedia.org/wiki/Special:FilePath/Shoe.png',
	],
	['https://de.wikipedia.org/wiki/Datei:Schuh.png', 'Wikimedia'],
	['https://en.wikipedia.org/wiki/Shoe', 'Wikimedia'],
	['https://unsplash.com/photos/a-shoe-abc', 'Unsplash'],
	['https://www.pexels.com/photo/shoe-123/', 'Pexels'],
	['https://pixabay.com/photos/shoe-123/', 'Pixabay'],
	['https://www.flickr.com/photos/acme/123/', 'Flickr'],
	['https://giphy.com/gifs/shoe-abc', 'Giphy'],
	['https://pin.it/abc', 'Pinterest'],
	['https://www.pinterest.co.uk/pin/123/', 'Pinterest'],
	['https://x.com/acme/status/123', 'X'],
	['https://twitter.com/acme/status/123/photo/1', 'X'],
	['https://www.facebook.com/photo/?fbid=123', 'Facebook'],
	['https://www.facebook.com/acme/videos/123', 'Facebook'],
	['https://www.loom.com/share/abc', 'Loom'],
	['https://disk.yandex.ru/i/abc', 'Yandex Disk'],
	['https://www.canva.com/design/abc/view', 'Canva'],
	['https://www.figma.com/design/abc/Shoe', 'Figma'],
];

it.each(PAGES.map(([address, name, direct]) => ({ address, name, direct })))(
	'finds the page $address',
	({ address, name, direct }) => {
		const page = findWebPage(address);
		expect(page).toEqual({ problem: `is a page of ${name}, not the file itself`, direct });
		// The advised link is not a page.
		if (direct !== undefined) expect(findWebPage(direct)).toBeUndefined();
	},
);

it.each([
	['https://files.slack.com/files-pri/T1-F1/shoe.png', 'Slack'],
	['https://acme.slack.com/files/U1/F1/shoe.png', 'Slack'],
	['https://n8n.acme.example/rest/binary-data?id=filesystem-v2%3Ax&action=view', 'n8n'],
	['https://acme.app.n8n.cloud/workflow/aBcDeFgHiJkLmNoP/executions/12', 'n8n'],
	['https://acme.example/n8n/workflow/aBcDeFgHiJkLmNoP', 'n8n'],
])('finds the link %s, which needs a login', (address, name) => {
	const problem = `is a link of ${name} that opens only after signing in`;
	expect(findWebPage(address)).toEqual({ problem, direct: undefined });
});

it.each([
	'https://drive.google.com/uc?export=download&id=1AbC',
	'https://drive.google.com/uc?id=1AbC',
	'https://drive.google.com/thumbnail?id=1AbC&sz=w1000',
	'https://drive.usercontent.google.com/download?id=1AbC&export=download',
	'https://docs.google.com/uc?export=download&id=1AbC',
	'https://docs.google.com/drawings/d/1AbC/pub?w=960&h=720',
	'https://docs.google.com/presentation/d/1AbC/export/png?pageid=p',
	'https://lh3.googleusercontent.com/d/1AbC=w1000',
	'https://www.dropbox.com/s/abc/shoe.png?dl=1',
	'https://www.dropbox.com/s/abc/shoe.png?raw=1',
	'https://www.dropbox.com/scl/fi/abc/shoe.png?dl=1&rlkey=k',
	'https://www.dropbox.com/s/dl/abc/shoe.png',
	'https://www.dropbox.com/s/raw/abc/shoe.png',
	'https://dl.dropboxusercontent.com/s/abc/shoe.png',
	'https://dl.dropboxusercontent.com/scl/fi/abc/shoe.png?rlkey=k',
	'https://dl.dropbox.com/s/abc/shoe.png?dl=0',
	'https://uc123.dl.dropboxusercontent.com/cd/0/get/abc/file',
	'https://onedrive.live.com/download?cid=1&resid=2',
	'https://api.onedrive.com/v1.0/shares/u!abc/root/content',
	'https://acme.sharepoint.com/:i:/s/shop/abc?e=x&download=1',
	'https://acme.sharepoint.com/sites/x/_layouts/15/download.aspx?share=abc',
	'https://acme.sharepoint.com/sites/x/Shared%20Documents/shoe.png',
	'https://cvws.icloud-content.com/B/abc/shoe.png',
	'https://download.wetransfer.com/eu1/abc/shoe.png?token=t',
	'https://acme.box.com/shared/static/abc.png',
	'https://dropbox.com.example/s/abc/shoe.png',
	'https://download123.mediafire.com/abc/shoe.png',
	'https://raw.githubusercontent.com/acme/shop/main/shoe.png',
	'https://github.com/acme/shop/blob/main/shoe.png?raw=true',
	'https://github.com/acme/shop/raw/main/shoe.png',
	'https://github.com/user-attachments/assets/abc',
	'https://i.ytimg.com/vi/abc/maxresdefault.jpg',
	'https://player.vimeo.com/progressive_redirect/playback/123/rendition/720p/file.mp4',
	'https://www.instagram.com/p/abc/media/?size=l',
	'https://i.imgur.com/abc.png',
	'https://imgur.com/abc.png',
	'https://imgur.com/download/abc',
	'https://i.ibb.co/abc/shoe.png',
	'https://upload.wikimedia.org/wikipedia/commons/a/ab/Shoe.png',
	'https://commons.wikimedia.org/wiki/Special:FilePath/Shoe.png',
	'https://de.wikipedia.org/wiki/Spezial:Dateipfad/Schuh.png',
	'https://unsplash.com/photos/abc/download?force=true',
	'https://images.unsplash.com/photo-1?w=800',
	'https://images.pexels.com/photos/123/shoe.jpeg',
	'https://files.slack.com/files-pri/T1-F1/shoe.png?pub_secret=abc',
	'https://n8n.acme.example/webhook/shoe.png',
	'https://n8n.acme.example/rest/binary-data/signed?token=t',
	'https://shop.example/workflow/shoe.png',
	'https://api.telegram.org/file/bot1:x/photos/file_1.jpg',
])('lets %s through', (address) => {
	expect(findWebPage(address)).toBeUndefined();
});
