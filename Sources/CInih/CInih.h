// inih reads INI files (https://github.com/benhoyt/inih).
#include <ini.h>
