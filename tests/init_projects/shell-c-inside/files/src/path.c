#include <stdio.h>

int main(void) {
    puts("path");
    return 0;
}
