import { isCertificateError, isSetting, type NetworkError } from '../../api/result/networkError';
import { adviseOnCertificate, describeNetworkError } from '../../api/errorTexts/networkErrorText';

/** Why a file could not be fetched where its storage gave no response. */
export interface DownloadFault {
	problem: string;
	/** Whether only other settings help. */
	isFinal?: true;
	/** What to change. */
	advice?: string;
}

/**
 * What to say of a download without a response.
 * @param where.hasOptions whether the user can set Request Options there: the trigger has none
 */
export function describeDownloadFault(
	error: NetworkError,
	where: { hasOptions: boolean },
): DownloadFault {
	const { code, neverSent } = error;
	const named = code === '' ? '' : ` (${code})`;
	if (isCertificateError(code)) {
		const advice = adviseOnCertificate(where.hasOptions);
		return {
			problem: `the certificate of its storage is not trusted${named}`,
			isFinal: true,
			advice,
		};
	}
	if (isSetting(code)) {
		const { message, advice } = describeNetworkError(error, where);
		return { problem: message, isFinal: true, advice };
	}
	return {
		problem: `${neverSent ? 'its storage could not be reached' : 'the connection broke off'}${named}`,
	};
}
