#include "fathom.h"

#include <string.h>
#include <zlib.h>

unsigned long fathom(const char *text) {
    return crc32(0, (const unsigned char *)text, (unsigned)strlen(text));
}
