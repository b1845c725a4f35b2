import '../../../../engine/asModelRun';
import '../../../suspend/ownKey.test';
