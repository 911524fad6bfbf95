#include <stdio.h>

int is_server(const char *line);

int main(void) {
    char line[200];
    return fgets(line, sizeof line, stdin) && is_server(line) ? 0 : 1;
}
