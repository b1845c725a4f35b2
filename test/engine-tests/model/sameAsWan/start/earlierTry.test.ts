import '../../../../engine/asModelRun';
import '../../../start/earlierTry.test';
