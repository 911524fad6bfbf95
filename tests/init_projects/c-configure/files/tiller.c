#include <stdio.h>

int main(void) {
    puts("left");
    return 0;
}
