#include <string.h>

int is_server(const char *line) {
    return strncmp(line, "Redis", 5) == 0;
}
