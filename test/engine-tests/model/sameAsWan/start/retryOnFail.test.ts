import '../../../../engine/asModelRun';
import '../../../start/retryOnFail.test';
