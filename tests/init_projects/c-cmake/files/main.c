#include <string.h>

int main(int count, char **words) {
    return count == 2 && strcmp(words[1], "--version") == 0 ? 0 : 1;
}
