import '../../../../engine/asModelRun';
import '../../../start/lostStartPages.test';
